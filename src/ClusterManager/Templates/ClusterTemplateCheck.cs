using System.Text.RegularExpressions;
using Fleet.Contracts;
using Fleet.Contracts.Templates;
using Fleet.Helm.Charts;

namespace Fleet.ClusterManager.Templates;

/// <summary>What a cluster chart needs: from the template's spec, else from the chart's annotations. Pure.</summary>
internal static partial class ClusterTemplateCheck
{
    // Other annotations with the same prefix are Cluster API's own.
    private static readonly string[] Roles = ["infrastructure-", "control-plane-", "bootstrap-"];

    public static ClusterTemplateNeeds Of(ClusterTemplateSpec spec, ChartMetadata chart)
    {
        var contracts = spec.ProviderContracts ?? ContractsOf(chart);
        var version = spec.K8sVersion ?? chart.Annotations.GetValueOrDefault(FleetAnnotations.ChartKubernetesVersion);
        return new ClusterTemplateNeeds
        {
            Providers = spec.Providers ?? ProvidersOf(chart),
            Contracts = contracts,
            KubernetesVersion = version,
            Errors = [.. ContractErrors(contracts, spec.ProviderContracts is not null), .. VersionErrors(version)],
        };
    }

    /// <summary>In order and without repetition, as upstream shows them.</summary>
    public static List<string> ProvidersOf(ChartMetadata chart) =>
        [.. chart.Annotations.GetValueOrDefault(FleetAnnotations.ChartProviders, "")
            .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <summary>One contract version such as v1beta2.</summary>
    public static bool IsContract(string version) => ContractVersion().IsMatch(version);

    private static Dictionary<string, string> ContractsOf(ChartMetadata chart) =>
        chart.Annotations
            .Where(pair => Roles.Any(role => pair.Key.StartsWith(FleetAnnotations.ChartContractPrefix + role, StringComparison.Ordinal)))
            .OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .ToDictionary(pair => pair.Key[FleetAnnotations.ChartContractPrefix.Length..], pair => pair.Value);

    // The texts are upstream's.
    private static IEnumerable<string> ContractErrors(Dictionary<string, string> contracts, bool inSpec) =>
        from contract in contracts
        where !ContractVersion().IsMatch(contract.Value)
        select inSpec
            ? $"incorrect provider contract version {contract.Value} in the spec for the {contract.Key} provider name"
            : $"incorrect provider contract version {contract.Value} given for the {FleetAnnotations.ChartContractPrefix}{contract.Key} annotation";

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
