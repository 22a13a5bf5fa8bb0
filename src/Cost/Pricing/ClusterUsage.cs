using Fleet.Cost.Allocations;

namespace Fleet.Cost.Pricing;

/// <summary>What a cluster had and used in a window, usually an hour: all that its costs are made of but prices.</summary>
/// <param name="Cluster">The cluster's key, unique in the fleet.</param>
/// <param name="Window">The window.</param>
public sealed record ClusterUsage(string Cluster, QueryWindow Window)
{
    public IReadOnlyList<NodeSpan> Nodes { get; init; } = [];

    public IReadOnlyList<ContainerSpan> Containers { get; init; } = [];

    public IReadOnlyList<VolumeSpan> Volumes { get; init; } = [];

    public IReadOnlyList<BalancerSpan> LoadBalancers { get; init; } = [];
}
