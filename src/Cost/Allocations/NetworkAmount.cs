namespace Fleet.Cost.Allocations;

/// <summary>What an allocation sends and receives; billed by use, so never idle.</summary>
public readonly record struct NetworkAmount
{
    public double TransferBytes { get; init; }

    public double ReceiveBytes { get; init; }

    /// <summary>All of the egress that is priced: the three below, and what goes nobody knows where.</summary>
    public double Cost { get; init; }

    public double CrossZoneCost { get; init; }

    public double CrossRegionCost { get; init; }

    public double InternetCost { get; init; }

    public double CostAdjustment { get; init; }

    public double TotalCost => Cost + CostAdjustment;

    /// <summary>Egress by where it goes, in bytes, at prices per GiB.</summary>
    public static NetworkAmount OfEgress(double crossZoneBytes, double crossRegionBytes, double internetBytes, double zonePerGiB, double regionPerGiB, double internetPerGiB)
    {
        var zone = crossZoneBytes / CostUnits.BytesPerGiB * zonePerGiB;
        var region = crossRegionBytes / CostUnits.BytesPerGiB * regionPerGiB;
        var internet = internetBytes / CostUnits.BytesPerGiB * internetPerGiB;
        return new() { CrossZoneCost = zone, CrossRegionCost = region, InternetCost = internet, Cost = zone + region + internet };
    }

    /// <summary>With bytes of which it is not known where they go, at a price per GiB.</summary>
    public NetworkAmount WithUnknown(double bytes, double perGiB) => this with { Cost = Cost + bytes / CostUnits.BytesPerGiB * perGiB };

    public static NetworkAmount operator +(NetworkAmount one, NetworkAmount other) => new()
    {
        TransferBytes = one.TransferBytes + other.TransferBytes,
        ReceiveBytes = one.ReceiveBytes + other.ReceiveBytes,
        Cost = one.Cost + other.Cost,
        CrossZoneCost = one.CrossZoneCost + other.CrossZoneCost,
        CrossRegionCost = one.CrossRegionCost + other.CrossRegionCost,
        InternetCost = one.InternetCost + other.InternetCost,
        CostAdjustment = one.CostAdjustment + other.CostAdjustment,
    };

    public static NetworkAmount Add(NetworkAmount one, NetworkAmount other) => one + other;
}
