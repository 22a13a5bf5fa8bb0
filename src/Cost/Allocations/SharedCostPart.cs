namespace Fleet.Cost.Allocations;

/// <summary>One source of an allocation's shared cost: a shared namespace, a value of a shared label, or an overhead.</summary>
public readonly record struct SharedCostPart(double Cpu, double Gpu, double Ram, double Volume, double Network, double LoadBalancer, double External, double Total)
{
    internal static SharedCostPart Of(Allocation shared, double factor) => new(
        shared.Cpu.TotalCost * factor, shared.Gpu.TotalCost * factor, shared.Ram.TotalCost * factor, shared.VolumeTotalCost * factor,
        shared.Network.TotalCost * factor, shared.LoadBalancerTotalCost * factor, shared.ExternalCost * factor, shared.TotalCost * factor);

    public static SharedCostPart operator +(SharedCostPart one, SharedCostPart other) => new(
        one.Cpu + other.Cpu, one.Gpu + other.Gpu, one.Ram + other.Ram, one.Volume + other.Volume,
        one.Network + other.Network, one.LoadBalancer + other.LoadBalancer, one.External + other.External, one.Total + other.Total);

    public static SharedCostPart Add(SharedCostPart one, SharedCostPart other) => one + other;
}
