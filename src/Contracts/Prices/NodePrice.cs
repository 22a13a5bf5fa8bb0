using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Fleet.Contracts.Schema;

namespace Fleet.Contracts.Prices;

/// <summary>
/// A price of machines: as a whole (<c>hour</c> or <c>onPremises</c>), or of their parts. With a price as a whole, prices of parts are the proportions in which it is divided.
/// </summary>
[AtMostOneOf("hour", "onPremises")]
public sealed record NodePrice
{
    [MaxLength(100), Atomic, Description("Node pools; absent means all.")]
    public List<string>? NodePools { get; set; }

    [MaxLength(100), Atomic, Description("Instance types; absent means all.")]
    public List<string>? InstanceTypes { get; set; }

    [MaxLength(100), Atomic, Description("Regions; absent means all.")]
    public List<string>? Regions { get; set; }

    [Description("Labels that the machine must have; absent means any.")]
    public Dictionary<string, string>? NodeLabels { get; set; }

    [Description("True for spot machines only, false for others only; absent means both.")]
    public bool? Spot { get; set; }

    [Range(0, int.MaxValue), Description("Price of the whole machine for an hour.")]
    public decimal? Hour { get; set; }

    [Description("A machine of one's own: its price is what it cost, spread over its life, and its energy.")]
    public OnPremisesPrice? OnPremises { get; set; }

    [Range(0, int.MaxValue), Description("Price of a core for an hour.")]
    public decimal? CpuCoreHour { get; set; }

    [Range(0, int.MaxValue), Description("Price of a GiB of memory for an hour.")]
    public decimal? RamGibHour { get; set; }

    [Range(0, int.MaxValue), Description("Price of a GPU for an hour; one that is listed by its model wins.")]
    public decimal? GpuHour { get; set; }

    [Description("What is taken off the price of CPU and memory.")]
    public PriceDiscount? Discount { get; set; }
}

public sealed record PriceDiscount
{
    [Required, Range(0, 100), Description("Percent.")]
    public decimal Percent { get; set; }

    [AllowedValues("Negotiated", "Committed"), Description("Negotiated with the provider, or for a commitment to use so much; absent means Negotiated.")]
    public string? Kind { get; set; }
}

public sealed record OnPremisesPrice
{
    [Required, Range(0, int.MaxValue), Description("What the machine cost.")]
    public decimal PurchasePrice { get; set; }

    [Required, Range(1, 600), Description("Months that it is written off in.")]
    public int LifetimeMonths { get; set; }

    [Range(0, int.MaxValue), Description("What it is worth afterwards; absent means nothing.")]
    public decimal? ResidualValue { get; set; }

    [Range(0, int.MaxValue), Description("What else it costs in a month: place, support, people.")]
    public decimal? Month { get; set; }

    [Range(0, 1000000), Description("Power that it draws, in watts.")]
    public decimal? Watts { get; set; }

    [Range(0, int.MaxValue), Description("Price of a kilowatt-hour.")]
    public decimal? EnergyKwh { get; set; }

    [Range(1, 10), Description("Power usage effectiveness: power of the whole building for each watt of its machines; absent means 1.")]
    public decimal? PowerUsageEffectiveness { get; set; }
}
