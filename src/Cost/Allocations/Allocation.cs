namespace Fleet.Cost.Allocations;

/// <summary>
/// What a container, or a sum of containers, takes and costs in a window: OpenCost's allocation. Costs are in the currency of the set that it is in.
/// </summary>
public sealed record Allocation
{
    private static readonly IReadOnlyDictionary<VolumeKey, VolumeShare> NoVolumes = new Dictionary<VolumeKey, VolumeShare>();
    private static readonly IReadOnlyDictionary<string, LoadBalancerShare> NoLoadBalancers = new Dictionary<string, LoadBalancerShare>();
    private static readonly IReadOnlyDictionary<string, SharedCostPart> NoSharedParts = new Dictionary<string, SharedCostPart>();
    private static readonly IReadOnlyDictionary<string, AssetShare> NoAssetShares = new Dictionary<string, AssetShare>();

    /// <summary>The key in its set: cluster/namespace/pod/container before aggregation, the aggregation key after it.</summary>
    public required string Name { get; init; }

    public AllocationKind Kind { get; init; }

    public AllocationProperties Properties { get; init; } = new();

    /// <summary>What was asked for.</summary>
    public QueryWindow Window { get; init; }

    /// <summary>When it began inside of the window.</summary>
    public DateTimeOffset Start { get; init; }

    /// <summary>When it ended inside of the window.</summary>
    public DateTimeOffset End { get; init; }

    /// <summary>In cores.</summary>
    public ComputeAmount Cpu { get; init; }

    /// <summary>In devices.</summary>
    public ComputeAmount Gpu { get; init; }

    /// <summary>In bytes.</summary>
    public ComputeAmount Ram { get; init; }

    public NetworkAmount Network { get; init; }

    public double LoadBalancerCost { get; init; }

    public double LoadBalancerCostAdjustment { get; init; }

    public double VolumeCostAdjustment { get; init; }

    public IReadOnlyDictionary<VolumeKey, VolumeShare> Volumes { get; init; } = NoVolumes;

    /// <summary>By cluster/namespace/service.</summary>
    public IReadOnlyDictionary<string, LoadBalancerShare> LoadBalancers { get; init; } = NoLoadBalancers;

    public double SharedCost { get; init; }

    /// <summary>What <see cref="SharedCost"/> is made of; empty unless asked for.</summary>
    public IReadOnlyDictionary<string, SharedCostPart> SharedParts { get; init; } = NoSharedParts;

    public double ExternalCost { get; init; }

    /// <summary>Which parts of assets it takes; empty unless asked for.</summary>
    public IReadOnlyDictionary<string, AssetShare> AssetShares { get; init; } = NoAssetShares;

    /// <summary>Only of what was never added up.</summary>
    public PeakUsage? Peak { get; init; }

    public MissingPrice MissingPrice { get; init; }

    public double Hours => (End - Start).TotalHours;

    public double Minutes => (End - Start).TotalMinutes;

    public double CpuCores => OnAverage(Cpu.Hours);

    public double Gpus => OnAverage(Gpu.Hours);

    public double RamBytes => OnAverage(Ram.Hours);

    public double VolumeBytes => OnAverage(VolumeByteHours);

    public double VolumeByteHours => Volumes.Values.Sum(volume => volume.ByteHours);

    public double VolumeCost => Volumes.Values.Sum(volume => volume.Cost);

    public double VolumeTotalCost => VolumeCost + VolumeCostAdjustment;

    public double LoadBalancerTotalCost => LoadBalancerCost + LoadBalancerCostAdjustment;

    public double TotalCost =>
        Cpu.TotalCost + Gpu.TotalCost + Ram.TotalCost + VolumeTotalCost + Network.TotalCost + LoadBalancerTotalCost + SharedCost + ExternalCost;

    /// <summary>Of CPU and RAM, weighted by what they cost; 0 when neither costs anything.</summary>
    public double TotalEfficiency
    {
        get
        {
            var cost = Ram.TotalCost + Cpu.TotalCost;
            return cost > 0 ? (Ram.Efficiency * Ram.TotalCost + Cpu.Efficiency * Cpu.TotalCost) / cost : 0;
        }
    }

    private double OnAverage(double unitHours) => Hours > 0 ? unitHours / Hours : 0;
}
