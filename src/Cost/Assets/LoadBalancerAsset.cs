using Fleet.Cost.Allocations;

namespace Fleet.Cost.Assets;

/// <summary>A load balancer: forwarding rules by the hour, and bytes that come in by use.</summary>
public sealed record LoadBalancerAsset
{
    public required string Cluster { get; init; }

    public required string Namespace { get; init; }

    public required string Service { get; init; }

    public string ProviderId { get; init; } = "";

    public string Ip { get; init; } = "";

    public bool IsPrivate { get; init; }

    public DateTimeOffset Start { get; init; }

    public DateTimeOffset End { get; init; }

    public int Rules { get; init; } = 1;

    /// <summary>Currency per rule and hour.</summary>
    public double RuleHourPrice { get; init; }

    public double IngressBytes { get; init; }

    /// <summary>Currency per GiB.</summary>
    public double IngressGiBPrice { get; init; }

    public double Adjustment { get; init; }

    public MissingPrice MissingPrice { get; init; }

    /// <summary>As allocations name it.</summary>
    public string Key => $"{Cluster}/{Namespace}/{Service}";

    public double Hours => (End - Start).TotalHours;

    public double Cost => Components.Sum(component => component.TotalCost);

    public double TotalCost => Cost + Adjustment;

    public IReadOnlyList<CostComponent> Components =>
    [
        new("rules", Rules, "rules", Hours, RuleHourPrice),
        .. IngressBytes > 0 ? [new CostComponent("ingress", IngressBytes / CostUnits.BytesPerGiB, "GiB", null, IngressGiBPrice)] : Array.Empty<CostComponent>(),
    ];
}
