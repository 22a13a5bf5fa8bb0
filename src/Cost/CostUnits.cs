namespace Fleet.Cost;

/// <summary>
/// Conversions that the whole model shares. Hours and cores are plain numbers, memory and disks are bytes, and prices per byte are per GiB (2^30 bytes).
/// </summary>
public static class CostUnits
{
    /// <summary>Bytes of a GiB, which prices of memory, disks and network are per.</summary>
    public const double BytesPerGiB = 1024.0 * 1024 * 1024;

    /// <summary>Hours of every month when a monthly price becomes an hourly one: 8,760 hours of a year / 12. One constant, so that two pages never differ.</summary>
    public const double HoursPerMonth = 730;

    public const double BytesPerMiB = 1024.0 * 1024;

    /// <summary>What can not be printed is zero, as OpenCost cleans its rows.</summary>
    public static double Finite(double value) => double.IsFinite(value) ? value : 0;
}
