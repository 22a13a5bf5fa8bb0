using System.Globalization;
using Fleet.Contracts.Budgets;
using Fleet.Cost.Forecasts;

namespace Fleet.Cost.Budgets;

/// <summary>Compares what is spent, and what will be, with a budget. Pure.</summary>
public static class BudgetEvaluator
{
    /// <summary>Of budgets that name none.</summary>
    public static IReadOnlyList<BudgetThreshold> UsualThresholds { get; } =
        [new() { Kind = Actual, Percent = 80 }, new() { Kind = Actual, Percent = 100 }, new() { Kind = ByForecast, Percent = 100 }];

    private const string Actual = "Actual";

    private const string ByForecast = "Forecast";

    /// <param name="spec">The budget.</param>
    /// <param name="figures">What is known of its costs.</param>
    /// <param name="before">Its status as it was: when thresholds were crossed first. A new period, another filter or another amount begins anew.</param>
    /// <param name="isSameSpec">Whether that status is about this spec.</param>
    /// <param name="now">The time, which a threshold that is crossed now gets.</param>
    public static BudgetEvaluation Evaluate(BudgetSpec spec, BudgetFigures figures, BudgetStatus? before, bool isSameSpec, DateTimeOffset now)
    {
        var period = BudgetPeriod.At(spec, figures.Today);
        var inPeriod = figures.Days.Where(day => period.Contains(day.Day) && day.Day <= figures.Today && double.IsFinite(day.Cost));
        var spent = inPeriod.Sum(day => day.Cost);
        var forecast = figures.Today < period.First ? null : AtLeast(spent, Forecaster.Of(figures.Days, period.First, period.End, figures.Today, ForecastMethod.Weekday));
        var isSamePeriod = isSameSpec && before?.Period is { } known && known.Start == Text(period.First) && known.End == Text(period.Last);
        var thresholds = (spec.Thresholds is { Count: > 0 } own ? own : UsualThresholds)
            .Select(threshold => StateOf(threshold, spec.Amount, spent, forecast, isSamePeriod ? before!.Thresholds : null, now)).ToList();
        return new(period, spent, forecast, StateOf(spec, figures.Today, period, spent, forecast, thresholds), thresholds);
    }

    /// <summary>A day as it is written in a status.</summary>
    public static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>The running day is guessed as a whole; when it is dearer than that already, what is spent is the least that will be.</summary>
    private static Forecast? AtLeast(double spent, Forecast? forecast) => forecast is null ? null : forecast with
    {
        Expected = Math.Max(spent, forecast.Expected), Low = Math.Max(spent, forecast.Low), High = Math.Max(spent, forecast.High),
    };

    private static ThresholdState StateOf(BudgetThreshold threshold, decimal amount, double spent, Forecast? forecast, List<BudgetThresholdStatus>? before, DateTimeOffset now)
    {
        var ofForecast = threshold.Kind == ByForecast;
        var limit = (double)(amount * threshold.Percent / 100);
        var value = ofForecast ? forecast?.Expected : spent;
        // Nothing spent crosses nothing, also of a budget of nothing.
        var isCrossed = value is { } known && known >= limit && known > 0;
        var at = before?.Find(one => one.Kind == threshold.Kind && one.Percent == threshold.Percent)?.At;
        return new(ofForecast, threshold.Percent, isCrossed, at ?? (isCrossed ? now : null), at is null && isCrossed);
    }

    private static BudgetState StateOf(BudgetSpec spec, DateOnly today, BudgetPeriod period, double spent, Forecast? forecast, IReadOnlyList<ThresholdState> thresholds) =>
        today < period.First ? BudgetState.NotStarted
        : spent > (double)spec.Amount ? BudgetState.Exceeded
        : today > period.Last ? BudgetState.Ended
        : forecast?.Expected > (double)spec.Amount || thresholds.Any(threshold => threshold.IsCrossed) ? BudgetState.AtRisk
        : BudgetState.OnTrack;
}
