using Fleet.Kubernetes.Objects;

namespace Fleet.ClusterManager.Admission.Uses;

/// <summary>
/// A chain stays while services go along it. A distributed chain owns its templates, which would go with it, so it also stays while clusters use those.
/// </summary>
internal sealed class ChainDeletionRule(
    Func<FleetFacts, IEnumerable<KnownChain>> chainsOf, Func<FleetFacts, ObjectKey, IReadOnlyList<User>> usersOfTemplate, bool isOfServices) : IUseRule
{
    public static ChainDeletionRule ClusterTemplates { get; } = new(facts => facts.ClusterTemplateChains, TemplateUses.OfClusterTemplate, isOfServices: false);

    public static ChainDeletionRule ServiceTemplates { get; } = new(facts => facts.ServiceTemplateChains, TemplateUses.OfServiceTemplate, isOfServices: true);

    public IEnumerable<Refusal> Check(ManifestChange change, FleetFacts facts)
    {
        var users = new List<User>();
        if (isOfServices)
        {
            users.AddRange(TemplateUses.Clusters(facts.Clusters.Where(cluster =>
                cluster.Key.Namespace == change.Key.Namespace && cluster.References.EachService().Any(service => service.Chain == change.Key.Name))));
            users.AddRange(TemplateUses.MultiClusterServices(facts.MultiClusterServices.Where(service =>
                service.Chains.Contains(change.Key.Name) && (service.Key.Namespace == change.Key.Namespace || (service.Key.Namespace.Length == 0 && facts.System.Names.Contains(change.Key.Namespace))))));
        }

        var chain = chainsOf(facts).FirstOrDefault(known => known.Key == change.Key);
        if (chain is { IsManaged: true } && !facts.System.Names.Contains(change.Key.Namespace))
            users.AddRange(chain.Links.SelectMany(link => usersOfTemplate(facts, new(change.Key.Namespace, link.Template))));
        if (users.Count > 0)
            yield return new($"template chain deletion is forbidden: used by {User.Names([.. users.Distinct()])}") { Users = [.. users.Distinct()] };
    }
}
