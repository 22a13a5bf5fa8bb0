using Fleet.Control.Kinds;
using Fleet.Control.Queueing;
using Fleet.Control.Watching;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Kubernetes.Watching;
using Fleet.Observability.Collection.Agents;

namespace Fleet.Observability.Collection;

/// <summary>Clusters come and go by their ClusterDeployments, and looks of their agents come when they come; prices are known before the first is looked at.</summary>
internal sealed class CollectionTrigger(IKubernetesClient management, PriceSheets prices, AgentLooks agents, TimeProvider clock) : ITrigger, IAsyncDisposable
{
    private readonly Informer<ClusterDeployment, ObjectKey> clusters = management.Resource(FleetKinds.ClusterDeployments).Informer(new InformerOptions<ClusterDeployment, ObjectKey>
    {
        Project = cluster => cluster.Metadata.Key, Unchanged = EqualityComparer<ObjectKey>.Default, Clock = clock,
    });

    public async Task StartAsync(IWorkQueue queue, CancellationToken ct)
    {
        await prices.StartAsync(ct);
        agents.Offered += cluster => queue.Add(cluster);
        await new InformerTrigger<ClusterDeployment, ObjectKey>(clusters, change => [change.Key]).StartAsync(queue, ct);
    }

    public ValueTask DisposeAsync() => clusters.DisposeAsync();
}
