using System.Collections.Concurrent;
using Fleet.Control.Queueing;
using Fleet.Control.Watching;
using Fleet.Kubernetes.Objects;

namespace Fleet.ClusterManager.Connections;

/// <summary>Asks for a cluster when its connection has found something, and knows which connections there are.</summary>
internal sealed class LinkTrigger : ITrigger
{
    /// <summary>Nodes come in crowds: one look per this time is enough, and well below a second.</summary>
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(200);

    private readonly ConcurrentDictionary<ObjectKey, ClusterLink> open = new();
    private IWorkQueue? queue;

    /// <summary>What is known of each cluster that there is a connection to.</summary>
    public IEnumerable<(ObjectKey Cluster, ClusterContact Contact)> Contacts => open.Select(pair => (pair.Key, pair.Value.Contact));

    public Task StartAsync(IWorkQueue queue, CancellationToken ct)
    {
        this.queue = queue;
        return Task.CompletedTask;
    }

    public ClusterLink Open(ObjectKey cluster, Func<ClusterLink> create)
    {
        var link = create();
        open[cluster] = link;
        return link;
    }

    /// <summary>The cluster may have a new connection by now, which stays.</summary>
    public void Closed(ObjectKey cluster, ClusterLink link) => open.TryRemove(new(cluster, link));

    public void Changed(ObjectKey cluster) => queue?.Add(cluster, delay: Gather);
}
