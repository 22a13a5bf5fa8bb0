using Fleet.Cost.Filters;
using Fleet.Cost.Sharing;

namespace Fleet.Cost.Allocations;

/// <summary>What is asked of a set of allocations.</summary>
public sealed record AllocationQuery
{
    /// <summary>Null leaves every allocation by itself.</summary>
    public Aggregation? AggregateBy { get; init; }

    /// <summary>What is shown; figures of what is shown are those of the unfiltered answer.</summary>
    public AllocationFilter Filter { get; init; } = AllocationFilter.Everything;

    /// <summary>Whether idle is given to the workloads, in proportion to what they cost per resource.</summary>
    public bool ShareIdle { get; init; }

    /// <summary>Whether idle belongs to nodes instead of clusters.</summary>
    public bool IdleByNode { get; init; }

    /// <summary>Whether the idle of every cluster (or node) is a row of its own.</summary>
    public bool SplitIdle { get; init; }

    /// <summary>Whether idle is shown at all when it is not shared.</summary>
    public bool IncludeIdle { get; init; } = true;

    /// <summary>Whether sums keep the labels and annotations that all of their parts have.</summary>
    public bool IncludeAggregatedMetadata { get; init; }

    /// <summary>Whether rows say which parts of machines (with <see cref="IdleByNode"/>), else of clusters, they take.</summary>
    public bool IncludeAssetShares { get; init; }

    public SharedCosts Shared { get; init; } = SharedCosts.None;
}
