using Fleet.Cost.Allocations;
using Fleet.Cost.Anomalies;
using Fleet.Cost.Forecasts;
using Fleet.Observability.Days;

namespace Fleet.Observability.Anomalies;

/// <summary>Looks for odd days in many series. Pure.</summary>
internal static class AnomalySearch
{
    /// <summary>The dearest ones; of others nobody would want to hear.</summary>
    public const int MostSeries = 5000;

    /// <summary>Days that are read: what is looked back from the first day of an anomaly that is about to become usual.</summary>
    public static readonly int DaysRead = 2 * AnomalyRules.Default.DaysBack + 7;

    /// <param name="rows">By day, cluster and name.</param>
    /// <param name="reach">By cluster the first day that is not known as a whole; a cluster that is late must not look cheap.</param>
    public static IReadOnlyList<FoundAnomaly> Find(IReadOnlyList<DayRow> rows, IReadOnlyDictionary<string, DateOnly> reach, DateOnly today)
    {
        return
        [
            .. rows.GroupBy(row => new AnomalySeries(row.Subject, row.Cost.Cluster, row.Cost.Name, row.Currency))
                // What has no team is no team; its cluster is looked at.
                .Where(series => series.Key is not { Subject: DaySubject.Teams, Name: AllocationKeys.Unallocated })
                .OrderByDescending(series => series.Sum(row => row.Cost.Total)).Take(MostSeries)
                .SelectMany(series => AnomalyFinder.Find(Filled(series, End(series.Key.Cluster)), End(series.Key.Cluster)).Select(anomaly => new FoundAnomaly(series.Key, Rounded(anomaly))))
                // What is not there any more costs less than usual, and is nothing odd.
                .Where(found => found.Anomaly.Actual > 0),
        ];

        DateOnly End(string cluster) => reach.TryGetValue(cluster, out var end) && end < today ? end : today;
    }

    /// <summary>What is to be written, and which rows are open that are no anomalies any more.</summary>
    public static (IReadOnlyList<FoundAnomaly> Written, IReadOnlyList<AnomalyRow> Over) Compare(IReadOnlyList<FoundAnomaly> found, IReadOnlyList<AnomalyRow> known)
    {
        var before = known.ToDictionary(row => (row.Series, row.Anomaly.FirstDay));
        var open = found.Where(one => one.Anomaly.IsOpen).Select(one => (one.Series, one.Anomaly.FirstDay)).ToHashSet();
        return (
            [.. found.Where(one => !before.TryGetValue((one.Series, one.Anomaly.FirstDay), out var row) || row.Anomaly != one.Anomaly)],
            [.. known.Where(row => row.Anomaly.IsOpen && !open.Contains((row.Series, row.Anomaly.FirstDay)))]);
    }

    /// <summary>The database adds up in any order: the same anomaly must be equal to itself when it is looked for again.</summary>
    private static CostAnomaly Rounded(CostAnomaly anomaly) => anomaly with { Expected = Math.Round(anomaly.Expected, 4), Actual = Math.Round(anomaly.Actual, 4) };

    private static IEnumerable<DailyCost> Filled(IEnumerable<DayRow> series, DateOnly end)
    {
        var costs = series.GroupBy(row => row.Day).ToDictionary(day => day.Key, day => day.Sum(row => row.Cost.Total));
        for (var day = costs.Keys.Min(); day < end; day = day.AddDays(1))
            yield return new(day, costs.GetValueOrDefault(day));
    }

    /// <summary>What has changed most between two days. Pure.</summary>
    public static IReadOnlyList<AnomalyPart> Top(IEnumerable<Cost.Days.DayCost> day, IEnumerable<Cost.Days.DayCost> before, bool isMore, int most)
    {
        var was = before.ToDictionary(cost => cost.Name, cost => cost.Total);
        var now = day.ToDictionary(cost => cost.Name, cost => cost.Total);
        return
        [
            .. now.Keys.Union(was.Keys).Select(name => new AnomalyPart(name, Math.Round(now.GetValueOrDefault(name) - was.GetValueOrDefault(name), 2)))
                .Where(part => isMore ? part.Amount > 0 : part.Amount < 0).OrderByDescending(part => Math.Abs(part.Amount)).ThenBy(part => part.Name, StringComparer.Ordinal).Take(most),
        ];
    }
}
