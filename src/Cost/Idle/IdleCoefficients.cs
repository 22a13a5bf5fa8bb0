using Fleet.Cost.Allocations;

namespace Fleet.Cost.Idle;

/// <summary>Who gets which part of idle: of each resource, in proportion to what an allocation costs of it in the same cluster or node. Pure.</summary>
internal sealed class IdleCoefficients
{
    private readonly Dictionary<string, double[]> totals = [];
    private readonly bool byNode;

    private IdleCoefficients(bool byNode) => this.byNode = byNode;

    public static IdleCoefficients Of(IEnumerable<Allocation> allocations, bool byNode)
    {
        var coefficients = new IdleCoefficients(byNode);
        foreach (var allocation in allocations)
        {
            var key = KeyOf(allocation, byNode);
            if (!coefficients.totals.TryGetValue(key, out var total))
                coefficients.totals[key] = total = new double[3];
            total[0] += Math.Max(0, allocation.Cpu.TotalCost);
            total[1] += Math.Max(0, allocation.Gpu.TotalCost);
            total[2] += Math.Max(0, allocation.Ram.TotalCost);
        }
        return coefficients;
    }

    public static string KeyOf(Allocation allocation, bool byNode) =>
        byNode ? $"{allocation.Properties.Cluster}/{allocation.Properties.Node}" : allocation.Properties.Cluster;

    /// <summary>Whether anything of this resource (0 CPU, 1 GPU, 2 RAM) is allocated there.</summary>
    public bool IsAllocated(string key, int resource) => totals.TryGetValue(key, out var total) && total[resource] > 0;

    /// <summary>The parts of an allocation that these coefficients were made of.</summary>
    public IdleShare ShareOf(Allocation allocation)
    {
        var total = totals[KeyOf(allocation, byNode)];
        return new(Part(allocation.Cpu.TotalCost, total[0]), Part(allocation.Gpu.TotalCost, total[1]), Part(allocation.Ram.TotalCost, total[2]));
    }

    private static double Part(double cost, double total) => cost > 0 && total > 0 ? cost / total : 0;
}
