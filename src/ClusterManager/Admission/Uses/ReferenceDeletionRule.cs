using Fleet.Control.Kinds;

namespace Fleet.ClusterManager.Admission.Uses;

/// <summary>What clusters name stays while they do: credentials, authentications, audit policies, data sources. All are named within a namespace.</summary>
internal sealed class ReferenceDeletionRule(string kind, Func<ClusterUse, string?> nameIn) : IUseRule
{
    public IEnumerable<Refusal> Check(ManifestChange change, FleetFacts facts)
    {
        List<User> users = [.. TemplateUses.Clusters(facts.Clusters.Where(cluster => cluster.Key.Namespace == change.Key.Namespace && nameIn(cluster) == change.Key.Name))];
        if (kind == "DataSource")
            users.AddRange(facts.ClusterDataSources.Where(source => source.Key.Namespace == change.Key.Namespace && source.DataSource == change.Key.Name)
                .Select(source => new User(FleetKinds.ClusterDataSources.Kind, source.Key)));
        if (users.Count > 0)
            yield return new($"cannot delete {kind} {change.Key}: it is still referenced by {User.Names(users)}") { Users = users };
    }
}
