using Fleet.ClusterManager.Connections;
using Fleet.ClusterManager.Watching;
using Fleet.Control.Queueing;
using Fleet.Kubernetes.Objects;

namespace Fleet.ClusterManager.Regions;

/// <summary>Who is to look again when a region, or something in it, has changed.</summary>
internal sealed class RegionTriggers(Dependants dependants, LinkTrigger clusters) : IWorkQueue
{
    public LinkTrigger Regions { get; } = new();

    public LinkTrigger Credentials { get; } = new();

    /// <summary>Something is known of its connection that was not.</summary>
    public void ContactChanged(string region) => Regions.Changed(ObjectKey.Cluster(region));

    /// <summary>It was lost, or is back.</summary>
    public void ReachabilityChanged(string region)
    {
        ContactChanged(region);
        foreach (var key in dependants.ClustersIn(region))
            clusters.Changed(key);
        foreach (var key in dependants.CredentialsIn(region))
            Credentials.Changed(key);
    }

    /// <summary>A cluster that had to wait for its turn.</summary>
    public void Call(ObjectKey cluster) => clusters.Changed(cluster);

    /// <summary>For watches in regions: others may have clusters there, too.</summary>
    public void Add(ObjectKey key, WorkPriority priority = WorkPriority.Normal, TimeSpan delay = default)
    {
        if (dependants.IsCluster(key))
            clusters.Changed(key);
    }
}
