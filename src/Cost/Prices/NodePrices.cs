using Fleet.Cost.Allocations;
using Fleet.Cost.Assets;

namespace Fleet.Cost.Prices;

/// <summary>What a machine's parts cost. A part without a price is null, and never zero: whoever uses it marks the row.</summary>
public sealed record NodePrices(Price? CpuCoreHour, Price? RamGiBHour, Price? GpuHour)
{
    public static NodePrices None { get; } = new(null, null, null);

    /// <summary>Of CPU and memory, from 0 to 1.</summary>
    public double Discount { get; init; }

    /// <summary>Whether the discount is for a commitment.</summary>
    public bool IsCommitted { get; init; }

    /// <summary>What has no price and should.</summary>
    public MissingPrice MissingOf(double gpus) =>
        (CpuCoreHour is null ? MissingPrice.Cpu : 0) | (RamGiBHour is null ? MissingPrice.Ram : 0) | (gpus > 0 && GpuHour is null ? MissingPrice.Gpu : 0);

    /// <summary>For arithmetic; what is missing is zero there, and marked by <see cref="MissingOf"/>.</summary>
    public NodeRates Rates => new(CpuCoreHour?.Amount ?? 0, RamGiBHour?.Amount ?? 0, GpuHour?.Amount ?? 0);
}
