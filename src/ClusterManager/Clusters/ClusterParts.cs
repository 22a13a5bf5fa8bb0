using Fleet.ClusterManager.Connections;
using Fleet.ClusterManager.Releases;
using Fleet.Control.Queueing;

namespace Fleet.ClusterManager.Clusters;

/// <summary>What a cluster's grain keeps between reconciles, and the means to use it.</summary>
internal sealed class ClusterParts(ClusterManagerOptions options, IClusterProbe probe, TimeProvider clock, IJitterSource jitter)
{
    public ClusterManagerOptions Options => options;

    public IClusterProbe Probe => probe;

    public DateTimeOffset Now => clock.GetUtcNow();

    public ReleaseAttempts NewAttempts() => new(clock, jitter);

    public ConnectionState NewConnection() => new(clock);
}
