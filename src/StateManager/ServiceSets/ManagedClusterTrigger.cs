using Fleet.Control.Queueing;
using Fleet.Control.Watching;
using Fleet.Kubernetes.Objects;

namespace Fleet.StateManager.ServiceSets;

/// <summary>Changes in managed clusters ask for the ServiceSets of that cluster.</summary>
internal sealed class ManagedClusterTrigger(ServiceSetIndex sets) : ITrigger
{
    /// <summary>A rollout changes its workload many times in a moment: one look per this time is enough, and well below a second.</summary>
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(200);

    private IWorkQueue? queue;

    public Task StartAsync(IWorkQueue queue, CancellationToken ct)
    {
        this.queue = queue;
        return Task.CompletedTask;
    }

    public void Changed(ObjectKey cluster)
    {
        foreach (var set in sets.OfCluster(cluster))
            queue?.Add(set.Metadata.Key, delay: Gather);
    }
}
