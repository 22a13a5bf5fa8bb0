namespace Fleet.ClusterManager.Components;

/// <summary>
/// Compares contract versions. A provider follows one or more contracts of Cluster API, and offers for each of them versions of its own contract; the core
/// follows some contracts, too. A provider fits when they have one in common. Whoever states nothing is not compared. Pure.
/// </summary>
internal static class ContractCheck
{
    /// <summary>What of an offer holds with this core.</summary>
    public static Dictionary<string, string> Usable(IReadOnlyDictionary<string, string>? core, IReadOnlyDictionary<string, string> offered) =>
        offered.Where(pair => core is not { Count: > 0 } || core.ContainsKey(pair.Key))
            .OrderBy(pair => pair.Key, StringComparer.Ordinal).ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal);

    /// <summary>Providers that have no contract in common with the core. What is not known yet is not judged.</summary>
    public static IEnumerable<string> Incompatible(IEnumerable<ProviderTemplate> templates, ProviderTemplate? core)
    {
        if (core is not { Status: { Valid: true, CapiContracts: { Count: > 0 } followed } })
            yield break;
        foreach (var template in templates)
            if (template.Status is { Valid: true, CapiContracts: { Count: > 0 } offered } && Usable(followed, offered).Count == 0)
                yield return $"core CAPI contract versions {Names(followed)} of ProviderTemplate {core.Metadata.Name} do not support {Names(offered)} of ProviderTemplate {template.Metadata.Name}";
    }

    /// <summary>Contract versions of providers that a cluster needs and the installed providers do not offer; upstream's words.</summary>
    public static IEnumerable<string> Missing(
        IReadOnlyDictionary<string, string> needed, IReadOnlyDictionary<string, Dictionary<string, string>> offered) =>
        from need in needed
        where offered.GetValueOrDefault(need.Key) is { Count: > 0 } contracts && !contracts.Values.Any(versions => versions.Split('_').Contains(need.Value))
        select $"provider {need.Key} does not support {need.Value}";

    private static string Names(Dictionary<string, string> contracts) => string.Join(", ", contracts.Keys.Order(StringComparer.Ordinal));
}
