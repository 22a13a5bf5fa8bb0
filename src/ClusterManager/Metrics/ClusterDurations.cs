using Fleet.ClusterManager.Api;
using Fleet.ClusterManager.Watching;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Watching;

namespace Fleet.ClusterManager.Metrics;

internal enum ClusterDuration { Provision, Upgrade, Deletion }

/// <summary>
/// Tells from the changes of rows how long clusters took to be made, upgraded and deleted. Called by one informer, so one call at a time. What began before
/// this process is known where the object itself says it; an upgrade that a restart falls into is not told. Of several replicas each follows all clusters and tells of its own, so that one that
/// changes hands meanwhile is told once.
/// </summary>
internal sealed class ClusterDurations(TimeProvider clock, Action<ClusterDuration, TimeSpan> record)
{
    private readonly Dictionary<ObjectKey, DateTimeOffset> upgrades = [];

    /// <summary>Clusters that this process has seen before they were ready for the first time.</summary>
    private readonly HashSet<ObjectKey> young = [];

    /// <param name="change">Of a cluster.</param>
    /// <param name="isOurs">Whether this process tells of it.</param>
    public void On(InformerEvent<ClusterRow> change, bool isOurs)
    {
        void Tell(ClusterDuration what, TimeSpan took)
        {
            if (isOurs)
                record(what, AtLeastZero(took));
        }

        var (now, health) = (clock.GetUtcNow(), change.Item.Health);
        switch (change.Type)
        {
            case InformerEventType.Deleted:
                upgrades.Remove(change.Key);
                young.Remove(change.Key);
                if (health.DeletionRequested is { } asked)
                    Tell(ClusterDuration.Deletion, now - asked);
                return;
            case InformerEventType.Added:
                if (health.Phase is ClusterPhase.Pending or ClusterPhase.Provisioning)
                    young.Add(change.Key);
                return;
        }

        if (change.Previous is { } before && before.Template != change.Item.Template && !young.Contains(change.Key))
            upgrades[change.Key] = now;
        if (health is not { Phase: ClusterPhase.Ready, IsCurrent: true })
            return;
        if (young.Remove(change.Key) && health.Created is { } created)
            Tell(ClusterDuration.Provision, now - created);
        if (upgrades.Remove(change.Key, out var begun))
            Tell(ClusterDuration.Upgrade, now - begun);
    }

    // The management API's clock may be ahead of ours.
    private static TimeSpan AtLeastZero(TimeSpan time) => time < TimeSpan.Zero ? TimeSpan.Zero : time;
}
