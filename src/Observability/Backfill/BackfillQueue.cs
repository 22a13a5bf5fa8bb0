using System.Collections.Concurrent;
using System.Threading.Channels;
using Fleet.Control.Grains;
using Fleet.Cost.Prices;
using Fleet.Observability.Clusters;

namespace Fleet.Observability.Backfill;

/// <summary>Clusters whose past is to be filled in. Asking costs nothing; the work is done one after the other, behind everything else.</summary>
internal sealed class BackfillQueue(IEnumerable<IPastPods> known)
{
    private readonly Channel<BackfillRequest> requests = Channel.CreateUnbounded<BackfillRequest>();
    private readonly ConcurrentDictionary<string, bool> asked = new(StringComparer.Ordinal);
    private readonly IPastPods? past = known.FirstOrDefault();

    /// <summary>Each cluster once while it is owned, as soon as its past can be told; what was filled in by a process before is found in the ledger.</summary>
    public void Offer(string clusterUid, string cluster, ClusterSnapshot seen, Func<PriceBook> prices, GrainOwnership owner)
    {
        if (past is not null && !asked.ContainsKey(clusterUid) && past.Knows(clusterUid) && asked.TryAdd(clusterUid, true))
            requests.Writer.TryWrite(new(clusterUid, cluster, seen, prices(), owner));
    }

    public IAsyncEnumerable<BackfillRequest> ReadAllAsync(CancellationToken ct) => requests.Reader.ReadAllAsync(ct);

    public IEnumerable<PastPodUsage> PodsOf(string clusterUid, DateTimeOffset from, DateTimeOffset to) => past?.Of(clusterUid, from, to) ?? [];

    /// <summary>It did not work out, or the cluster is another process' now; it is tried again with the next look at it from here.</summary>
    public void TakeBack(BackfillRequest request) => asked.TryRemove(request.ClusterUid, out _);
}

/// <param name="Cluster">NAMESPACE/NAME.</param>
/// <param name="Seen">As it is now.</param>
/// <param name="Owner">Of the cluster's grain, when it was asked for.</param>
internal sealed record BackfillRequest(string ClusterUid, string Cluster, ClusterSnapshot Seen, PriceBook Prices, GrainOwnership Owner);
