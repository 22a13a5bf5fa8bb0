using System.Text.Json.Nodes;

namespace Fleet.ClusterManager.Admission.Uses;

/// <summary>
/// Where chains exist, a cluster goes from template to template only as they allow. Going back to what is installed is always allowed: it is how an upgrade
/// that should not have been asked for is taken back.
/// </summary>
internal sealed class UpgradePathRule : IUseRule
{
    public IEnumerable<Refusal> Check(ManifestChange change, FleetFacts facts)
    {
        var (from, to) = ((string?)change.Old?["spec"]?["template"] ?? "", (string?)change.Wanted?["spec"]?["template"] ?? "");
        if (from == to || from.Length == 0)
            yield break;
        if ((string?)change.Old?["status"]?["effectiveTemplate"] is { } installed && installed[(installed.LastIndexOf('/') + 1)..] == to)
            yield break;
        var places = new HashSet<string>(StringComparer.Ordinal) { change.Key.Namespace };
        if (TemplateUses.ClusterTemplate(facts, change.Key, from) is { } current)
            places.Add(current.Key.Namespace);
        var chains = facts.ClusterTemplateChains.Where(chain => places.Contains(chain.Key.Namespace)).ToList();
        if (chains.Count == 0)
            yield break;
        var allowed = chains.SelectMany(chain => chain.Links).Where(link => link.Template == from).SelectMany(link => link.Upgrades)
            .Concat((change.Old?["status"]?["availableUpgrades"] as JsonArray ?? []).Select(upgrade => (string?)upgrade ?? ""))
            .ToHashSet(StringComparer.Ordinal);
        if (allowed.Contains(to))
            yield break;
        yield return new(
            $"cluster upgrade is forbidden: no ClusterTemplateChain lets {to} follow {from}; "
            + (allowed.Count == 0 ? "nothing may follow it" : $"what may: {string.Join(", ", allowed.Order(StringComparer.Ordinal))}"))
        {
            Field = "spec.template",
            Warning = $"Cluster can't be upgraded from {from} to {to}. This upgrade sequence is not allowed",
        };
    }
}
