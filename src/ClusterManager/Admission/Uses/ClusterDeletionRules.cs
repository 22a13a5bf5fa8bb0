using System.Text.Json.Nodes;
using Fleet.Contracts;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Objects;

namespace Fleet.ClusterManager.Admission.Uses;

/// <summary>A cluster stays while it is a region.</summary>
internal sealed class ClusterDeletionRule : IUseRule
{
    public IEnumerable<Refusal> Check(ManifestChange change, FleetFacts facts) =>
        from region in facts.Regions
        where region.Cluster == change.Key
        select new Refusal($"ClusterDeployment cannot be deleted: referenced by Region \"{region.Name}\"")
        {
            Users = [new(FleetKinds.Regions.Kind, ObjectKey.Cluster(region.Name))],
        };
}

/// <summary>The annotation says that the object stays. Told from the object alone.</summary>
internal sealed class ProtectedDeletionRule : IUseRule
{
    public IEnumerable<Refusal> Check(ManifestChange change, FleetFacts facts)
    {
        // Whatever is on its way out is not protected any more.
        if (change.Manifest["metadata"]?["deletionTimestamp"] is not null)
            yield break;
        var word = DeletionProtection.Of(change.Manifest);
        if (word == DeletionProtection.Always)
            yield return new($"{change.Kind} {change.Key} is protected from deletion ({FleetAnnotations.DeletionProtection}: {word}); remove the annotation first");
        if (word == DeletionProtection.Cascading && Services(change.Manifest) is { Count: > 0 } services)
            yield return new(
                $"{change.Kind} {change.Key} is protected from deletion ({FleetAnnotations.DeletionProtection}: {word}) while it has services: {string.Join(", ", services)}; "
                + "remove them or the annotation first");
    }

    private static List<string> Services(JsonObject cluster) =>
        [.. (cluster["spec"]?["serviceSpec"]?["services"] as JsonArray ?? []).Concat(cluster["status"]?["services"] as JsonArray ?? [])
            .Select(service => (string?)service?["name"] ?? "").Where(name => name.Length > 0).Distinct(StringComparer.Ordinal)];
}
