using System.Text.Json.Nodes;
using Fleet.Control.Kinds;

namespace Fleet.ClusterManager.Admission.Uses;

/// <summary>
/// What clusters name stays while they do: credentials, authentications, audit policies, data sources. All are named within a namespace.
/// What has <paramref name="finalizer"/> stays by itself until its last user has gone, so users that are going already do not count.
/// </summary>
internal sealed class ReferenceDeletionRule(string kind, Func<ClusterUse, string?> nameIn, string? finalizer = null) : IUseRule
{
    public IEnumerable<Refusal> Check(ManifestChange change, FleetFacts facts)
    {
        var waits = finalizer is not null && change.Old?["metadata"]?["finalizers"] is JsonArray finalizers && finalizers.Any(name => (string?)name == finalizer);
        List<User> users =
        [
            .. TemplateUses.Clusters(facts.Clusters.Where(cluster =>
                cluster.Key.Namespace == change.Key.Namespace && nameIn(cluster) == change.Key.Name && !(waits && cluster.IsBeingDeleted)))
                .Select(user => user with { MayBeGoing = waits }),
        ];
        if (kind == "DataSource")
            users.AddRange(facts.ClusterDataSources.Where(source => source.Key.Namespace == change.Key.Namespace && source.DataSource == change.Key.Name)
                .Select(source => new User(FleetKinds.ClusterDataSources.Kind, source.Key)));
        if (users.Count > 0)
            yield return new($"cannot delete {kind} {change.Key}: it is still referenced by {User.Names(users)}") { Users = users };
    }
}
