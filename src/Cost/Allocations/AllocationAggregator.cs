using Fleet.Cost.Idle;
using Fleet.Cost.Sharing;

namespace Fleet.Cost.Allocations;

/// <summary>
/// Answers a query about one set. The order of the steps is OpenCost's, and what it is for is that a filter never changes the figure of what it lets through: everything that
/// is divided among all is divided before anything is filtered away. Pure.
/// </summary>
public static class AllocationAggregator
{
    public static AllocationSet Aggregate(AllocationSet set, AllocationQuery query)
    {
        var parts = AllocationParts.Of(set, query);

        // Before overhead, which is nobody's CPU, and before the filter.
        var idle = IdleCoefficients.Of(parts.Workloads.Concat(parts.Shared), query.IdleByNode);
        var idleThere = parts.Idle.ToLookup(row => IdleCoefficients.KeyOf(row, query.IdleByNode));
        var shared = parts.Shared.Select(allocation => query.ShareIdle ? WithIdle(allocation, idleThere, idle, query) : allocation)
            .Concat(query.Shared.OverheadOf(set.Window))
            .ToList();
        var shares = ShareCoefficients.Of(parts.Workloads, KeyOf(query), query.Filter, query.Shared.Split);

        var assets = query.IncludeAssetShares ? AssetShares.Of(set.Allocations.Values, query.IdleByNode) : null;

        var sums = new Dictionary<string, AllocationSum>();
        foreach (var workload in parts.Workloads.Where(query.Filter.Matches))
        {
            var whole = query.ShareIdle ? WithIdle(workload, idleThere, idle, query) : workload;
            AllocationSum.In(sums, KeyOf(query)(workload), workload.Kind, query.IncludeAggregatedMetadata)
                .Add(assets is null ? whole : whole with { AssetShares = assets.Of(workload) });
        }
        Distribute(shared, shares, sums, query);
        foreach (var external in parts.External.Where(query.Filter.Matches))
            AllocationSum.In(sums, KeyOf(query)(external), AllocationKind.External, query.IncludeAggregatedMetadata).Add(external);
        if (query.IncludeIdle || query.ShareIdle)
            foreach (var left in IdleThatIsLeft(parts, idle, shares, query))
                AllocationSum.In(sums, query.SplitIdle ? $"{IdleCoefficients.KeyOf(left, query.IdleByNode)}/{AllocationKeys.Idle}" : AllocationKeys.Idle, AllocationKind.Idle, false).Add(left);

        return new(set.Window, sums.Where(pair => !pair.Value.IsEmpty).Select(pair => pair.Value.ToAllocation(pair.Key)), set.Currency);
    }

    private static Func<Allocation, string> KeyOf(AllocationQuery query) => query.AggregateBy is { } by ? by.KeyOf : allocation => allocation.Name;

    private static Allocation WithIdle(Allocation allocation, ILookup<string, Allocation> idles, IdleCoefficients coefficients, AllocationQuery query)
    {
        var share = coefficients.ShareOf(allocation);
        foreach (var idle in idles[IdleCoefficients.KeyOf(allocation, query.IdleByNode)])
            allocation = allocation with
            {
                Cpu = allocation.Cpu.WithIdle(idle.Cpu.Hours * share.Cpu, idle.Cpu.TotalCost * share.Cpu),
                Gpu = allocation.Gpu.WithIdle(idle.Gpu.Hours * share.Gpu, idle.Gpu.TotalCost * share.Gpu),
                Ram = allocation.Ram.WithIdle(idle.Ram.Hours * share.Ram, idle.Ram.TotalCost * share.Ram),
            };
        return allocation;
    }

    private static void Distribute(IReadOnlyList<Allocation> shared, ShareCoefficients shares, Dictionary<string, AllocationSum> sums, AllocationQuery query)
    {
        if (!shares.IsEmpty)
        {
            var total = shared.Sum(allocation => allocation.TotalCost);
            foreach (var (key, sum) in sums)
                if (shares.ShareOf(key) is > 0 and var share)
                {
                    sum.AddSharedCost(total * share);
                    if (query.Shared.IncludeBreakdown)
                        foreach (var allocation in shared)
                            sum.AddSharedPart(query.Shared.NameOf(allocation), SharedCostPart.Of(allocation, share));
                }
            return;
        }
        // Nobody to share with: it stays visible, so that no money goes missing.
        foreach (var allocation in shared.Where(query.Filter.Matches))
            AllocationSum.In(sums, AllocationKeys.Shared, AllocationKind.Shared, query.IncludeAggregatedMetadata).Add(allocation);
    }

    /// <summary>
    /// Shared idle leaves what no workload could take: of a resource that none of them has. Idle that is not shared is cut, under a filter, to what would have been shared with
    /// the workloads that are shown, directly or by way of shared costs.
    /// </summary>
    private static IEnumerable<Allocation> IdleThatIsLeft(AllocationParts parts, IdleCoefficients coefficients, ShareCoefficients shares, AllocationQuery query)
    {
        var shown = query.ShareIdle || query.Filter.IsEverything ? null : ShownOf(parts, coefficients, shares, query);
        foreach (var idle in parts.Idle)
        {
            var key = IdleCoefficients.KeyOf(idle, query.IdleByNode);
            var matches = query.Filter.Matches(idle);
            var (cpu, gpu, ram) = (Factor(0), Factor(1), Factor(2));
            if (cpu != 0 || gpu != 0 || ram != 0)
                yield return idle with { Cpu = idle.Cpu.Times(cpu), Gpu = idle.Gpu.Times(gpu), Ram = idle.Ram.Times(ram) };

            double Factor(int resource)
            {
                if (!coefficients.IsAllocated(key, resource))
                    return matches && (!query.ShareIdle || CostOf(idle, resource) != 0) ? 1 : 0;
                return query.ShareIdle ? 0 : shown is null ? 1 : shown.TryGetValue(key, out var share) ? share[resource] : 0;
            }
        }
    }

    private static double CostOf(Allocation idle, int resource) => resource switch
    {
        0 => idle.Cpu.TotalCost,
        1 => idle.Gpu.TotalCost,
        _ => idle.Ram.TotalCost,
    };

    private static Dictionary<string, double[]> ShownOf(AllocationParts parts, IdleCoefficients coefficients, ShareCoefficients shares, AllocationQuery query)
    {
        var shown = new Dictionary<string, double[]>();
        foreach (var workload in parts.Workloads.Where(query.Filter.Matches))
            Add(workload, 1);
        var sharedOut = shares.ShownShare;
        foreach (var allocation in parts.Shared)
            Add(allocation, sharedOut);
        return shown;

        void Add(Allocation allocation, double factor)
        {
            var key = IdleCoefficients.KeyOf(allocation, query.IdleByNode);
            if (!shown.TryGetValue(key, out var sum))
                shown[key] = sum = new double[3];
            var share = coefficients.ShareOf(allocation);
            sum[0] += share.Cpu * factor;
            sum[1] += share.Gpu * factor;
            sum[2] += share.Ram * factor;
        }
    }
}
