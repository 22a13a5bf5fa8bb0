using Fleet.Cost.Forecasts;

namespace Fleet.Cost.Anomalies;

/// <summary>
/// Finds days that cost other than usual. Usual is the median of the same weekday, and how far days may be from it the median of such distances (MAD): a few odd days in the
/// past change neither. Days of an anomaly are no part of what is usual while it is open. Pure.
/// </summary>
public static class AnomalyFinder
{
    /// <summary>Of a normal distribution the standard deviation is so many MADs.</summary>
    private const double MadToDeviation = 1.4826;

    /// <param name="history">Days of one series, in any order.</param>
    /// <param name="today">The day that is not over; it and what is after it are left out.</param>
    public static IReadOnlyList<CostAnomaly> Find(IEnumerable<DailyCost> history, DateOnly today, AnomalyRules? rules = null)
    {
        rules ??= AnomalyRules.Default;
        var days = history.Where(day => day.Day < today && double.IsFinite(day.Cost)).OrderBy(day => day.Day).ToList();
        var found = new List<CostAnomaly>();
        var usual = new List<DailyCost>();
        var held = new List<DailyCost>();
        CostAnomaly? open = null;
        foreach (var day in days)
        {
            // What has lasted for as long as is looked back is the new usual; otherwise a price rise would stay open for ever.
            if (open is not null && day.Day.DayNumber - open.FirstDay.DayNumber >= rules.DaysBack)
            {
                found.Add(open with { IsOpen = false });
                open = null;
                usual = held;
                held = [];
            }
            if (Judge(usual, day, open?.FirstDay ?? day.Day, rules) is { } odd)
            {
                open = open is { } going && going.Impact > 0 == odd.Impact > 0 ? Longer(going, odd) : Closed(found, open, odd);
                held.Add(day);
                continue;
            }
            if (open is not null)
                found.Add(open with { IsOpen = false });
            open = null;
            held.Clear();
            usual.Add(day);
        }
        if (open is not null)
            found.Add(open);
        return found;
    }

    private static CostAnomaly? Closed(List<CostAnomaly> found, CostAnomaly? before, CostAnomaly next)
    {
        if (before is not null)
            found.Add(before with { IsOpen = false });
        return next;
    }

    private static CostAnomaly Longer(CostAnomaly open, CostAnomaly day) => open with
    {
        LastDay = day.LastDay,
        Expected = open.Expected + day.Expected,
        Actual = open.Actual + day.Actual,
        Severity = open.Severity > day.Severity ? open.Severity : day.Severity,
    };

    /// <param name="from">What is before it is usual: the day itself, or the first day of the anomaly that it may be part of.</param>
    private static CostAnomaly? Judge(IReadOnlyList<DailyCost> usual, DailyCost day, DateOnly from, AnomalyRules rules)
    {
        var byWeekday = usual.Where(one => from.DayNumber - one.Day.DayNumber <= rules.DaysBack).ToLookup(one => one.Day.DayOfWeek, one => one.Cost);
        var alike = byWeekday[day.Day.DayOfWeek].ToList();
        if (alike.Count < rules.FewestOfWeekday)
            return null;
        var median = Median(alike);
        // A handful of Sundays may lie together by chance: days may be as far off as any day of the week usually is.
        var deviation = MadToDeviation * Math.Max(Median(Distances(alike, median)), Median([.. byWeekday.SelectMany(costs => Distances(costs, Median([.. costs])))]));
        var distance = Math.Abs(day.Cost - median);
        // A series that never moved has no deviation: there the impact alone decides.
        if (distance <= rules.Deviations * deviation || distance < rules.MinimumImpact || distance < rules.MinimumRelativeImpact * Math.Abs(median))
            return null;
        var severity = median > 0 && distance < median / 2 ? AnomalySeverity.Low : median > 0 && distance < median ? AnomalySeverity.Medium : AnomalySeverity.High;
        return new(day.Day, day.Day, true, median, day.Cost, severity);
    }

    private static List<double> Distances(IEnumerable<double> costs, double median) => [.. costs.Select(cost => Math.Abs(cost - median))];

    private static double Median(List<double> values)
    {
        values.Sort();
        var middle = values.Count / 2;
        return values.Count % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
    }
}
