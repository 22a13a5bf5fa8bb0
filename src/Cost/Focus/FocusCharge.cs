using Fleet.Cost.Allocations;
using Fleet.Cost.Assets;

namespace Fleet.Cost.Focus;

/// <summary>One kind of cost of one allocation, and what it is a part of; or a cost of a cluster that is no allocation's.</summary>
/// <param name="Allocation">Whose it is.</param>
/// <param name="Name">cpu, ram, gpu, volume, load-balancer, network, management, machine-disk.</param>
/// <param name="Quantity">In units.</param>
/// <param name="Unit">As FOCUS writes units.</param>
/// <param name="Cost">After discounts, before the bill's adjustment.</param>
/// <param name="BilledCost">After both.</param>
/// <param name="Resource">What it is a part of.</param>
internal sealed record FocusCharge(Allocation Allocation, string Name, double Quantity, string Unit, double Cost, double BilledCost, FocusResource Resource)
{
    /// <summary>The charge that was split: a machine's CPU, a volume.</summary>
    public (string ResourceId, string Name) Origin => (Resource.Id, Name);

    /// <summary>Whether no workload bears it: what is idle or unmounted, and what is paid for a cluster as a whole.</summary>
    public bool IsNobodys => Allocation.Kind != AllocationKind.Workload;

    /// <summary>A discount is of CPU and RAM.</summary>
    public double ListCost => Name is "cpu" or "ram" && Resource.Discount is > 0 and < 1 ? Cost / (1 - Resource.Discount) : Cost;

    public static IEnumerable<FocusCharge> Of(Allocation allocation, FocusResources resources)
    {
        var (cluster, node) = (allocation.Properties.Cluster, allocation.Properties.Node.Length > 0 ? allocation.Properties.Node : "all");
        foreach (var (name, amount, unit, perUnit) in ((string, ComputeAmount, string, double)[])
            [("cpu", allocation.Cpu, "Core-Hours", 1), ("ram", allocation.Ram, "GiB-Hours", CostUnits.BytesPerGiB), ("gpu", allocation.Gpu, "GPU-Hours", 1)])
            if (amount.Cost != 0 || amount.CostAdjustment != 0)
                yield return WithQuantity(new(allocation, name, amount.Hours / perUnit, unit, amount.Cost, amount.TotalCost, resources.Node(cluster, node)));
        foreach (var (key, share) in allocation.Volumes.OrderBy(volume => volume.Key.ToString(), StringComparer.Ordinal))
            if (share.Cost != 0 || share.Adjustment != 0)
                yield return WithQuantity(new(
                    allocation, "volume", share.ByteHours / CostUnits.BytesPerGiB, "GiB-Hours", share.Cost, share.Cost + share.Adjustment, resources.Disk(cluster, key.Name, share.ProviderId)));
        foreach (var charge in OfBalancers(allocation, resources))
            yield return charge;
        if (allocation.Network.Cost != 0 || allocation.Network.CostAdjustment != 0)
            yield return WithQuantity(new(
                allocation, "network", allocation.Network.TransferBytes / CostUnits.BytesPerGiB, "GiB", allocation.Network.Cost, allocation.Network.TotalCost, resources.Other(cluster, "Network", "all")));
    }

    /// <summary>What is paid for and no allocation's: with it the rows add up to the assets.</summary>
    public static IEnumerable<FocusCharge> Overhead(AssetSet assets, FocusResources resources)
    {
        foreach (var fee in assets.ClusterManagement.Where(fee => fee.TotalCost != 0))
            yield return WithQuantity(new(
                Nobodys(assets, fee.Cluster, "management", fee.Start, fee.End), "management", fee.Hours, "Hours", fee.Cost, fee.TotalCost, resources.Other(fee.Cluster, "Cluster", fee.Cluster)));
        foreach (var disk in assets.Disks.Where(disk => disk.IsAttached && disk.TotalCost != 0))
            yield return WithQuantity(new(
                Nobodys(assets, disk.Cluster, disk.Name, disk.Start, disk.End), "machine-disk", disk.ByteHours / CostUnits.BytesPerGiB, "GiB-Hours", disk.Cost, disk.TotalCost,
                resources.Disk(disk.Cluster, disk.Name, disk.ProviderId)));
    }

    private static IEnumerable<FocusCharge> OfBalancers(Allocation allocation, FocusResources resources)
    {
        var (cost, adjustment) = (allocation.LoadBalancerCost, allocation.LoadBalancerCostAdjustment);
        foreach (var (key, share) in allocation.LoadBalancers.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            (cost, adjustment) = (cost - share.Cost, adjustment - share.Adjustment);
            if (share.Cost != 0 || share.Adjustment != 0)
                yield return WithQuantity(new(
                    allocation, "load-balancer", share.Hours, "Hours", share.Cost, share.Cost + share.Adjustment, resources.Other(allocation.Properties.Cluster, "LoadBalancer", share.Service)));
        }
        // What of the sum no balancer is known for; differences of rounding are none.
        if (Math.Abs(cost + adjustment) > 1e-9)
            yield return WithQuantity(new(allocation, "load-balancer", allocation.Hours, "Hours", cost, cost + adjustment, resources.Other(allocation.Properties.Cluster, "LoadBalancer", "all")));
    }

    private static Allocation Nobodys(AssetSet assets, string cluster, string name, DateTimeOffset start, DateTimeOffset end) => new()
    {
        Name = $"{cluster}/{name}", Kind = AllocationKind.Shared, Properties = new() { Cluster = cluster }, Window = assets.Window, Start = start, End = end,
    };

    /// <summary>Idle has a cost and no measured amount: it is charged by the hour.</summary>
    private static FocusCharge WithQuantity(FocusCharge charge) =>
        charge.Quantity > 0 ? charge : charge with { Quantity = Math.Max(charge.Allocation.Hours, 1e-9), Unit = "Hours" };
}
