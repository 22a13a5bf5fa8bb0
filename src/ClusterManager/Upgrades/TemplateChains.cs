using Fleet.ClusterManager.Clusters;
using Fleet.ClusterManager.Watching;
using Fleet.Contracts.Upgrades;
using Fleet.Control.Templates;

namespace Fleet.ClusterManager.Upgrades;

/// <summary>Where upgrades may lead: the union of what the chains say, as upstream has it. A chain that was found inconsistent does not count.</summary>
internal sealed class TemplateChains(ClusterWatches watches)
{
    /// <summary>
    /// Names, the oldest version first; null when no chain lists the template, and so nothing restricts it. Chains count from the namespace of the
    /// cluster and from that of its template.
    /// </summary>
    public IReadOnlyList<string>? UpgradesOf(string? template, string @namespace, string? templateNamespace)
    {
        if (template is null || !watches.Chains.State.HasSynced)
            return null;
        var chains = watches.Chains.ByIndex(ClusterWatches.ByTemplate, template)
            .Where(chain => chain.Valid != false && (chain.Key.Namespace == @namespace || chain.Key.Namespace == templateNamespace))
            .ToList();
        return chains.Count == 0 ? null : [.. UpgradeGraph.From(chains.Select(chain => chain.Spec)).AvailableFrom(template).Select(target => target.Template)];
    }

    /// <summary>What the chains have against the wanted template.</summary>
    public static IReadOnlyList<PlanBlocker> Problems(ClusterFacts facts)
    {
        var (from, to) = (facts.InstalledTemplate, facts.Object.Spec.Template);
        if (facts.Release is null || from is null || from == to || facts.Upgrades is not { } upgrades || upgrades.Contains(to))
            return [];
        return [new(PlanRules.NotInChain, $"{from} cannot be upgraded to {to}: {(upgrades.Count == 0 ? "no chain lists an upgrade of it" : $"chains allow {string.Join(", ", upgrades)}")}")];
    }
}
