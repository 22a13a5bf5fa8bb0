using Fleet.Cost;
using Fleet.Cost.Allocations;
using Fleet.Cost.Days;
using Fleet.Cost.Filters;
using Fleet.Observability.Anomalies;
using Fleet.Observability.Budgets;
using Fleet.Observability.Days;
using Fleet.Observability.Ledger;
using Fleet.Observability.Recommendations;
using Fleet.Observability.Recommendations.Api;

namespace Fleet.Observability.Costs.Summary;

/// <summary>Reads what a summary is made of: from kept days, or under a filter from the ledger.</summary>
internal sealed class SummaryReader(DayStore store, FilteredDays filtered, LedgerReader ledger, FleetBudgets budgets, OpenSavings savings, AnomalyStore anomalies, TimeProvider clock)
{
    /// <param name="clusters">That the caller may see; null for all.</param>
    /// <param name="currency">Null for the only one there is.</param>
    /// <exception cref="CostQueryException">The costs are in several currencies.</exception>
    public async Task<SummaryFacts> ReadAsync(AllocationFilter filter, string? currency, IReadOnlyCollection<string>? clusters, CancellationToken ct)
    {
        // A replica in which nobody has asked for them yet has not read them.
        await budgets.StartAsync(ct);
        var now = clock.GetUtcNow();
        var dates = new SummaryDates(DateOnly.FromDateTime(now.UtcDateTime));
        var groups = DaySubject.Always.Where(subject => subject.Name is DaySubject.Faults or DaySubject.Clusters or DaySubject.Namespaces or DaySubject.Teams).ToList();
        IDaySums sums = filter.IsEverything ? store : await filtered.ReadAsync(groups, filter, dates.From, dates.Tomorrow, clusters, ct);
        string[] movers = [DaySubject.Clusters, DaySubject.Namespaces, DaySubject.Teams];

        // The four that take longest, at the same time; each takes a connection only while it asks.
        var (byCluster, weekNow, weekBefore) = (ClustersAsync(), WeekAsync(dates.Week, dates.Today), WeekAsync(dates.WeekBefore, dates.Week));
        var rest = RestAsync();
        await Task.WhenAll(byCluster, weekNow, weekBefore, rest);
        var (days, balanced, freshness, totals, open) = await rest;
        var only = InOneCurrency(days, currency);
        return new(dates, only)
        {
            Days = [.. days.Where(Fits).Select(row => (row.Day, row.Cost))],
            ClustersNow = Costs((await byCluster).Now),
            ClustersBefore = Costs((await byCluster).Before),
            WeekNow = Movers(await weekNow, dates.Week),
            WeekBefore = Movers(await weekBefore, dates.WeekBefore),
            Balanced = balanced,
            Freshness = freshness,
            Savings = totals?.FirstOrDefault(total => total.Currency == only),
            OpenAnomalies = open,
            Stale = StaleClusters.Of(freshness, budgets.Clusters, now),
        };

        bool Fits(DayRow row) => row.Currency == only;

        Task<IReadOnlyList<DayRow>> ReadAsync(string subject, DateOnly from, DateOnly until, Func<DayQuestion, DayQuestion> by) => sums.ReadAsync(by(new([subject], from, until) { Clusters = clusters }), ct);

        async Task<(IReadOnlyList<DayRow> Days, bool Balanced, List<ClusterFreshness> Freshness, IReadOnlyList<SavingsTotalView>? Totals, int Open)> RestAsync()
        {
            var byDay = await ReadAsync(DaySubject.Clusters, dates.From, dates.Tomorrow, question => question with { ByDay = true });
            var faults = await ReadAsync(DaySubject.Faults, dates.Month, dates.Tomorrow, question => question);
            var known = (await ledger.FreshnessAsync(ct)).Where(cluster => clusters?.Contains(cluster.Cluster) != false).ToList();
            // Recommendations and anomalies know nothing of filters.
            return filter.IsEverything ? (byDay, faults.Count == 0, known, await savings.OfAsync(clusters, ct), await anomalies.CountAsync(clusters, ct)) : (byDay, faults.Count == 0, known, null, 0);
        }

        async Task<(IReadOnlyList<DayRow> Now, IReadOnlyList<DayRow> Before)> ClustersAsync() => (
            await ReadAsync(DaySubject.Clusters, dates.Month, dates.Tomorrow, question => question with { ByCluster = true }),
            await ReadAsync(DaySubject.Clusters, dates.LastMonth, dates.LastMonthSameDayEnd, question => question with { ByCluster = true }));

        Dictionary<string, DayCost> Costs(IReadOnlyList<DayRow> rows) => rows.Where(Fits).ToDictionary(row => row.Cost.Cluster, row => row.Cost);

        Task<IReadOnlyList<DayRow>> WeekAsync(DateOnly from, DateOnly until) => sums.ReadAsync(new(movers, from, until) { Clusters = clusters, ByCluster = true, ByName = true }, ct);

        // Namespaces of equal names in two clusters have nothing to do with each other; teams have. What has no team is no team.
        IReadOnlyList<DayRow> Movers(IReadOnlyList<DayRow> rows, DateOnly from) =>
        [
            .. rows.Where(row => Fits(row) && row is not { Subject: DaySubject.Teams, Cost.Name: AllocationKeys.Unallocated }).GroupBy(row => (row.Subject, Cluster: row.Subject is DaySubject.Clusters or DaySubject.Namespaces ? row.Cost.Cluster : "", row.Cost.Name))
                .Select(group => new DayRow(group.Key.Subject, from, only, DayCost.Sum(group.Select(row => row.Cost)) with { Cluster = group.Key.Cluster, Name = group.Key.Name })),
        ];
    }

    private static string InOneCurrency(IReadOnlyList<DayRow> days, string? currency)
    {
        var known = days.Select(row => row.Currency).Distinct().Order(StringComparer.Ordinal).ToList();
        return currency ?? (known.Count <= 1
            ? known.FirstOrDefault() ?? ""
            : throw new CostQueryException($"these costs are in {string.Join(" and ", known)}, which are not added up: name one by currency="));
    }
}
