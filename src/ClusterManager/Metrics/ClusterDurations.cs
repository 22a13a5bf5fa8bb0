using Fleet.ClusterManager.Api;
using Fleet.ClusterManager.Watching;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Watching;

namespace Fleet.ClusterManager.Metrics;

internal enum ClusterDuration { Provision, Upgrade, Deletion }

/// <summary>
/// Tells from the changes of rows how long clusters took to be made, upgraded and deleted. Called by one informer, so one call at a time. What began before
/// this process is known where the object itself says it; an upgrade that a restart falls into is not told.
/// </summary>
internal sealed class ClusterDurations(TimeProvider clock, Action<ClusterDuration, TimeSpan> record)
{
    private readonly Dictionary<ObjectKey, DateTimeOffset> upgrades = [];

    /// <summary>Clusters that this process has seen before they were ready for the first time.</summary>
    private readonly HashSet<ObjectKey> young = [];

    public void On(InformerEvent<ClusterRow> change)
    {
        var (now, health) = (clock.GetUtcNow(), change.Item.Health);
        switch (change.Type)
        {
            case InformerEventType.Deleted:
                upgrades.Remove(change.Key);
                young.Remove(change.Key);
                if (health.DeletionRequested is { } asked)
                    record(ClusterDuration.Deletion, AtLeastZero(now - asked));
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
            record(ClusterDuration.Provision, AtLeastZero(now - created));
        if (upgrades.Remove(change.Key, out var begun))
            record(ClusterDuration.Upgrade, AtLeastZero(now - begun));
    }

    // The management API's clock may be ahead of ours.
    private static TimeSpan AtLeastZero(TimeSpan time) => time < TimeSpan.Zero ? TimeSpan.Zero : time;
}
