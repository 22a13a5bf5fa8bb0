using Fleet.Control.Kinds;
using Fleet.Kubernetes.Objects;

namespace Fleet.ClusterManager.Admission.Uses;

/// <summary>A release stays while the management cluster runs it, or components of its.</summary>
internal sealed class ReleaseDeletionRule : IUseRule
{
    public IEnumerable<Refusal> Check(ManifestChange change, FleetFacts facts)
    {
        var templates = facts.Releases.FirstOrDefault(release => release.Name == change.Key.Name)?.Templates.ToHashSet(StringComparer.Ordinal) ?? [];
        foreach (var management in facts.Managements)
        {
            IReadOnlyList<User> users = [new(FleetKinds.Managements.Kind, ObjectKey.Cluster(management.Name))];
            if (management.Release == change.Key.Name || management.Installed == change.Key.Name)
                yield return new($"release {change.Key.Name} is still in use by {User.Names(users)}") { Users = users };
            else if (management.Templates.Where(templates.Contains).ToList() is { Count: > 0 } used)
                yield return new($"release {change.Key.Name} is still in use: {User.Names(users)} uses its ProviderTemplates {string.Join(", ", used)}") { Users = users };
        }
    }
}

/// <summary>A region stays while clusters are in it.</summary>
internal sealed class RegionDeletionRule : IUseRule
{
    public IEnumerable<Refusal> Check(ManifestChange change, FleetFacts facts)
    {
        if (TemplateUses.Clusters(ClusterRegions.In(facts, change.Key.Name)) is { Count: > 0 } users)
            yield return new($"region deletion is forbidden: used by {User.Names(users)}")
            {
                Users = users,
                Warning = "The Region object can't be removed while any ClusterDeployment objects deployed in that Region still exist",
            };
    }
}

/// <summary>The management cluster stays while there are regions or clusters.</summary>
internal sealed class ManagementDeletionRule : IUseRule
{
    public IEnumerable<Refusal> Check(ManifestChange change, FleetFacts facts)
    {
        List<User> regions = [.. facts.Regions.Select(region => new User(FleetKinds.Regions.Kind, ObjectKey.Cluster(region.Name)))];
        if (regions.Count > 0)
            yield return new($"management deletion is forbidden: there {(regions.Count == 1 ? "is" : "are")} still {User.Names(regions)}") { Users = regions, Warning = "The Management object can't be removed if Region objects still exist" };
        if (TemplateUses.Clusters(facts.Clusters) is { Count: > 0 } clusters)
            yield return new($"management deletion is forbidden: there {(clusters.Count == 1 ? "is" : "are")} still {User.Names(clusters)}")
            {
                Users = clusters,
                Warning = "The Management object can't be removed if ClusterDeployment objects still exist",
            };
    }
}

/// <summary>The rules of access stay while the management cluster is there.</summary>
internal sealed class AccessManagementDeletionRule : IUseRule
{
    public IEnumerable<Refusal> Check(ManifestChange change, FleetFacts facts)
    {
        List<User> users = [.. facts.Managements.Where(management => !management.IsBeingDeleted).Select(management => new User(FleetKinds.Managements.Kind, ObjectKey.Cluster(management.Name)))];
        if (users.Count > 0)
            yield return new($"AccessManagement deletion is forbidden while {User.Names(users)} is there") { Users = users };
    }
}

/// <summary>In which region a cluster is: its credential says so. Pure.</summary>
internal static class ClusterRegions
{
    /// <param name="facts">What is known.</param>
    /// <param name="region">Null for the management cluster itself.</param>
    public static IEnumerable<ClusterUse> In(FleetFacts facts, string? region)
    {
        var regions = facts.Credentials.ToDictionary(credential => credential.Key, credential => credential.Region);
        return facts.Clusters.Where(cluster =>
            (cluster.Credential is { } name && regions.GetValueOrDefault(new(cluster.Key.Namespace, name)) is { Length: > 0 } own ? own : null) == region);
    }
}
