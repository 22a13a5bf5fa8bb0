namespace Fleet.ClusterManager.Admission.Uses;

/// <summary>Services stay that other MultiClusterServices (of the same namespace, when they have one) come after.</summary>
internal sealed class MultiClusterServiceDeletionRule : IUseRule
{
    public IEnumerable<Refusal> Check(ManifestChange change, FleetFacts facts)
    {
        var users = TemplateUses.MultiClusterServices(facts.MultiClusterServices.Where(other =>
            other.Kind.Kind == change.Kind && other.Key.Namespace == change.Key.Namespace && other.Key != change.Key && other.DependsOn.Contains(change.Key.Name)));
        if (users.Count > 0)
            yield return new($"cannot delete {change.Kind} {change.Key}: {User.Names(users)} depend{(users.Count == 1 ? "s" : "")} on it") { Users = users };
    }
}
