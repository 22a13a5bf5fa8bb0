using System.Text.Json.Nodes;

namespace Fleet.ClusterManager.Admission.Uses;

/// <summary>A provider stays in a Management or a Region while clusters there need it. The message is upstream's, with the users.</summary>
internal sealed class ProviderRemovalRule : IUseRule
{
    public IEnumerable<Refusal> Check(ManifestChange change, FleetFacts facts)
    {
        var isRegion = change.Kind == "Region";
        var kept = Providers(change.Wanted).Select(provider => provider.Name).ToHashSet(StringComparer.Ordinal);
        var removed = Providers(change.Old).Where(provider => !kept.Contains(provider.Name)).ToList();
        if (removed.Count == 0)
            yield break;
        var releaseName = isRegion ? facts.Managements.FirstOrDefault()?.Release : (string?)change.Wanted?["spec"]?["release"];
        var release = facts.Releases.FirstOrDefault(known => known.Name == releaseName);
        var brought = removed
            .Select(provider => provider.Template ?? release?.ProviderTemplates.GetValueOrDefault(provider.Name))
            .SelectMany(template => facts.ProviderTemplates.FirstOrDefault(known => known.Name == template)?.Providers ?? [])
            .ToHashSet(StringComparer.Ordinal);
        var users = new List<ClusterUse>();
        var needed = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var cluster in ClusterRegions.In(facts, isRegion ? change.Key.Name : null))
        {
            var missing = (TemplateUses.ClusterTemplate(facts, cluster.Key, cluster.Template)?.Providers ?? []).Where(brought.Contains).ToList();
            if (missing.Count == 0)
                continue;
            needed.UnionWith(missing);
            users.Add(cluster);
        }
        if (users.Count > 0)
            yield return new(
                $"{(needed.Count == 1 ? "provider" : "providers")} {string.Join(",", needed)} {(needed.Count == 1 ? "is" : "are")} required by at least one ClusterDeployment "
                + $"and cannot be removed from the {change.Kind} {change.Key.Name}: {User.Names(TemplateUses.Clusters(users))}")
            {
                Field = "spec.providers",
                Warning = "Some of the providers cannot be removed",
                Users = TemplateUses.Clusters(users),
            };
    }

    private static IEnumerable<(string Name, string? Template)> Providers(JsonObject? manifest) =>
        (manifest?["spec"]?["providers"] as JsonArray ?? []).OfType<JsonObject>()
            .Select(provider => ((string?)provider["name"] ?? "", (string?)provider["template"] is { Length: > 0 } template ? template : null));
}
