using Fleet.Cost.Allocations;

namespace Fleet.Cost.Assets;

/// <summary>A machine in a window: what it had, and what it costs at list price.</summary>
public sealed record NodeAsset
{
    public required string Cluster { get; init; }

    public required string Name { get; init; }

    public string ProviderId { get; init; } = "";

    public string InstanceType { get; init; } = "";

    public string Pool { get; init; } = "";

    public bool IsSpot { get; init; }

    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    public DateTimeOffset Start { get; init; }

    public DateTimeOffset End { get; init; }

    public double CpuCoreHours { get; init; }

    public double RamByteHours { get; init; }

    public double GpuHours { get; init; }

    public double CpuCost { get; init; }

    public double RamCost { get; init; }

    public double GpuCost { get; init; }

    /// <summary>From 0 to 1, of CPU and RAM. As in OpenCost a GPU's price is what it is.</summary>
    public double Discount { get; init; }

    /// <summary>What the bill adds to the whole machine; negative when it takes away.</summary>
    public double Adjustment { get; init; }

    public MissingPrice MissingPrice { get; init; }

    public double Hours => (End - Start).TotalHours;

    public double TotalCost => Unadjusted + Adjustment;

    /// <summary>
    /// What is billed for each unit of currency: total / (total − adjustment). There is one adjustment for the machine, so it is spread over its resources. 0 when there is
    /// nothing to spread it over.
    /// </summary>
    public double AdjustmentRate => Unadjusted == 0 ? 0 : Adjustment == 0 ? 1 : TotalCost / Unadjusted;

    public AdjustedCost AdjustedCpu => AdjustedCost.Of(CpuCost, Discount, AdjustmentRate);

    public AdjustedCost AdjustedRam => AdjustedCost.Of(RamCost, Discount, AdjustmentRate);

    public AdjustedCost AdjustedGpu => AdjustedCost.Of(GpuCost, 0, AdjustmentRate);

    public IReadOnlyList<CostComponent> Components =>
    [
        CostComponent.OfCost("cpu", CpuCoreHours, "cores", Hours, AdjustedCpu.Total),
        CostComponent.OfCost("ram", RamByteHours / CostUnits.BytesPerGiB, "GiB", Hours, AdjustedRam.Total),
        .. GpuHours > 0 ? [CostComponent.OfCost("gpu", GpuHours, "GPUs", Hours, AdjustedGpu.Total)] : Array.Empty<CostComponent>(),
    ];

    private double Unadjusted => (CpuCost + RamCost) * (1 - Discount) + GpuCost;
}
