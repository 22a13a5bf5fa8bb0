namespace Fleet.Cost.Anomalies;

/// <summary>A stretch of days on which a series cost other than usual. There is at most one open at a time; it ends when the cost returns.</summary>
/// <param name="FirstDay">When it began.</param>
/// <param name="LastDay">The last day of it so far.</param>
/// <param name="IsOpen">Whether the cost has not returned yet.</param>
/// <param name="Expected">What the days would usually have cost together.</param>
/// <param name="Actual">What they cost.</param>
/// <param name="Severity">By the worst day.</param>
public sealed record CostAnomaly(DateOnly FirstDay, DateOnly LastDay, bool IsOpen, double Expected, double Actual, AnomalySeverity Severity)
{
    /// <summary>Above zero: more than usual.</summary>
    public double Impact => Actual - Expected;
}
