using System.Diagnostics.Metrics;
using Fleet.ClusterManager.Watching;
using Fleet.Control.Grains;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using static Fleet.Contracts.Clusters.ClusterDeploymentConditions;

namespace Fleet.ClusterManager.Deletion;

/// <summary>
/// Stops deletions when too large a part of the fleet would go: a wrong selector, a lost directory in Git or a deleted namespace look like many people's
/// wishes. What has begun goes on; further clusters are held until a person acknowledges them. What was let begin is in an account that all replicas share and
/// that outlives them, and is there before anything of the deletion is done. Held clusters say so in their status.
/// </summary>
internal sealed class DeletionBreaker
{
    public const string MeterName = "Fleet.ClusterManager";

    /// <summary>Whoever owns it tells whether the breaker is open, so that one replica does.</summary>
    private static readonly GrainId Teller = GrainId.OfSingleton("deletion-breaker");

    /// <summary>Two calls of the management API, behind others of this process; whoever is held is asked about again.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly ClusterWatches watches;
    private readonly SharedDeletionAccount account;
    private readonly BreakerOptions options;
    private readonly IGrainDirectory directory;
    private readonly TimeProvider clock;
    private readonly Lock gate = new();

    /// <summary>Those whose entry is known to be stored, by uid, until their status says that they have begun.</summary>
    private readonly Dictionary<string, long> begun = [];

    /// <summary>Deletions that were refused here and are in the account, until their status says so, too.</summary>
    private readonly Dictionary<ObjectKey, (string Uid, DeletionHold Hold)> refused = [];

    public DeletionBreaker(ClusterWatches watches, SharedDeletionAccount account, ClusterManagerOptions options, IGrainDirectory directory, TimeProvider clock, IMeterFactory meters)
    {
        (this.watches, this.account, this.directory, this.clock) = (watches, account, directory, clock);
        this.options = options.Deletion.Breaker;
        var meter = meters.Create(MeterName);
        meter.CreateObservableUpDownCounter("fleet.deletion.breaker.open", Open, "{breaker}", "1 while deletions of clusters are held because too many would go");
        meter.CreateObservableUpDownCounter("fleet.deletion.held", () => Held().Count(IsOurs), "{cluster}", "Clusters whose deletion is held by the breaker");
    }

    private IEnumerable<Measurement<int>> Open() => directory.Owns(Teller) ? [new(Held().Count > 0 ? 1 : 0)] : [];

    /// <summary>Null when the deletion of this cluster may begin or go on. Asks the store only when one is about to begin.</summary>
    public async Task<DeletionHold?> AskAsync(ClusterDeployment cluster, CancellationToken ct)
    {
        var (key, uid) = (cluster.Metadata.Key, cluster.Metadata.Uid ?? "");
        // What is orphaned goes on living.
        if (options.Share >= 1 || ClusterRow.IsAcknowledged(cluster) || DeletionPolicies.Of(cluster) == DeletionPolicy.Orphan)
            return null;
        // A guard that does not know the fleet must not let it go.
        if (!watches.Clusters.State.HasSynced)
            return new(DeletionNotCounted, "held: it is not known yet how large the fleet is");
        if (cluster.Status?.Deletion is { Phase: not (nameof(DeletionPhase.Held) or "") } || HasBegun(uid))
            return null;
        if (PlainlyHeld(key, uid) is { } held)
            return held;
        var (decision, trouble) = await DecideAsync(key, uid, ct);
        if (decision is null)
            return new(DeletionNotCounted, $"held: it cannot be told how many deletions have begun, so this one does not: {trouble}");
        var hold = decision.MayBegin ? null : new DeletionHold(DeletionBreakerOpen, decision.Message);
        lock (gate)
            if (hold is null)
                begun[uid] = clock.GetTimestamp();
            else
                refused[key] = (uid, hold);
        return hold;
    }

    /// <summary>Where others say that they are held, what is held already asks nothing, nor do the many that come when hardly anybody has begun to look.</summary>
    private DeletionHold? PlainlyHeld(ObjectKey key, string uid)
    {
        var others = HeldByStatus().Count(other => other != key);
        lock (gate)
            if (others > 0 && refused.TryGetValue(key, out var before) && before.Uid == uid)
                return before.Hold;
        return others < DeletionAccounting.MostRefused ? null : new(DeletionBreakerOpen, BreakerDecision.Of(new(watches.Clusters.Count, 0, others), options, hasBegun: false).Message);
    }

    private async Task<(BreakerDecision? Decision, string Trouble)> DecideAsync(ObjectKey key, string uid, CancellationToken ct)
    {
        using var limit = new CancellationTokenSource(Patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, limit.Token);
        try
        {
            return (await account.DecideAsync(stored => DeletionAccounting.Of(stored, new(key, uid, watches.Clusters.Count, HeldByStatus(), IsStillHeld), options, clock.GetUtcNow()), either.Token), "too many others ask just now");
        }
        catch (KubeApiException e)
        {
            return (null, e.Message);
        }
        catch (FormatException e)
        {
            return (null, $"{e.Message}; ConfigMap {account.Key} must be put right or deleted");
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return (null, "the management API does not answer");
        }
    }

    private bool HasBegun(string uid)
    {
        lock (gate)
        {
            foreach (var (one, at) in begun)
                if (clock.GetElapsedTime(at) > options.Window)
                    begun.Remove(one);
            return begun.ContainsKey(uid);
        }
    }

    private bool IsOurs(ObjectKey cluster) => directory.Owns(GrainId.OfCluster(cluster));

    private bool IsStillHeld(string uid, ObjectKey key) => watches.Clusters.TryGet(key, out var row) && row.Uid == uid && !row.IsDeletionAcknowledged;

    private HashSet<ObjectKey> HeldByStatus() => [.. watches.Clusters.ByIndex(ClusterWatches.ByDeletion, ClusterRow.HeldByBreaker).Select(row => row.Key)];

    /// <summary>Those that say so in their status, and those that were refused here a moment ago.</summary>
    private HashSet<ObjectKey> Held()
    {
        if (!watches.Clusters.State.HasSynced)
            return [];
        var held = HeldByStatus();
        lock (gate)
            foreach (var (key, (uid, _)) in refused)
                if (!IsStillHeld(uid, key) || begun.ContainsKey(uid) || !IsOurs(key))
                    refused.Remove(key);
                else
                    held.Add(key);
        return held;
    }
}
