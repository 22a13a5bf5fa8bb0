namespace Fleet.Cost.Forecasts;

/// <summary>How the rest of a period is guessed.</summary>
public enum ForecastMethod
{
    /// <summary>As it has been in this period so far.</summary>
    RunRate,

    /// <summary>As the last seven days were.</summary>
    TrailingWeek,

    /// <summary>Each weekday as that weekday was lately.</summary>
    Weekday,
}
