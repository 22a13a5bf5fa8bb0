using Fleet.Cost.Allocations;

namespace Fleet.Cost.Assets;

/// <summary>All that is paid for in a window, in one currency.</summary>
public sealed record AssetSet(QueryWindow Window, string Currency = "USD")
{
    public IReadOnlyList<NodeAsset> Nodes { get; init; } = [];

    public IReadOnlyList<DiskAsset> Disks { get; init; } = [];

    public IReadOnlyList<LoadBalancerAsset> LoadBalancers { get; init; } = [];

    public IReadOnlyList<NetworkAsset> Networks { get; init; } = [];

    public IReadOnlyList<ClusterManagementAsset> ClusterManagement { get; init; } = [];

    public IEnumerable<string> Clusters =>
        Nodes.Select(node => node.Cluster).Concat(Disks.Select(disk => disk.Cluster)).Concat(LoadBalancers.Select(balancer => balancer.Cluster))
            .Concat(Networks.Select(network => network.Cluster)).Concat(ClusterManagement.Select(fee => fee.Cluster)).Distinct();

    public double TotalCost =>
        Nodes.Sum(node => node.TotalCost) + Disks.Sum(disk => disk.TotalCost) + LoadBalancers.Sum(balancer => balancer.TotalCost)
        + Networks.Sum(network => network.TotalCost) + ClusterManagement.Sum(fee => fee.TotalCost);
}
