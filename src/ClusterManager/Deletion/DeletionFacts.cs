using Fleet.ClusterManager.Capi;
using Fleet.ClusterManager.Releases;

namespace Fleet.ClusterManager.Deletion;

/// <summary>What is left of a cluster that is being deleted.</summary>
internal sealed record DeletionFacts
{
    public required ClusterDeployment Object { get; init; }

    public IReadOnlyList<ServiceSet> ServiceSets { get; init; } = [];

    public ReleaseRecord? Release { get; init; }

    public CapiCluster? Capi { get; init; }
}
