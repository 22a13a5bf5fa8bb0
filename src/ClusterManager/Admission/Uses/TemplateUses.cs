using Fleet.Control.Kinds;
using Fleet.Kubernetes.Objects;

namespace Fleet.ClusterManager.Admission.Uses;

/// <summary>Who uses which template: names are looked for in the cluster's namespace, then in the system namespaces. Pure.</summary>
internal static class TemplateUses
{
    public static KnownTemplate? ClusterTemplate(FleetFacts facts, ObjectKey cluster, string name)
    {
        var byNamespace = facts.ClusterTemplates.Where(template => template.Key.Name == name).ToDictionary(template => template.Key.Namespace);
        return facts.System.SearchFrom(cluster.Namespace).Select(place => byNamespace.GetValueOrDefault(place)).FirstOrDefault(found => found is not null);
    }

    public static IReadOnlyList<User> OfClusterTemplate(FleetFacts facts, ObjectKey template) =>
        Clusters(facts.Clusters.Where(cluster => cluster.Template == template.Name && ClusterTemplate(facts, cluster.Key, template.Name)?.Key == template));

    public static IReadOnlyList<User> OfServiceTemplate(FleetFacts facts, ObjectKey template)
    {
        var places = facts.ServiceTemplates.Where(key => key.Name == template.Name).Select(key => key.Namespace).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. Clusters(facts.Clusters.Where(cluster => cluster.References.EachService().Any(service => service.Template == template.Name) && Finds(cluster.Key.Namespace))),
            .. MultiClusterServices(facts.MultiClusterServices.Where(service => service.Templates.Contains(template.Name) && Finds(service.Key.Namespace))),
        ];

        // One without a namespace counts for the system's templates: which team's clusters it finds is not known here.
        bool Finds(string from) => facts.System.SearchFrom(from).FirstOrDefault(places.Contains) == template.Namespace;
    }

    public static IReadOnlyList<User> MultiClusterServices(IEnumerable<KnownMultiClusterService> services) =>
        [.. services.Where(service => !service.IsBeingDeleted).Select(service => new User(service.Kind, service.Key) { MayBeGoing = true }).OrderBy(user => user.Key)];

    public static IReadOnlyList<User> Clusters(IEnumerable<ClusterUse> clusters) =>
        [.. clusters.Select(cluster => new User(FleetKinds.ClusterDeployments.Kind, cluster.Key)).OrderBy(user => user.Key)];
}
