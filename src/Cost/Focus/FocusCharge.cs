using Fleet.Cost.Allocations;

namespace Fleet.Cost.Focus;

/// <summary>One kind of cost of one allocation, and what it is a part of.</summary>
/// <param name="Allocation">Whose it is.</param>
/// <param name="Name">cpu, ram, gpu, volume, load-balancer, network.</param>
/// <param name="Quantity">In units.</param>
/// <param name="Unit">As FOCUS writes units.</param>
/// <param name="ListCost">Before the bill's adjustment.</param>
/// <param name="BilledCost">After it.</param>
/// <param name="ServiceCategory">One of FOCUS' values.</param>
/// <param name="ResourceType">What it is a part of.</param>
/// <param name="ResourceName">Likewise.</param>
internal sealed record FocusCharge(
    Allocation Allocation, string Name, double Quantity, string Unit, double ListCost, double BilledCost, string ServiceCategory, string ResourceType, string ResourceName)
{
    /// <summary>The charge that was split: a machine's CPU, a volume.</summary>
    public (string ResourceId, string Name) Origin => ($"{Allocation.Properties.Cluster}/{ResourceType}/{ResourceName}", Name);

    public bool IsNobodys => Allocation.Kind is AllocationKind.Idle or AllocationKind.Unmounted;

    public static IEnumerable<FocusCharge> Of(Allocation allocation)
    {
        var node = allocation.Properties.Node.Length > 0 ? allocation.Properties.Node : "all";
        foreach (var (name, amount, unit, perUnit) in ((string, ComputeAmount, string, double)[])
            [("cpu", allocation.Cpu, "Core-Hours", 1), ("ram", allocation.Ram, "GiB-Hours", CostUnits.BytesPerGiB), ("gpu", allocation.Gpu, "GPU-Hours", 1)])
            if (amount.Cost != 0 || amount.CostAdjustment != 0)
                yield return WithQuantity(new(allocation, name, amount.Hours / perUnit, unit, amount.Cost, amount.TotalCost, "Compute", "Node", node));
        foreach (var (key, share) in allocation.Volumes.OrderBy(volume => volume.Key.ToString(), StringComparer.Ordinal))
            yield return WithQuantity(new(
                allocation, "volume", share.ByteHours / CostUnits.BytesPerGiB, "GiB-Hours", share.Cost, share.Cost + share.Adjustment, "Storage", "PersistentVolume", key.Name));
        if (allocation.LoadBalancerCost != 0)
            yield return new(allocation, "load-balancer", allocation.Hours, "Hours", allocation.LoadBalancerCost, allocation.LoadBalancerTotalCost, "Networking", "LoadBalancer", "all");
        if (allocation.Network.Cost != 0)
            yield return WithQuantity(new(
                allocation, "network", allocation.Network.TransferBytes / CostUnits.BytesPerGiB, "GiB", allocation.Network.Cost, allocation.Network.TotalCost, "Networking", "Network", "all"));
    }

    /// <summary>Idle has a cost and no measured amount: it is charged by the hour.</summary>
    private static FocusCharge WithQuantity(FocusCharge charge) =>
        charge.Quantity > 0 ? charge : charge with { Quantity = Math.Max(charge.Allocation.Hours, 1e-9), Unit = "Hours" };
}
