namespace Fleet.Cost.Savings;

/// <summary>What a recommendation saves in a month of 730 hours. A price that is missing makes an amount null, and never zero.</summary>
/// <param name="Cash">What the bill becomes smaller by at once: only what ends an asset (a node, a disk, a load balancer) does.</param>
/// <param name="Freed">Price of what is no longer requested. It is idle until nodes go, and apart from <paramref name="Cash"/>.</param>
public sealed record MonthlySaving(double? Cash, double? Freed, string Currency)
{
    /// <summary>Nothing of the bill ends by itself.</summary>
    public static MonthlySaving OfRequests(double? freed, string currency) => new(0, freed, currency);

    /// <summary>An asset ends; nobody requests less.</summary>
    public static MonthlySaving OfAsset(double? price, string currency) => new(price, price is null ? null : 0, currency);
}
