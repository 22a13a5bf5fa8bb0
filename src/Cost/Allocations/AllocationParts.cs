namespace Fleet.Cost.Allocations;

/// <summary>A set by what happens to its allocations: external costs, idle, what is shared by rule, and the workloads that carry all of it.</summary>
internal sealed record AllocationParts(
    IReadOnlyList<Allocation> Workloads, IReadOnlyList<Allocation> Idle, IReadOnlyList<Allocation> Shared, IReadOnlyList<Allocation> External)
{
    public static AllocationParts Of(AllocationSet set, AllocationQuery query)
    {
        var (workloads, idle, shared, external) = (new List<Allocation>(), new List<Allocation>(), new List<Allocation>(), new List<Allocation>());
        foreach (var allocation in set.Allocations.Values)
            (allocation.Kind switch
            {
                AllocationKind.External => external,
                AllocationKind.Idle => idle,
                AllocationKind.Shared => shared,
                _ => query.Shared.IsShared(allocation) ? shared : workloads,
            }).Add(allocation);
        return new(workloads, idle, shared, external);
    }
}
