using Fleet.Control.Kinds;
using Fleet.Cost.Budgets;
using Fleet.Cost.Days;
using Fleet.Cost.Forecasts;
using Fleet.Observability.Days;

namespace Fleet.Observability.Costs.Summary;

/// <summary>Makes the summary. Pure.</summary>
internal static class SummaryFrom
{
    private const int MostMovers = 10;

    private const int MostClusters = 100;

    /// <summary>A cent less or more moves nothing.</summary>
    private const double SmallestMove = 0.01;

    public static CostSummary Of(SummaryFacts facts)
    {
        var dates = facts.Dates;
        var month = facts.Days.Where(day => day.Day >= dates.Month).ToList();
        var now = DayCost.Sum(month.Select(day => day.Cost));
        return new()
        {
            Currency = facts.Currency,
            Window = new(BudgetEvaluator.Text(dates.Month), BudgetEvaluator.Text(dates.NextMonth)),
            MonthToDate = Amount(now.Total),
            LastMonth = Span(facts, dates.LastMonth, dates.Month),
            LastMonthToSameDay = Span(facts, dates.LastMonth, dates.LastMonthSameDayEnd),
            Forecast = ForecastOf(facts, now.Total),
            Budget = BudgetOf(facts),
            IdlePercent = now.Total > 0 ? Math.Round(100 * now.Idle / now.Total, 1) : 0,
            Efficiency = now.Compute > 0 ? Math.Round(now.Efficiency, 4) : null,
            Savings = facts.Savings is { } savings ? new(Amount(savings.Cash), Amount(savings.Freed)) : null,
            OpenAnomalies = facts.OpenAnomalies,
            TopMovers = Movers(facts),
            Clusters = Clusters(facts),
            ClusterCount = facts.ClustersNow.Count,
            Days = [.. facts.Days.OrderBy(day => day.Day).Select(day => new SummaryDay(BudgetEvaluator.Text(day.Day), Amount(day.Cost.Total), Amount(day.Cost.Idle)))],
            Balanced = facts.Balanced,
            Simulated = facts.Freshness.Any(cluster => cluster.IsSimulated),
            MissingPrices = Fleet.Observability.Days.MissingPrices.Keys(now.Missing),
            Stale = facts.Stale,
            KnownSince = facts.Days.Count > 0 ? BudgetEvaluator.Text(facts.Days.Min(day => day.Day)) : null,
        };
    }

    /// <summary>Null when it began before the costs did: a part would pass for the whole, and everything after it for a rise.</summary>
    private static double? Span(SummaryFacts facts, DateOnly from, DateOnly until) =>
        IsKnownSince(facts, from) && facts.Days.Where(day => day.Day >= from && day.Day < until).ToList() is { Count: > 0 } days ? Amount(days.Sum(day => day.Cost.Total)) : null;

    private static bool IsKnownSince(SummaryFacts facts, DateOnly day) => facts.Days.Count > 0 && facts.Days.Min(known => known.Day) <= day;

    private static SummaryForecast ForecastOf(SummaryFacts facts, double spent) =>
        Forecaster.Of(facts.Days.Select(day => new DailyCost(day.Day, day.Cost.Total)), facts.Dates.Month, facts.Dates.NextMonth, facts.Dates.Today, ForecastMethod.Weekday) is { } forecast
            // The running day may be dearer already than a whole one was guessed to be.
            ? new(Amount(Math.Max(spent, forecast.Expected)), Amount(Math.Max(spent, forecast.Low)), Amount(Math.Max(spent, forecast.High)), forecast.Method.ToString(), true)
            : new(null, null, null, null, false);

    /// <summary>
    /// The budgets of a month: one for everything when there is one, else the sum of all, in which what two of them cover counts twice.
    /// </summary>
    private static SummaryBudget? BudgetOf(SummaryFacts facts)
    {
        var monthly = facts.Budgets.Where(budget => budget.Spec.Period == "Monthly" && budget.Spec.Currency == facts.Currency && budget.Status is { Spent: not null, State: not ("Ended" or "NotStarted") }).ToList();
        var whole = monthly.Where(budget => string.IsNullOrWhiteSpace(budget.Spec.Filter) && SystemNamespaces.Default.Names.Contains(budget.Metadata.Namespace)).ToList();
        var counted = whole.Count > 0 ? whole[..1] : monthly;
        return counted.Count == 0 ? null : new((double)counted.Sum(budget => budget.Spec.Amount), (double)counted.Sum(budget => budget.Status!.Spent!.Value), counted.Count);
    }

    private static List<SummaryMover> Movers(SummaryFacts facts)
    {
        // Without a whole week before there is nothing to compare with: everything would be a mover.
        if (facts.Days.Count == 0 || facts.Days.Min(day => day.Day) > facts.Dates.WeekBefore)
            return [];
        var before = facts.WeekBefore.ToDictionary(row => (row.Subject, row.Cost.Cluster, row.Cost.Name), row => row.Cost.Total);
        var now = facts.WeekNow.ToDictionary(row => (row.Subject, row.Cost.Cluster, row.Cost.Name), row => row.Cost.Total);
        return
        [
            .. now.Keys.Union(before.Keys)
                .Select(key => (Key: key, Now: now.GetValueOrDefault(key), Before: before.GetValueOrDefault(key)))
                .Where(move => Math.Abs(move.Now - move.Before) >= SmallestMove)
                .OrderByDescending(move => Math.Abs(move.Now - move.Before)).ThenBy(move => move.Key)
                // So many of each kind: a cluster always moves more than its namespaces do.
                .GroupBy(move => move.Key.Subject).SelectMany(group => group.Take(MostMovers))
                .Select(move => new SummaryMover(
                    DaySubject.KindOf(move.Key.Subject), move.Key.Name, move.Key.Cluster.Length > 0 ? move.Key.Cluster : null, Amount(move.Now), Amount(move.Before), Amount(move.Now - move.Before))),
        ];
    }

    private static List<SummaryCluster> Clusters(SummaryFacts facts)
    {
        var freshness = facts.Freshness.GroupBy(cluster => cluster.Cluster).ToDictionary(group => group.Key, group => group.MaxBy(line => line.SeenUntil)!);
        var hasBefore = IsKnownSince(facts, facts.Dates.LastMonth);
        return
        [
            .. facts.ClustersNow.OrderByDescending(cluster => cluster.Value.Total).ThenBy(cluster => cluster.Key, StringComparer.Ordinal).Take(MostClusters)
                .Select(cluster => new SummaryCluster(
                    cluster.Key, Amount(cluster.Value.Total), hasBefore ? Amount(cluster.Value.Total - (facts.ClustersBefore.GetValueOrDefault(cluster.Key)?.Total ?? 0)) : null,
                    Amount(cluster.Value.Idle), freshness.GetValueOrDefault(cluster.Key)?.SeenUntil, freshness.GetValueOrDefault(cluster.Key)?.Problems ?? [])),
        ];
    }

    private static double Amount(double amount) => double.IsFinite(amount) ? Math.Round(amount, 2, MidpointRounding.AwayFromZero) : 0;
}
