using System.Diagnostics.Metrics;
using Fleet.ClusterManager.Watching;
using Fleet.Kubernetes.Objects;
using static Fleet.Contracts.Clusters.ClusterDeploymentConditions;

namespace Fleet.ClusterManager.Deletion;

/// <summary>
/// Stops deletions when too large a part of the fleet would go: a wrong selector, a lost directory in Git or a deleted namespace look like many people's
/// wishes. What has begun goes on; further clusters are held until a person acknowledges them. Held clusters say so in their status, by which a restart
/// finds the breaker open again.
/// </summary>
internal sealed class DeletionBreaker
{
    public const string MeterName = "Fleet.ClusterManager";

    private readonly ClusterWatches watches;
    private readonly BreakerOptions options;
    private readonly TimeProvider clock;
    private readonly Lock gate = new();

    /// <summary>Deletions that were let begin, by uid; the window is counted by the monotonic clock.</summary>
    private readonly Dictionary<string, long> begun = [];

    /// <summary>Deletions that were refused, until their status says so, too.</summary>
    private readonly Dictionary<ObjectKey, string> refused = [];
    private bool isOpen;

    public DeletionBreaker(ClusterWatches watches, ClusterManagerOptions options, TimeProvider clock, IMeterFactory meters)
    {
        this.watches = watches;
        this.options = options.Deletion.Breaker;
        this.clock = clock;
        var meter = meters.Create(MeterName);
        meter.CreateObservableUpDownCounter("fleet.deletion.breaker.open", () => isOpen ? 1 : 0, "{breaker}", "1 while deletions of clusters are held because too many would go");
        meter.CreateObservableUpDownCounter("fleet.deletion.held", CountHeld, "{cluster}", "Clusters whose deletion is held by the breaker");
    }

    /// <summary>Null when the deletion of this cluster may begin or go on.</summary>
    public DeletionHold? Ask(ClusterDeployment cluster)
    {
        var uid = cluster.Metadata.Uid ?? "";
        // What is orphaned goes on living.
        if (options.Share >= 1 || ClusterRow.IsAcknowledged(cluster) || DeletionPolicies.Of(cluster) == DeletionPolicy.Orphan)
            return null;
        // A guard that does not know the fleet must not let it go.
        if (!watches.Clusters.State.HasSynced)
            return new(DeletionBreakerOpen, "it is not known yet how large the fleet is");
        lock (gate)
        {
            Forget();
            var hasBegun = begun.ContainsKey(uid) || cluster.Status?.Deletion is { Phase: not (nameof(DeletionPhase.Held) or "") };
            var held = Held().Append(cluster.Metadata.Key).ToHashSet().Count - 1;
            if (isOpen && held == 0 && !refused.ContainsKey(cluster.Metadata.Key))
                Close();
            var decision = BreakerDecision.Of(new(watches.Clusters.Count, begun.Count, held), options, hasBegun);
            if (!decision.MayBegin)
            {
                isOpen = true;
                refused[cluster.Metadata.Key] = uid;
                return new(DeletionBreakerOpen, decision.Message);
            }
            begun.TryAdd(uid, clock.GetTimestamp());
            return null;
        }
    }

    private int CountHeld()
    {
        lock (gate)
            return Held().Count;
    }

    /// <summary>Those that say so in their status, and those that were refused a moment ago.</summary>
    private HashSet<ObjectKey> Held()
    {
        if (!watches.Clusters.State.HasSynced)
            return [];
        foreach (var (key, uid) in refused)
            if (!watches.Clusters.TryGet(key, out var row) || row.Uid != uid || row.IsDeletionAcknowledged)
                refused.Remove(key);
        return [.. watches.Clusters.ByIndex(ClusterWatches.ByDeletion, ClusterRow.HeldByBreaker).Select(row => row.Key), .. refused.Keys];
    }

    // The person who acknowledged has seen what went before.
    private void Close()
    {
        isOpen = false;
        begun.Clear();
    }

    private void Forget()
    {
        foreach (var (uid, at) in begun)
            if (clock.GetElapsedTime(at) > options.Window)
                begun.Remove(uid);
    }
}
