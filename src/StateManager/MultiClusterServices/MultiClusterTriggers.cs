using Fleet.Contracts.Services;
using Fleet.Contracts.Templates;
using Fleet.Contracts.Chains;
using Fleet.Control.Placement;
using Fleet.Control.Watching;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Watching;
using Fleet.StateManager.ServiceSets;

namespace Fleet.StateManager.MultiClusterServices;

/// <summary>What asks for a MultiClusterService: itself, those it depends on, clusters whose labels change, its ServiceSets, its templates and chains.</summary>
internal sealed class MultiClusterTriggers<TSpec>(MultiClusterRows<TSpec> rows, PlacementWatches watches, ServiceSetIndex sets)
    where TSpec : MultiClusterSpec, new()
{
    public IReadOnlyList<ITrigger> All() =>
    [
        new InformerTrigger<CustomResource<TSpec, MultiClusterServiceStatus>, CustomResource<TSpec, MultiClusterServiceStatus>>(
            rows.Informer, change => Changes.Own(change).SelectMany(WithDependents)),
        new InformerTrigger<ClusterDeployment, SelectableCluster>(watches.Clusters, OfCluster),
        new InformerTrigger<ServiceSet, ServiceSet>(sets.Informer, change => OwnersOf(change.Item).SelectMany(WithDependents)),
        new InformerTrigger<CustomResource<ServiceTemplateSpec, ServiceTemplateStatus>, TemplateFacts>(watches.Templates, change => UsersOf(service => service.Template == change.Key.Name)),
        new InformerTrigger<CustomResource<ServiceTemplateChainSpec, TemplateChainStatus>, TemplateChainSpec>(
            watches.Chains, change => UsersOf(service => service.TemplateChain == change.Key.Name)),
    ];

    /// <summary>Those that find the cluster now or found it before, and those that still have something there.</summary>
    private IEnumerable<ObjectKey> OfCluster(InformerEvent<SelectableCluster> change)
    {
        var finding = rows.For(change.Key.Namespace)
            .Where(row => ClusterSelector.Matches(row.Spec.ClusterSelector, change.Item.Labels) || (change.Previous is { } before && ClusterSelector.Matches(row.Spec.ClusterSelector, before.Labels)))
            .Select(row => row.Key);
        var holding = sets.Informer.State.HasSynced ? sets.OfCluster(change.Key).SelectMany(OwnersOf) : [];
        return finding.Concat(holding).Distinct();
    }

    private IEnumerable<ObjectKey> OwnersOf(ServiceSet set) => (set.Metadata.OwnerReferences ?? [])
        .Where(owner => owner.Kind == rows.Type.Kind.Kind)
        .Select(owner => rows.Type.Kind.Namespaced ? new ObjectKey(set.Metadata.Namespace ?? "", owner.Name) : ObjectKey.Cluster(owner.Name));

    private IEnumerable<ObjectKey> WithDependents(ObjectKey key) => rows.All.Where(row => row.Dependencies.Contains(key)).Select(row => row.Key).Prepend(key);

    private IEnumerable<ObjectKey> UsersOf(Func<Service, bool> uses) => rows.All.Where(row => (row.Spec.ServiceSpec?.Services ?? []).Exists(service => uses(service))).Select(row => row.Key);
}
