namespace Fleet.Cost.Assets;

/// <summary>What is paid for a cluster being there: a provider's fee for its control plane, an operator's time.</summary>
public sealed record ClusterManagementAsset
{
    public required string Cluster { get; init; }

    public string Provisioner { get; init; } = "";

    public DateTimeOffset Start { get; init; }

    public DateTimeOffset End { get; init; }

    /// <summary>Currency per hour.</summary>
    public double HourPrice { get; init; }

    public double Adjustment { get; init; }

    public double Hours => (End - Start).TotalHours;

    public double Cost => HourPrice * Hours;

    public double TotalCost => Cost + Adjustment;

    public IReadOnlyList<CostComponent> Components => [new("management", 1, "clusters", Hours, HourPrice)];
}
