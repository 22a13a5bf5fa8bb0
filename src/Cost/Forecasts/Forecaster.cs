namespace Fleet.Cost.Forecasts;

/// <summary>
/// Guesses what a period will cost. With fewer than seven whole days there is no forecast: two days of a new cluster say nothing about a month. Pure.
/// </summary>
public static class Forecaster
{
    /// <summary>Whole days that must be known, of this period or before it.</summary>
    public const int FewestDays = 7;

    /// <summary>Days of each weekday that are looked at.</summary>
    private const int WeeksBack = 4;

    /// <summary>Days that a day's scatter is taken from.</summary>
    private const int DaysBack = 28;

    /// <summary>Of a normal distribution 90 % lie within so many standard deviations.</summary>
    private const double Within90Percent = 1.645;

    /// <param name="history">Whole days, in any order; days without a row cost nothing between the first and the last that have one.</param>
    /// <param name="start">First day of the period.</param>
    /// <param name="end">Day after the last one.</param>
    /// <param name="today">The day that is not over: its cost is not counted, and it is guessed as the days after it are.</param>
    /// <param name="method">How; see <see cref="Forecast.Method"/>.</param>
    /// <returns>Null when too few days are known.</returns>
    public static Forecast? Of(IEnumerable<DailyCost> history, DateOnly start, DateOnly end, DateOnly today, ForecastMethod method)
    {
        if (end <= start)
            throw new ArgumentException("the period ends before it begins", nameof(end));
        var days = Filled(history, today);
        var spent = days.Where(day => day.Day >= start && day.Day < end).Sum(day => day.Cost);
        if (today >= end)
            return days.Count == 0 ? null : new(spent, spent, spent, spent, method);
        if (days.Count < FewestDays)
            return null;

        var guess = Guess(days, start, method, out var used);
        var rest = Days(today < start ? start : today, end).ToList();
        var expected = spent + rest.Sum(guess);
        var band = Within90Percent * Scatter(days, used) * Math.Sqrt(rest.Count);
        return new(spent, expected, Math.Max(spent, expected - band), expected + band, used);
    }

    private static Func<DateOnly, double> Guess(IReadOnlyList<DailyCost> days, DateOnly start, ForecastMethod method, out ForecastMethod used)
    {
        // A weekday that was seen once may have been the odd one.
        if (method == ForecastMethod.Weekday && days.Count >= 2 * FewestDays)
        {
            used = ForecastMethod.Weekday;
            var means = days.TakeLast(WeeksBack * 7).GroupBy(day => day.Day.DayOfWeek).ToDictionary(group => group.Key, group => group.Average(day => day.Cost));
            return day => means[day.DayOfWeek];
        }
        var inPeriod = days.Where(day => day.Day >= start).ToList();
        used = method == ForecastMethod.RunRate && inPeriod.Count > 0 ? ForecastMethod.RunRate : ForecastMethod.TrailingWeek;
        var mean = used == ForecastMethod.RunRate ? inPeriod.Average(day => day.Cost) : days.TakeLast(7).Average(day => day.Cost);
        return _ => mean;
    }

    /// <summary>Standard deviation of a day around what the method would have said: for weekdays around their own means.</summary>
    private static double Scatter(IReadOnlyList<DailyCost> days, ForecastMethod method)
    {
        var recent = days.TakeLast(DaysBack).ToList();
        var groups = method == ForecastMethod.Weekday ? recent.GroupBy(day => (int)day.Day.DayOfWeek).ToList() : recent.GroupBy(_ => 0).ToList();
        var squares = groups.Sum(group =>
        {
            var mean = group.Average(day => day.Cost);
            return group.Sum(day => (day.Cost - mean) * (day.Cost - mean));
        });
        var freedom = recent.Count - groups.Count;
        return freedom > 0 ? Math.Sqrt(squares / freedom) : 0;
    }

    private static List<DailyCost> Filled(IEnumerable<DailyCost> history, DateOnly today)
    {
        var known = history.Where(day => day.Day < today && double.IsFinite(day.Cost)).GroupBy(day => day.Day).ToDictionary(group => group.Key, group => group.Sum(day => day.Cost));
        return known.Count == 0 ? [] : [.. Days(known.Keys.Min(), known.Keys.Max().AddDays(1)).Select(day => new DailyCost(day, known.GetValueOrDefault(day)))];
    }

    private static IEnumerable<DateOnly> Days(DateOnly from, DateOnly until)
    {
        for (var day = from; day < until; day = day.AddDays(1))
            yield return day;
    }
}
