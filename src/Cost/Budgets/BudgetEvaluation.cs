using Fleet.Cost.Forecasts;

namespace Fleet.Cost.Budgets;

/// <summary>How a budget stands.</summary>
/// <param name="Period">The period that this is about.</param>
/// <param name="Spent">In it, the running day included.</param>
/// <param name="Forecast">Of its end; null when too little is known.</param>
/// <param name="State">In one word.</param>
/// <param name="Thresholds">Those of the spec, or the usual ones, in their order.</param>
public sealed record BudgetEvaluation(BudgetPeriod Period, double Spent, Forecast? Forecast, BudgetState State, IReadOnlyList<ThresholdState> Thresholds);

/// <summary>A threshold.</summary>
/// <param name="OfForecast">Whether it is of what will be spent, or else of what is.</param>
/// <param name="Percent">Of the amount.</param>
/// <param name="IsCrossed">Now.</param>
/// <param name="At">When first in this period.</param>
/// <param name="IsNew">Whether that is now: worth telling.</param>
public sealed record ThresholdState(bool OfForecast, decimal Percent, bool IsCrossed, DateTimeOffset? At, bool IsNew);

public enum BudgetState
{
    OnTrack,

    /// <summary>A threshold is crossed, or more will be spent than the amount.</summary>
    AtRisk,

    /// <summary>More is spent than the amount.</summary>
    Exceeded,

    /// <summary>Its first day has not come.</summary>
    NotStarted,

    /// <summary>Its last day is over.</summary>
    Ended,
}
