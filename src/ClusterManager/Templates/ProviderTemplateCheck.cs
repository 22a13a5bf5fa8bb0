using Fleet.Contracts;
using Fleet.Contracts.Templates;
using Fleet.Helm.Charts;

namespace Fleet.ClusterManager.Templates;

/// <summary>What a provider's chart brings: from the template's spec, else from the chart's annotations. The texts are upstream's. Pure.</summary>
internal static class ProviderTemplateCheck
{
    public static ProviderTemplateOffer Of(ProviderTemplateSpec spec, ChartMetadata? chart)
    {
        var contracts = spec.CapiContracts ?? ContractsOf(chart);
        return new ProviderTemplateOffer
        {
            Providers = spec.Providers ?? (chart is null ? [] : ClusterTemplateCheck.ProvidersOf(chart)),
            Contracts = contracts,
            Errors = [.. spec.CapiContracts is null ? ErrorsOfChart(contracts) : ErrorsOfSpec(contracts)],
        };
    }

    private static Dictionary<string, string> ContractsOf(ChartMetadata? chart) =>
        (chart?.Annotations ?? new Dictionary<string, string>())
            .Where(pair => pair.Key.StartsWith(FleetAnnotations.ChartContractPrefix, StringComparison.Ordinal))
            .Select(pair => (Key: pair.Key[FleetAnnotations.ChartContractPrefix.Length..], pair.Value))
            .Where(pair => ClusterTemplateCheck.IsContract(pair.Key))
            .OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .ToDictionary(pair => pair.Key, pair => pair.Value);

    private static IEnumerable<string> ErrorsOfChart(Dictionary<string, string> contracts) =>
        from contract in contracts
        where !IsOffer(contract.Value)
        select $"incorrect provider contract version {contract.Value} given for the {FleetAnnotations.ChartContractPrefix}{contract.Key} annotation";

    private static IEnumerable<string> ErrorsOfSpec(Dictionary<string, string> contracts)
    {
        foreach (var (capi, offer) in contracts)
        {
            if (!ClusterTemplateCheck.IsContract(capi))
                yield return $"incorrect CAPI contract version {capi} in the spec";
            else if (!IsOffer(offer))
                yield return $"incorrect provider contract version {offer} in the spec for the {capi} CAPI contract version";
        }
    }

    // Empty stands for Cluster API itself.
    private static bool IsOffer(string contracts) => contracts.Length == 0 || contracts.Split('_').All(ClusterTemplateCheck.IsContract);
}

/// <summary>Empty lists mean that the chart states nothing.</summary>
internal sealed record ProviderTemplateOffer
{
    public required IReadOnlyList<string> Providers { get; init; }
    public required IReadOnlyDictionary<string, string> Contracts { get; init; }
    public required IReadOnlyList<string> Errors { get; init; }
}
