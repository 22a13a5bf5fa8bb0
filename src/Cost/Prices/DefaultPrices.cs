namespace Fleet.Cost.Prices;

/// <summary>
/// OpenCost's prices of disks and traffic for clusters that nothing is known of, in US dollars. Fleet takes none of them by itself: a row without a price is marked. They are
/// what a demo, or a first sheet, starts from.
/// </summary>
public static class DefaultPrices
{
    /// <summary>0.04 a month.</summary>
    public const double DiskGiBHour = 0.04 / CostUnits.HoursPerMonth;

    public const double CrossZoneGiB = 0.01;

    public const double CrossRegionGiB = 0.01;

    public const double InternetGiB = 0.12;
}
