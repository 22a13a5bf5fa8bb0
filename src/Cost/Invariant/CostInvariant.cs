using Fleet.Cost.Allocations;
using Fleet.Cost.Assets;
using Fleet.Cost.Idle;

namespace Fleet.Cost.Invariant;

/// <summary>
/// Total cluster costs = workload costs + idle + overhead. Checked on raw allocations, before anything is shared, for every cluster and kind of cost. Pure.
/// </summary>
public static class CostInvariant
{
    private static readonly (string Name, Func<Allocation, double> Workload, Func<AssetSet, IEnumerable<(string Cluster, double Cost)>> Asset)[] Parts =
    [
        ("cpu", allocation => allocation.Cpu.TotalCost, assets => assets.Nodes.Select(node => (node.Cluster, node.AdjustedCpu.Total))),
        ("gpu", allocation => allocation.Gpu.TotalCost, assets => assets.Nodes.Select(node => (node.Cluster, node.AdjustedGpu.Total))),
        ("ram", allocation => allocation.Ram.TotalCost, assets => assets.Nodes.Select(node => (node.Cluster, node.AdjustedRam.Total))),
        ("volumes", allocation => allocation.VolumeTotalCost, assets => assets.Disks.Where(disk => !disk.IsAttached).Select(disk => (disk.Cluster, disk.TotalCost))),
        ("loadBalancers", allocation => allocation.LoadBalancerTotalCost, assets => assets.LoadBalancers.Select(balancer => (balancer.Cluster, balancer.TotalCost))),
        ("network", allocation => allocation.Network.TotalCost, assets => assets.Networks.Select(network => (network.Cluster, network.TotalCost))),
    ];

    /// <param name="allocations">Raw: workloads and what is nobody's. Idle in it is not counted.</param>
    public static CostBalance Check(AssetSet assets, AllocationSet allocations, IdleCosts idle, CostTolerance? tolerance = null)
    {
        if (assets.Currency != allocations.Currency)
            throw new ArgumentException($"assets are in {assets.Currency} and allocations in {allocations.Currency}", nameof(allocations));
        var paid = allocations.Allocations.Values.Where(allocation => allocation.Kind is AllocationKind.Workload or AllocationKind.Unmounted).ToLookup(allocation => allocation.Properties.Cluster);
        var left = idle.Allocations.ToLookup(allocation => allocation.Properties.Cluster);
        var costs = Parts.Select(part => part.Asset(assets).ToLookup(asset => asset.Cluster, asset => asset.Cost)).ToArray();
        var checks = assets.Clusters.Union(paid.Select(group => group.Key)).Order(StringComparer.Ordinal)
            .SelectMany(cluster => Parts.Select((part, index) => new CostCheck(cluster, part.Name, costs[index][cluster].Sum(), paid[cluster].Sum(part.Workload), left[cluster].Sum(part.Workload))))
            .Where(check => check.Assets != 0 || check.Workloads != 0 || check.Idle != 0)
            .ToList();
        var overhead = assets.ClusterManagement.Sum(fee => fee.TotalCost) + assets.Disks.Where(disk => disk.IsAttached).Sum(disk => disk.TotalCost);
        return new(assets.TotalCost, checks.Sum(check => check.Workloads), checks.Sum(check => check.Idle), overhead, checks, idle.Faults, tolerance ?? CostTolerance.Default);
    }
}
