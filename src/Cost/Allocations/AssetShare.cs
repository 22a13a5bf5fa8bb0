namespace Fleet.Cost.Allocations;

/// <summary>
/// Which part of an asset (a machine, a volume, a load balancer; or all of a cluster together) an allocation takes: its cost of each resource and what the asset costs of it,
/// idle included. OpenCost's proportional asset resource costs.
/// </summary>
public sealed record AssetShare(string Cluster, string Name, string Type, string ProviderId)
{
    public AssetCosts Costs { get; init; }

    /// <summary>Of the whole asset.</summary>
    public AssetCosts Totals { get; init; }

    public double CpuPart => Part(Costs.Cpu, Totals.Cpu);

    public double GpuPart => Part(Costs.Gpu, Totals.Gpu);

    public double RamPart => Part(Costs.Ram, Totals.Ram);

    public double VolumePart => Part(Costs.Volume, Totals.Volume);

    public double LoadBalancerPart => Part(Costs.LoadBalancer, Totals.LoadBalancer);

    /// <summary>Of CPU, GPU and RAM together, by what they cost.</summary>
    public double NodePart => Part(Costs.Cpu + Costs.Gpu + Costs.Ram, Totals.Cpu + Totals.Gpu + Totals.Ram);

    private static double Part(double cost, double total) => total > 0 ? cost / total : 0;
}
