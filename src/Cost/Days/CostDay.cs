using Fleet.Cost.Allocations;
using Fleet.Cost.Assets;
using Fleet.Cost.Filters;
using Fleet.Cost.Idle;
using Fleet.Cost.Invariant;

namespace Fleet.Cost.Days;

/// <summary>
/// A day of the fleet in one currency, of which many sums are made: each workload with its part of the idle of its cluster, and what clusters cost beyond workloads. What it is
/// divided by, the parts add up to what is paid for. Pure.
/// </summary>
public sealed class CostDay
{
    private readonly List<(Allocation Row, double Idle)> workloads = [];
    private readonly List<(Allocation Row, DayCost Cost)> beyond = [];

    public CostDay(AssetSet assets, AllocationSet allocations)
    {
        Currency = allocations.Currency;
        var rows = allocations.Allocations.Values.Where(row => row.Kind is AllocationKind.Workload or AllocationKind.Unmounted).ToList();
        var coefficients = IdleCoefficients.Of(rows, byNode: false);
        var left = IdleCalculator.Of(assets, allocations, byNode: false);
        Faults = FaultsOf(CostInvariant.Check(assets, allocations, left));
        var idle = left.Allocations.ToDictionary(row => row.Properties.Cluster);
        foreach (var row in rows)
            workloads.Add((row, idle.TryGetValue(row.Properties.Cluster, out var all) ? PartOf(coefficients.ShareOf(row), all) : 0));
        var fees = assets.ClusterManagement.Select(fee => (fee.Cluster, fee.TotalCost))
            .Concat(assets.Disks.Where(disk => disk.IsAttached).Select(disk => (disk.Cluster, disk.TotalCost)))
            .ToLookup(fee => fee.Cluster, fee => fee.TotalCost);
        var unpriced = assets.Nodes.ToLookup(node => node.Cluster, node => node.MissingPrice);
        foreach (var cluster in assets.Clusters)
        {
            var properties = new AllocationProperties { Cluster = cluster };
            var cost = new DayCost(cluster, "")
            {
                Idle = idle.TryGetValue(cluster, out var all) ? NobodysOf(coefficients, all, cluster) : 0,
                Overhead = fees[cluster].Sum(),
                Missing = unpriced[cluster].Aggregate(MissingPrice.None, (sum, one) => sum | one),
            };
            if (!cost.IsNothing)
                beyond.Add((new() { Name = cluster, Kind = AllocationKind.Idle, Properties = properties }, cost));
        }
    }

    public string Currency { get; }

    /// <summary>By how much clusters do not add up to what is paid for them; those that do are not here.</summary>
    public IReadOnlyList<DayCost> Faults { get; }

    /// <summary>What each cluster costs, with idle and overhead: all that is paid for it.</summary>
    public IReadOnlyList<DayCost> Clusters(AllocationFilter? filter = null) => Sums(filter, row => row.Properties.Cluster, withBeyond: true);

    /// <summary>By a property, in each cluster; without overhead and idle that no workload could take.</summary>
    /// <param name="nameOf">What a workload counts to; nothing for <c>__unallocated__</c>.</param>
    public IReadOnlyList<DayCost> By(Func<Allocation, string?> nameOf, AllocationFilter? filter = null) => Sums(filter, nameOf, withBeyond: false);

    /// <summary>What fits a filter. Idle and overhead that no workload bears count when the cluster as such fits.</summary>
    /// <param name="filter">The filter.</param>
    /// <param name="clusters">Which clusters may count.</param>
    public DayCost Of(AllocationFilter filter, Func<string, bool> clusters) =>
        DayCost.Sum(Clusters(filter).Where(cost => clusters(cost.Cluster))) with { Cluster = "", Name = "" };

    private List<DayCost> Sums(AllocationFilter? filter, Func<Allocation, string?> nameOf, bool withBeyond)
    {
        var sums = new Dictionary<(string, string), DayCost>();
        foreach (var (row, idle) in workloads)
            if (filter is null || filter.Matches(row))
                Add(row.Properties.Cluster, NameOf(nameOf(row)), CostOf(row, idle));
        foreach (var (row, cost) in withBeyond ? beyond : [])
            if (filter is null || filter.Matches(row))
                Add(cost.Cluster, NameOf(nameOf(row)), cost);
        return [.. sums.Values];

        void Add(string cluster, string name, DayCost cost) =>
            sums[(cluster, name)] = (sums.TryGetValue((cluster, name), out var sum) ? sum : new(cluster, name)).Plus(cost);
    }

    private static IReadOnlyList<DayCost> FaultsOf(CostBalance balance) =>
    [
        .. balance.Faults.Select(fault => (fault.Cluster, Amount: Math.Abs(fault.Difference)))
            .Concat(balance.NegativeIdle.Select(fault => (fault.Cluster, Amount: Math.Abs(fault.Amount))))
            .GroupBy(fault => fault.Cluster, (cluster, faults) => new DayCost(cluster, cluster) { Direct = faults.Sum(fault => fault.Amount) }),
    ];

    private static string NameOf(string? name) => name is { Length: > 0 } ? name : AllocationKeys.Unallocated;

    private static DayCost CostOf(Allocation row, double idle)
    {
        var compute = row.Cpu.TotalCost + row.Ram.TotalCost;
        // More used than asked for is not more than all of it.
        return new("", "") { Direct = row.TotalCost, Idle = idle, Compute = compute, Efficient = compute * Math.Min(1, row.TotalEfficiency), Missing = row.MissingPrice };
    }

    private static double PartOf(IdleShare share, Allocation idle) => share.Cpu * idle.Cpu.TotalCost + share.Gpu * idle.Gpu.TotalCost + share.Ram * idle.Ram.TotalCost;

    private static double NobodysOf(IdleCoefficients coefficients, Allocation idle, string cluster) =>
        (coefficients.IsAllocated(cluster, 0) ? 0 : idle.Cpu.TotalCost)
        + (coefficients.IsAllocated(cluster, 1) ? 0 : idle.Gpu.TotalCost)
        + (coefficients.IsAllocated(cluster, 2) ? 0 : idle.Ram.TotalCost);
}
