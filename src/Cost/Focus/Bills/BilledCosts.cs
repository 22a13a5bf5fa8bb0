using Fleet.Cost.Allocations;
using Fleet.Cost.Assets;

namespace Fleet.Cost.Focus.Bills;

/// <summary>
/// Costs as they are billed: OpenCost's adjustments. An asset and whoever uses it change by the same factor, so that workloads, idle and overhead still add up to the assets. Pure.
/// </summary>
public static class BilledCosts
{
    /// <param name="adjustments">Of any days, in the currency of the costs; those of other days change nothing.</param>
    public static (AssetSet Assets, AllocationSet Allocations) Of(AssetSet assets, AllocationSet allocations, IEnumerable<BillAdjustment> adjustments)
    {
        var rates = RatesOf(assets, adjustments);
        if (rates.Count == 0)
            return (assets, allocations);
        return (
            assets with
            {
                Nodes = [.. assets.Nodes.Select(node => node with { Adjustment = node.Adjustment + node.TotalCost * Rate(node.Cluster, AdjustedPart.Nodes) })],
                Disks = [.. assets.Disks.Select(disk => disk with { Adjustment = disk.Adjustment + disk.TotalCost * Rate(disk.Cluster, AdjustedPart.Volumes) })],
                LoadBalancers = [.. assets.LoadBalancers.Select(balancer => balancer with { Adjustment = balancer.Adjustment + balancer.TotalCost * Rate(balancer.Cluster, AdjustedPart.LoadBalancers) })],
                ClusterManagement = [.. assets.ClusterManagement.Select(fee => fee with { Adjustment = fee.Adjustment + fee.TotalCost * Rate(fee.Cluster, AdjustedPart.Management) })],
                Networks = [.. assets.Networks.Select(network => network with { Adjustment = network.Adjustment + network.TotalCost * Rate(network.Cluster, AdjustedPart.Network) })],
            },
            new(allocations.Window, allocations.Allocations.Values.Select(Billed), allocations.Currency));

        double Rate(string cluster, AdjustedPart part) => rates.GetValueOrDefault((cluster, part));

        Allocation Billed(Allocation row)
        {
            var (nodes, volumes, balancers, network) = (
                Rate(row.Properties.Cluster, AdjustedPart.Nodes), Rate(row.Properties.Cluster, AdjustedPart.Volumes),
                Rate(row.Properties.Cluster, AdjustedPart.LoadBalancers), Rate(row.Properties.Cluster, AdjustedPart.Network));
            if (nodes != 0)
                row = row with { Cpu = row.Cpu.Adjusted(nodes), Gpu = row.Gpu.Adjusted(nodes), Ram = row.Ram.Adjusted(nodes) };
            if (volumes != 0 && row.Volumes.Count > 0)
                row = row with
                {
                    VolumeCostAdjustment = row.VolumeCostAdjustment + row.VolumeTotalCost * volumes,
                    Volumes = row.Volumes.ToDictionary(pair => pair.Key, pair => pair.Value with { Adjustment = pair.Value.Adjustment + (pair.Value.Cost + pair.Value.Adjustment) * volumes }),
                };
            if (balancers != 0)
                row = row with
                {
                    LoadBalancerCostAdjustment = row.LoadBalancerCostAdjustment + row.LoadBalancerTotalCost * balancers,
                    LoadBalancers = row.LoadBalancers.ToDictionary(pair => pair.Key, pair => pair.Value with { Adjustment = pair.Value.Adjustment + (pair.Value.Cost + pair.Value.Adjustment) * balancers }),
                };
            return network == 0 ? row : row with { Network = row.Network with { CostAdjustment = row.Network.CostAdjustment + row.Network.TotalCost * network } };
        }
    }

    /// <summary>
    /// What is added for each unit of currency at list price. Within a day it is the day's; over several it is the days' together, so that figures are equal however a window is read. Nothing costs less
    /// than nothing: a credit above the list price stays out.
    /// </summary>
    private static Dictionary<(string Cluster, AdjustedPart Part), double> RatesOf(AssetSet assets, IEnumerable<BillAdjustment> adjustments)
    {
        var amounts = new Dictionary<(string Cluster, AdjustedPart Part), double>();
        var days = new Dictionary<(string Cluster, AdjustedPart Part), double>();
        foreach (var one in adjustments)
        {
            var midnight = new DateTimeOffset(one.Day, TimeOnly.MinValue, TimeSpan.Zero);
            if (new QueryWindow(midnight, midnight.AddDays(1)).Intersect(assets.Window) is not { } inside)
                continue;
            var key = (one.Cluster, one.Part);
            amounts[key] = amounts.GetValueOrDefault(key) + one.Amount * (inside.Duration / TimeSpan.FromDays(1));
            if (inside == assets.Window)
                days[key] = days.GetValueOrDefault(key) + one.Amount / one.ListCost;
        }
        if (amounts.Count == 0)
            return amounts;
        var list = Costs(assets).GroupBy(cost => (cost.Cluster, cost.Part), cost => cost.Cost).ToDictionary(group => group.Key, group => group.Sum());
        return amounts.Where(pair => list.GetValueOrDefault(pair.Key) > 0)
            .ToDictionary(pair => pair.Key, pair => Math.Max(-1, days.TryGetValue(pair.Key, out var rate) ? rate : pair.Value / list[pair.Key]));
    }

    private static IEnumerable<(string Cluster, AdjustedPart Part, double Cost)> Costs(AssetSet assets) =>
        assets.Nodes.Select(node => (node.Cluster, AdjustedPart.Nodes, node.TotalCost))
            .Concat(assets.Disks.Select(disk => (disk.Cluster, AdjustedPart.Volumes, disk.TotalCost)))
            .Concat(assets.LoadBalancers.Select(balancer => (balancer.Cluster, AdjustedPart.LoadBalancers, balancer.TotalCost)))
            .Concat(assets.ClusterManagement.Select(fee => (fee.Cluster, AdjustedPart.Management, fee.TotalCost)))
            .Concat(assets.Networks.Select(network => (network.Cluster, AdjustedPart.Network, network.TotalCost)));
}
