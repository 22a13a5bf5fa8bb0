using Fleet.Control.Kinds;
using Fleet.Control.Queueing;
using Fleet.Control.Watching;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Kubernetes.Watching;
using Fleet.Observability.Collection.Agents;

namespace Fleet.Observability.Collection;

/// <summary>Clusters come and go by their ClusterDeployments, and looks of their agents come when they come; prices are known before the first is looked at.</summary>
internal sealed class CollectionTrigger : ITrigger, IAsyncDisposable
{
    private readonly PriceSheets prices;
    private readonly AgentLooks agents;
    private readonly Informer<ClusterDeployment, ObjectKey> clusters;
    private readonly InformerTrigger<ClusterDeployment, ObjectKey> own;

    public CollectionTrigger(IKubernetesClient management, PriceSheets prices, AgentLooks agents, TimeProvider clock)
    {
        (this.prices, this.agents) = (prices, agents);
        clusters = management.Resource(FleetKinds.ClusterDeployments).Informer(new InformerOptions<ClusterDeployment, ObjectKey>
        {
            Project = cluster => cluster.Metadata.Key, Unchanged = EqualityComparer<ObjectKey>.Default, Clock = clock,
        });
        own = new(clusters, change => [change.Key]);
    }

    public async Task StartAsync(IWorkQueue queue, CancellationToken ct)
    {
        await prices.StartAsync(ct);
        agents.Offered += cluster => queue.Add(cluster);
        await own.StartAsync(queue, ct);
    }

    public void Replay(IWorkQueue queue) => own.Replay(queue);

    public ValueTask DisposeAsync() => clusters.DisposeAsync();
}
