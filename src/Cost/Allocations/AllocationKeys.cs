namespace Fleet.Cost.Allocations;

/// <summary>Names that OpenCost gives to what no workload is.</summary>
public static class AllocationKeys
{
    /// <summary>Paid for and not allocated to any workload.</summary>
    public const string Idle = "__idle__";

    /// <summary>Volumes that no pod mounts, load balancers that no pod stands behind.</summary>
    public const string Unmounted = "__unmounted__";

    /// <summary>The workload has no value for what is aggregated by.</summary>
    public const string Unallocated = "__unallocated__";

    /// <summary>Shared costs for which there is nobody to share them with.</summary>
    public const string Shared = "__shared__";

    /// <summary>Costs outside of the clusters.</summary>
    public const string External = "__external__";
}
