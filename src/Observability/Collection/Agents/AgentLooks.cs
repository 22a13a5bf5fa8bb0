using System.Collections.Concurrent;
using Fleet.Kubernetes.Objects;
using Fleet.Observability.Ingest.Queue;
using Fleet.Observability.Ingest.Samples;

namespace Fleet.Observability.Collection.Agents;

/// <summary>Looks on their way from the endpoint to the grain of their cluster, in the replica that owns it. They wait on the agent's disk, not here: few may be on the way, and whoever sends one gets to know what became of it.</summary>
internal sealed class AgentLooks(TimeProvider clock)
{
    /// <summary>An agent sends one after the other; more than one is a second agent, or one that did not wait.</summary>
    private const int MostOfCluster = 4;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly ConcurrentDictionary<string, ConcurrentQueue<OfferedLook>> waiting = new(StringComparer.Ordinal);

    /// <summary>Told which cluster has a look that waits.</summary>
    public event Action<ObjectKey>? Offered;

    /// <exception cref="QueueUnavailableException">It was not taken in time; it may come again.</exception>
    public async Task<LookVerdict> OfferAsync(ClusterIdentity cluster, SeenLook look, CancellationToken ct)
    {
        var queue = waiting.GetOrAdd(cluster.Uid, static _ => new());
        if (queue.Count >= MostOfCluster)
            throw new QueueUnavailableException("looks at this cluster are still being taken");
        var offered = new OfferedLook(look);
        queue.Enqueue(offered);
        Offered?.Invoke(new(cluster.Namespace, cluster.Name));
        try
        {
            return await offered.Verdict.WaitAsync(Patience, clock, ct);
        }
        catch (TimeoutException)
        {
            // Should it be taken after all, the same look that comes again counts for nothing.
            throw new QueueUnavailableException("the look could not be taken in time");
        }
    }

    /// <summary>The oldest that waits; null when none does. It stays until it is <see cref="Done"/>.</summary>
    public OfferedLook? Next(string clusterUid) => waiting.TryGetValue(clusterUid, out var queue) && queue.TryPeek(out var offered) ? offered : null;

    public void Done(string clusterUid, LookVerdict verdict)
    {
        if (waiting.TryGetValue(clusterUid, out var queue) && queue.TryDequeue(out var offered))
            offered.Answer(verdict);
    }

    public void Forget(string clusterUid) => waiting.TryRemove(clusterUid, out _);
}
