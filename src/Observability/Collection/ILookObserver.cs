using Fleet.Control.Grains;
using Fleet.Cost.Prices;
using Fleet.Kubernetes.Resources;
using Fleet.Observability.Clusters;
using Fleet.Observability.Hours;

namespace Fleet.Observability.Collection;

/// <summary>
/// Told of every look at a cluster, in the cluster's grain: one at a time for each cluster, in order. What it does delays the next look, and it must not throw but for
/// cancellation and the loss of the grain: collecting goes on whatever becomes of what is built on it.
/// </summary>
internal interface ILookObserver
{
    Task LookedAsync(ClusterLook look, CancellationToken ct);

    /// <summary>Hours before the first look have come into the ledger. Called at any time, from anywhere.</summary>
    void PastFilled(string clusterUid)
    {
    }

    /// <summary>The cluster is no longer one of the fleet.</summary>
    /// <param name="owner">Of its grain.</param>
    Task GoneAsync(string clusterUid, GrainOwnership owner, CancellationToken ct);
}

/// <summary>What one look at a cluster has shown.</summary>
/// <param name="Name">NAMESPACE/NAME of its ClusterDeployment.</param>
/// <param name="Client">Into the cluster; null when its agent has looked, and it can not be asked for more.</param>
/// <param name="Usage">Of the moment.</param>
internal sealed record ClusterLook(
    string Name, string ClusterUid, IGrainContext Grain, IKubernetesClient? Client, PriceBook Prices, ClusterSnapshot Seen, IReadOnlyDictionary<ContainerKey, Usage> Usage, DateTimeOffset Time);
