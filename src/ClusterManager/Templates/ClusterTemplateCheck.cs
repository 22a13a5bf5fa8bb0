using System.Text.RegularExpressions;
using Fleet.Contracts;
using Fleet.Contracts.Templates;
using Fleet.Helm.Charts;

namespace Fleet.ClusterManager.Templates;

/// <summary>What a cluster chart needs: from the template's spec, else from the chart's annotations. Pure.</summary>
internal static partial class ClusterTemplateCheck
{
    public static ClusterTemplateNeeds Of(ClusterTemplateSpec spec, ChartMetadata chart)
    {
        var contracts = spec.ProviderContracts ?? ContractsOf(chart);
        var version = spec.K8sVersion ?? chart.Annotations.GetValueOrDefault(FleetAnnotations.ChartKubernetesVersion);
        return new ClusterTemplateNeeds
        {
            Providers = spec.Providers ?? ProvidersOf(chart),
            Contracts = contracts,
            KubernetesVersion = version,
            Errors = [.. ContractErrors(contracts), .. VersionErrors(version)],
        };
    }

    private static List<string> ProvidersOf(ChartMetadata chart) =>
        [.. chart.Annotations.GetValueOrDefault(FleetAnnotations.ChartProviders, "")
            .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];

    private static Dictionary<string, string> ContractsOf(ChartMetadata chart) =>
        chart.Annotations
            .Where(pair => pair.Key.StartsWith(FleetAnnotations.ChartContractPrefix, StringComparison.Ordinal) && pair.Key != FleetAnnotations.ChartProviders)
            .OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .ToDictionary(pair => pair.Key[FleetAnnotations.ChartContractPrefix.Length..], pair => pair.Value);

    private static IEnumerable<string> ContractErrors(Dictionary<string, string> contracts) =>
        from contract in contracts
        where !ContractVersion().IsMatch(contract.Value)
        select $"provider contract {contract.Key}: \"{contract.Value}\" is not a version such as v1beta2";

    private static IEnumerable<string> VersionErrors(string? version)
    {
        if (version is not null && !ExactVersion().IsMatch(version))
            yield return $"k8sVersion: \"{version}\" is not an exact version such as v1.33.1";
    }

    [GeneratedRegex("^v[1-9][0-9]*((alpha|beta)[1-9][0-9]*)?$")]
    private static partial Regex ContractVersion();

    [GeneratedRegex(@"^v?[0-9]+\.[0-9]+\.[0-9]+([-+][0-9A-Za-z.+-]+)?$")]
    private static partial Regex ExactVersion();
}

/// <summary>Empty lists mean that the chart states nothing.</summary>
internal sealed record ClusterTemplateNeeds
{
    public required IReadOnlyList<string> Providers { get; init; }
    public required IReadOnlyDictionary<string, string> Contracts { get; init; }
    public required string? KubernetesVersion { get; init; }
    public required IReadOnlyList<string> Errors { get; init; }
}
