namespace Fleet.Cost.Allocations;

/// <summary>What an allocation stands for. OpenCost reads this out of names; a namespace may be called anything, so here it is said.</summary>
public enum AllocationKind
{
    /// <summary>A container, or a sum of them.</summary>
    Workload,

    /// <summary>What a cluster or node costs beyond its workloads.</summary>
    Idle,

    /// <summary>Volumes and load balancers without a pod.</summary>
    Unmounted,

    /// <summary>Shared costs that could not be given to anybody.</summary>
    Shared,

    /// <summary>Costs outside of the clusters.</summary>
    External,
}
