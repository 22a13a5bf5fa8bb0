using Fleet.ClusterManager.Watching;
using Fleet.Control.Kinds;
using Fleet.Control.Queueing;
using Fleet.Kubernetes.Core;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Kubernetes.Watching;

namespace Fleet.ClusterManager.Regions;

/// <summary>The watches on the cluster of a region: CAPI Clusters, from the moment on that their kind is there, and the kubeconfigs that Cluster API keeps.</summary>
internal sealed class RegionWatches(IKubernetesClient client, TimeProvider clock) : IKindWatches, IAsyncDisposable
{
    private readonly CancellationTokenSource stop = new();

    public Informer<DynamicObject, DefinitionRow> Definitions { get; } = client.Dynamic(CoreKinds.Definitions).Informer(
        new InformerOptions<DynamicObject, DefinitionRow> { Project = DefinitionRow.Of, Unchanged = EqualityComparer<DefinitionRow>.Default, PageSize = 20, Clock = clock });

    private readonly Informer<DynamicObject, SecretRow> secrets = client.Dynamic(CoreKinds.Secrets).Informer(
        new InformerOptions<DynamicObject, SecretRow> { Project = SecretRow.Of, LabelSelector = "cluster.x-k8s.io/cluster-name", PageSize = 100, Clock = clock });

    public Informer<PartialObjectMetadata, AppearedRow> Appeared(ResourceKind kind) => client.Metadata(kind).Informer(
        new InformerOptions<PartialObjectMetadata, AppearedRow> { Project = AppearedRow.Of, Clock = clock });

    /// <summary>Nobody waits for the first lists: what they find is called then.</summary>
    public void Start(IWorkQueue queue)
    {
        secrets.Subscribe(change =>
        {
            if (change.Item.Cluster is { } cluster)
                queue.Add(cluster);
        });
        secrets.Start();
        _ = new AppearingKindsTrigger(this, Dependants.IsCapiCluster, Dependants.ClustersOf).StartAsync(queue, stop.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await secrets.DisposeAsync();
        await Definitions.DisposeAsync();
        stop.Dispose();
    }
}
