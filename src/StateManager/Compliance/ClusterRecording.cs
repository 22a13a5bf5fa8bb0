using Fleet.Control.Grains;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.StateManager.Compliance.Collection;
using Fleet.StateManager.Compliance.Exceptions;
using Fleet.StateManager.Compliance.Storage;
using Fleet.StateManager.MultiClusterServices;

namespace Fleet.StateManager.Compliance;

/// <summary>
/// Writes the report of one cluster as it is now, where the cluster is owned. A cluster that is not seen keeps its last figures, and exceptions still end on them. Used by one caller at a
/// time.
/// </summary>
internal sealed class ClusterRecording(
    IKubernetesClient management, PlacementWatches placement, ComplianceBook book, ComplianceExceptions exceptions, ComplianceExceptionTrigger trigger,
    IComplianceStore store, ComplianceMetrics metrics, IGrainDirectory directory, TimeProvider clock)
{
    private readonly Dictionary<ObjectKey, ClusterCompliance> written = [];

    /// <summary>Also clusters that services reach and that are none of the fleet, such as the management cluster: they are told of all the time, and closed once.</summary>
    private readonly HashSet<ObjectKey> closed = [];

    public async Task RecordAsync(ObjectKey key, CancellationToken ct)
    {
        if (!IsOurs(key))
        {
            LetGo(key);
            return;
        }
        if (!placement.Clusters.TryGet(key, out var cluster))
        {
            if (!closed.Contains(key) && await CloseAsync(key, ct))
                closed.Add(key);
            return;
        }
        closed.Remove(key);
        var now = clock.GetUtcNow();
        var freshness = Freshness(key, now);
        var before = written.GetValueOrDefault(key);
        var found = freshness.Problem is null ? book.Find(key) : null;
        if (found is null)
        {
            before ??= await store.LoadAsync(key, ct);
            found = before?.WithoutExceptions();
        }
        if (found is null)
        {
            metrics.Gone(key);
            await store.TouchAsync([freshness], ct);
            return;
        }
        var report = ClusterCompliance.Of(found, exceptions.For(cluster, now));
        metrics.Seen(key, freshness.Problem is null ? report.Total : null);
        if (report.Equals(before))
        {
            await store.TouchAsync([freshness], ct);
            written[key] = report;
            return;
        }
        // If this fails, nobody knows whether it was written.
        written.Remove(key);
        await store.SaveAsync(freshness, before, report, ct);
        written[key] = report;
        trigger.Written(key.Namespace);
    }

    /// <summary>Tells the metrics what is seen of a cluster now, while nothing can be written.</summary>
    public void See(ObjectKey key)
    {
        var now = clock.GetUtcNow();
        if (IsOurs(key) && placement.Clusters.TryGet(key, out var cluster) && Freshness(key, now).Problem is null && book.Find(key) is { } found)
            metrics.Seen(key, ClusterCompliance.Of(found, exceptions.For(cluster, now)).Total);
    }

    /// <summary>Figures that nobody confirms become stale.</summary>
    public Task ConfirmAsync(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var ours = placement.Clusters.Keys.ToLookup(IsOurs);
        foreach (var key in ours[false])
            LetGo(key);
        var fresh = ours[true].Select(key => Freshness(key, now)).ToList();
        foreach (var stale in fresh.Where(one => one.Problem is not null))
            metrics.Gone(stale.Cluster);
        return store.TouchAsync(fresh, ct);
    }

    private bool IsOurs(ObjectKey cluster) => directory.Owns(GrainId.OfCluster(cluster));

    /// <summary>Another replica writes of it from now on; should it come back, nothing of now is believed.</summary>
    private void LetGo(ObjectKey cluster)
    {
        written.Remove(cluster);
        closed.Remove(cluster);
        book.Forget(cluster);
        metrics.Gone(cluster);
    }

    /// <summary>What is ours now may have been another's for a moment, and written by it.</summary>
    public void Forget() => written.Clear();

    private ClusterFreshness Freshness(ObjectKey key, DateTimeOffset now)
    {
        var problem = book.ProblemOf(key) ?? (book.Find(key) is null ? "its reports are being read" : null);
        return new(key, problem is null ? now : null, problem);
    }

    private async Task<bool> CloseAsync(ObjectKey key, CancellationToken ct)
    {
        // A watch that lags, or a name that is taken again: the watch will tell.
        if (await management.Resource(FleetKinds.ClusterDeployments).GetAsync(key, ct) is not null)
            return false;
        await store.CloseAsync(key, ct);
        written.Remove(key);
        book.Forget(key);
        metrics.Gone(key);
        trigger.Written(key.Namespace);
        return true;
    }
}
