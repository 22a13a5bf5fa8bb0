namespace Fleet.Cost.Anomalies;

/// <summary>What counts as an anomaly: all three must be exceeded, so that neither cents nor usual swings are reported.</summary>
public sealed record AnomalyRules
{
    public static AnomalyRules Default { get; } = new();

    /// <summary>Times the usual distance from the median (the median absolute deviation, scaled to a standard deviation).</summary>
    public double Deviations { get; init; } = 3.5;

    /// <summary>In the currency of the series, a day.</summary>
    public double MinimumImpact { get; init; } = 1;

    /// <summary>Of the median, from 0.</summary>
    public double MinimumRelativeImpact { get; init; } = 0.2;

    /// <summary>Days that are looked back.</summary>
    public int DaysBack { get; init; } = 56;

    /// <summary>Days of the same weekday without which nothing is said: three weeks, as it is.</summary>
    public int FewestOfWeekday { get; init; } = 3;
}
