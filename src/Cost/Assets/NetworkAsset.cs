namespace Fleet.Cost.Assets;

/// <summary>Egress of a cluster, billed by use.</summary>
public sealed record NetworkAsset
{
    public required string Cluster { get; init; }

    public DateTimeOffset Start { get; init; }

    public DateTimeOffset End { get; init; }

    public double EgressBytes { get; init; }

    public double Cost { get; init; }

    public double Adjustment { get; init; }

    public double TotalCost => Cost + Adjustment;

    public IReadOnlyList<CostComponent> Components =>
        [new("egress", EgressBytes / CostUnits.BytesPerGiB, "GiB", null, EgressBytes > 0 ? TotalCost / EgressBytes * CostUnits.BytesPerGiB : 0)];
}
