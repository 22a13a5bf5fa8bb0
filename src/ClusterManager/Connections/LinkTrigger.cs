using Fleet.Control.Queueing;
using Fleet.Control.Watching;
using Fleet.Kubernetes.Objects;

namespace Fleet.ClusterManager.Connections;

/// <summary>Asks for a cluster when its connection has found something.</summary>
internal sealed class LinkTrigger : ITrigger
{
    /// <summary>Nodes come in crowds: one look per this time is enough, and well below a second.</summary>
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(200);

    private IWorkQueue? queue;

    public Task StartAsync(IWorkQueue queue, CancellationToken ct)
    {
        this.queue = queue;
        return Task.CompletedTask;
    }

    public void Changed(ObjectKey cluster) => queue?.Add(cluster, delay: Gather);
}
