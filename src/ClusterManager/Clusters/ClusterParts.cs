using Fleet.ClusterManager.Connections;
using Fleet.ClusterManager.Phases;
using Fleet.ClusterManager.Releases;
using Fleet.ClusterManager.Upgrades;
using Fleet.Control.Queueing;
using Fleet.Control.Reconciling;

namespace Fleet.ClusterManager.Clusters;

/// <summary>What a cluster's grain keeps between reconciles, and the means to use it.</summary>
internal sealed class ClusterParts(ClusterManagerOptions options, ManagedClients clients, LinkTrigger links, TimeProvider clock, IJitterSource jitter)
{
    public ClusterManagerOptions Options => options;

    /// <summary>Up to a fifth less by chance, so that clusters that were made together do not come together for ever.</summary>
    public TimeSpan SteadyLook => options.LookInterval * (0.8 + jitter.Next() / 5);

    public DateTimeOffset Now => clock.GetUtcNow();

    public PhaseWatch NewPhases() => new(clock, options.Deadlines);

    public UpgradeWatch NewUpgrade() => new(clock);

    public ReleaseAttempts NewAttempts() => new(clock, jitter);

    /// <summary>The connection of the grain to its cluster.</summary>
    public ClusterLink LinkOf(ReconcileRequest request) => request.Grain.Part(() => links.Open(
        request.Key,
        () => new(clients, new(options.ProbeInterval, options.ProbeTimeout), () => links.Changed(request.Key), clock, jitter) { Closed = link => links.Closed(request.Key, link) }));
}
