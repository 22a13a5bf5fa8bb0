namespace Fleet.ControlPlane.Simulation.Usage;

/// <summary>What a day or a week of each pattern looks like, and what share of its request it uses. Tables only.</summary>
internal static class UsageShapes
{
    private const double Hour = 3_600;
    private const double Day = 24 * Hour;

    public static readonly PeriodicShape Flat = new(Day, (0, 1));

    private static readonly PeriodicShape ByDay = new(Day,
        (0, 0.45), (5 * Hour, 0.4), (9 * Hour, 1.4), (12 * Hour, 1.3), (15 * Hour, 1.6), (19 * Hour, 1.5), (23 * Hour, 0.5));

    private static readonly PeriodicShape ByWeek = new(7 * Day, [.. Enumerable.Range(0, 5).SelectMany(Working), (5 * Day, 0.3), (6 * Day, 0.25)]);

    private static readonly PeriodicShape InBursts = new(6 * Hour, (0, 0.1), (120, 8), (1_680, 8), (1_800, 0.1));

    /// <summary>Fills up over four weeks and is cleaned out.</summary>
    public static readonly PeriodicShape FillingUp = new(28 * Day, (0, 0), (27.5 * Day, 1));

    public static PeriodicShape Of(UsagePattern pattern) => pattern switch
    {
        UsagePattern.Daily or UsagePattern.OverRequesting or UsagePattern.UnderRequesting => ByDay,
        UsagePattern.Weekly => ByWeek,
        UsagePattern.Batch => InBursts,
        _ => Flat,
    };

    /// <summary>Of what is requested, on average: CPU and memory, and by how much of its average the memory goes along with the CPU.</summary>
    public static (double Cpu, double Memory, double Swing) Shares(UsagePattern pattern) => pattern switch
    {
        UsagePattern.Steady => (0.60, 0.70, 0.02),
        UsagePattern.Daily => (0.45, 0.60, 0.25),
        UsagePattern.Weekly => (0.40, 0.55, 0.20),
        UsagePattern.Batch => (0.35, 0.30, 0.60),
        UsagePattern.OverRequesting => (0.05, 0.05, 0.10),
        UsagePattern.UnderRequesting => (1.60, 1.30, 0.10),
        UsagePattern.Leak => (0.40, 0.50, 0.02),
        _ => (0.01, 0.10, 0.01),
    };

    /// <summary>Bytes that are received for a second of a core; as much again, more or less, is sent.</summary>
    public static double BytesPerCoreSecond(UsagePattern pattern) => pattern switch
    {
        UsagePattern.Idle => 20e3,
        UsagePattern.Batch => 8e6,
        UsagePattern.OverRequesting => 1e6,
        _ => 2e6,
    };

    private static IEnumerable<(double At, double Level)> Working(int day) =>
    [
        (day * Day, 0.3), (day * Day + 6 * Hour, 0.3), (day * Day + 9 * Hour, 2.2), (day * Day + 12 * Hour, 1.8), (day * Day + 14 * Hour, 2.3),
        (day * Day + 17 * Hour, 2.1), (day * Day + 20 * Hour, 0.4),
    ];
}
