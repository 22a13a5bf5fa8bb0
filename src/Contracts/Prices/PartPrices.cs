using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Fleet.Contracts.Schema;

namespace Fleet.Contracts.Prices;

public sealed record GpuPrice
{
    [Required, MinLength(1), MaxLength(100), Atomic, Description("Models, as the machines' labels name them.")]
    public List<string> Models { get; set; } = [];

    [Description("True for spot machines only, false for others only; absent means both.")]
    public bool? Spot { get; set; }

    [Required, Range(0, int.MaxValue), Description("Price of one for an hour.")]
    public decimal Hour { get; set; }
}

[ExactlyOneOf("gibHour", "gibMonth")]
public sealed record StoragePrice
{
    [MaxLength(100), Atomic, Description("Storage classes; absent means all.")]
    public List<string>? StorageClasses { get; set; }

    [Range(0, int.MaxValue), Description("Price of a GiB for an hour.")]
    public decimal? GibHour { get; set; }

    [Range(0, int.MaxValue), Description("Price of a GiB for a month of 730 hours.")]
    public decimal? GibMonth { get; set; }
}

public sealed record LoadBalancerPrice
{
    [Required, Range(0, int.MaxValue), Description("Price of a load balancer, or of each of its rules, for an hour.")]
    public decimal Hour { get; set; }

    [Range(0, int.MaxValue), Description("Price of a GiB that comes in; absent means nothing is charged for it.")]
    public decimal? IngressGib { get; set; }
}

public sealed record NetworkPrice
{
    [Range(0, int.MaxValue), Description("Price of a GiB that goes to another zone.")]
    public decimal? CrossZoneGib { get; set; }

    [Range(0, int.MaxValue), Description("Price of a GiB that goes to another region.")]
    public decimal? CrossRegionGib { get; set; }

    [Range(0, int.MaxValue), Description("Price of a GiB that goes to the internet.")]
    public decimal? InternetGib { get; set; }

    [Range(0, int.MaxValue), Description("Price of a GiB that pods send, wherever it goes, since kubelets count bytes and not destinations.")]
    public decimal? EgressGib { get; set; }
}

public sealed record ManagementPrice
{
    [Required, Range(0, int.MaxValue), Description("Price of a cluster for an hour.")]
    public decimal Hour { get; set; }
}
