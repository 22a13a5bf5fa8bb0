using Fleet.Cost.Allocations;

namespace Fleet.Cost.Idle;

/// <summary>Idle of every cluster or node, and what does not add up.</summary>
public sealed record IdleCosts(IReadOnlyList<Allocation> Allocations, IReadOnlyList<NegativeIdle> Faults);
