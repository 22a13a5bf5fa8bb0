using Fleet.Cost.Allocations;
using Fleet.Cost.Assets;

namespace Fleet.Cost.Idle;

/// <summary>
/// Idle is what nodes cost less what their workloads cost, for CPU, GPU and RAM each. What is billed by use is never idle, and neither are disks and load balancers. Pure.
/// </summary>
public static class IdleCalculator
{
    /// <summary>Differences below this part of the asset's cost are rounding, not idle.</summary>
    private const double Rounding = 1e-9;

    public static IdleCosts Of(AssetSet assets, AllocationSet allocations, bool byNode)
    {
        if (assets.Window != allocations.Window)
            throw new ArgumentException("assets and allocations are of different windows", nameof(allocations));
        var (allocated, adjusted) = (new Dictionary<string, Totals>(), new Dictionary<string, Totals>());
        foreach (var allocation in allocations.Allocations.Values.Where(allocation => allocation.Kind is AllocationKind.Workload or AllocationKind.Unmounted))
        {
            var key = IdleCoefficients.KeyOf(allocation, byNode);
            TotalsOf(allocated, key).Add(allocation.Cpu.TotalCost, allocation.Gpu.TotalCost, allocation.Ram.TotalCost);
            TotalsOf(adjusted, key).Add(allocation.Cpu.CostAdjustment, allocation.Gpu.CostAdjustment, allocation.Ram.CostAdjustment);
        }
        var nodes = assets.Nodes.ToLookup(node => byNode ? $"{node.Cluster}/{node.Name}" : node.Cluster);

        var idle = new List<Allocation>();
        var faults = new List<NegativeIdle>();
        foreach (var group in nodes)
        {
            var first = group.First();
            var (cost, adjustment) = (new Totals(), new Totals());
            foreach (var node in group)
            {
                cost.Add(node.AdjustedCpu.Total, node.AdjustedGpu.Total, node.AdjustedRam.Total);
                adjustment.Add(node.AdjustedCpu.Adjustment, node.AdjustedGpu.Adjustment, node.AdjustedRam.Adjustment);
            }
            var (used, usedAdjustment) = (TotalsOf(allocated, group.Key), TotalsOf(adjusted, group.Key));
            var name = byNode ? first.Name : "";
            var cause = new Func<string>(() => CauseOf([.. group], allocations, first.Cluster, name, byNode));
            idle.Add(new()
            {
                Name = $"{group.Key}/{AllocationKeys.Idle}",
                Kind = AllocationKind.Idle,
                Properties = new() { Cluster = first.Cluster, Node = name, ProviderId = byNode ? first.ProviderId : "" },
                Window = assets.Window,
                Start = group.Min(node => node.Start),
                End = group.Max(node => node.End),
                Cpu = Left("cpu", cost.Cpu, used.Cpu, adjustment.Cpu - usedAdjustment.Cpu, first.Cluster, name, cause, faults),
                Gpu = Left("gpu", cost.Gpu, used.Gpu, adjustment.Gpu - usedAdjustment.Gpu, first.Cluster, name, cause, faults),
                Ram = Left("ram", cost.Ram, used.Ram, adjustment.Ram - usedAdjustment.Ram, first.Cluster, name, cause, faults),
            });
        }
        foreach (var (key, used) in allocated.Where(pair => !nodes.Contains(pair.Key)))
            if (used.Cpu + used.Gpu + used.Ram > 0)
            {
                var cluster = byNode ? key[..key.IndexOf('/', StringComparison.Ordinal)] : key;
                var node = byNode ? key[(cluster.Length + 1)..] : "";
                const string unknown = "no node is known there in this window: its prices or its samples are missing, or the workloads are of another cluster";
                foreach (var (resource, cost) in (ReadOnlySpan<(string, double)>)[("cpu", used.Cpu), ("gpu", used.Gpu), ("ram", used.Ram)])
                    if (cost > 0)
                        faults.Add(new(cluster, node, resource, 0, cost, unknown));
            }
        return new(idle, faults);
    }

    /// <summary>Never below zero: what would be is a fault instead, which the invariant counts.</summary>
    private static ComputeAmount Left(string resource, double asset, double used, double adjustment, string cluster, string node, Func<string> cause, List<NegativeIdle> faults)
    {
        var left = asset - used;
        if (left < -Rounding * Math.Max(asset, used))
            faults.Add(new(cluster, node, resource, asset, used, cause()));
        return left > 0 ? new() { Cost = left - adjustment, CostAdjustment = adjustment } : default;
    }

    private static string CauseOf(IReadOnlyList<NodeAsset> nodes, AllocationSet allocations, string cluster, string node, bool byNode)
    {
        var doubled = allocations.Allocations.Values
            .Where(allocation => allocation.Kind == AllocationKind.Workload && allocation.Properties.Cluster == cluster && (!byNode || allocation.Properties.Node == node))
            .GroupBy(allocation => (allocation.Properties.Namespace, allocation.Properties.Pod, allocation.Properties.Container))
            .FirstOrDefault(group => group.Key.Container.Length > 0 && group.Skip(1).Any());
        if (doubled is not null)
            return $"container {doubled.Key.Namespace}/{doubled.Key.Pod}/{doubled.Key.Container} is counted {doubled.Count()} times";
        if (nodes.Any(one => one.Adjustment < 0))
            return "the bill lowers the nodes' cost and not that of their workloads: reconcile both";
        if (nodes.Any(one => one.End - one.Start < allocations.Window.Duration))
            return "a node was seen for a shorter time than its workloads, or the workloads use more than the node was known to have";
        return "the workloads use more than the nodes have, or are priced otherwise than the nodes";
    }

    private static Totals TotalsOf(Dictionary<string, Totals> totals, string key)
    {
        if (!totals.TryGetValue(key, out var total))
            totals[key] = total = new();
        return total;
    }

    private sealed class Totals
    {
        public double Cpu { get; private set; }

        public double Gpu { get; private set; }

        public double Ram { get; private set; }

        public void Add(double cpu, double gpu, double ram) => (Cpu, Gpu, Ram) = (Cpu + cpu, Gpu + gpu, Ram + ram);
    }
}
