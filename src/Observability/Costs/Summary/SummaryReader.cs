using Fleet.Cost;
using Fleet.Cost.Allocations;
using Fleet.Cost.Days;
using Fleet.Cost.Filters;
using Fleet.Observability.Anomalies;
using Fleet.Observability.Budgets;
using Fleet.Observability.Days;
using Fleet.Observability.Ledger;
using Fleet.Observability.Recommendations;

namespace Fleet.Observability.Costs.Summary;

/// <summary>Reads what a summary is made of: from kept days, or under a filter from the ledger.</summary>
internal sealed class SummaryReader(DayStore store, FilteredDays filtered, LedgerReader ledger, FleetBudgets budgets, OpenSavings savings, AnomalyStore anomalies, TimeProvider clock)
{
    /// <param name="clusters">That the caller may see; null for all.</param>
    /// <param name="currency">Null for the only one there is.</param>
    /// <exception cref="CostQueryException">The costs are in several currencies.</exception>
    public async Task<SummaryFacts> ReadAsync(AllocationFilter filter, string? currency, IReadOnlyCollection<string>? clusters, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var dates = new SummaryDates(DateOnly.FromDateTime(now.UtcDateTime));
        var groups = DaySubject.Always.Where(subject => subject.Name is DaySubject.Faults or DaySubject.Clusters or DaySubject.Namespaces or DaySubject.Teams).ToList();
        IDaySums sums = filter.IsEverything ? store : await filtered.ReadAsync(groups, filter, dates.From, dates.Tomorrow, clusters, ct);
        string[] movers = [DaySubject.Clusters, DaySubject.Namespaces, DaySubject.Teams];

        var days = await ReadAsync(DaySubject.Clusters, dates.From, dates.Tomorrow, question => question with { ByDay = true });
        var only = InOneCurrency(days, currency);
        var freshness = (await ledger.FreshnessAsync(ct)).Where(cluster => clusters?.Contains(cluster.Cluster) != false).ToList();
        return new(dates, only)
        {
            Days = [.. days.Where(Fits).Select(row => (row.Day, row.Cost))],
            ClustersNow = await ByClusterAsync(dates.Month, dates.Tomorrow),
            ClustersBefore = await ByClusterAsync(dates.LastMonth, dates.LastMonthSameDayEnd),
            WeekNow = await MoversAsync(dates.Week, dates.Today),
            WeekBefore = await MoversAsync(dates.WeekBefore, dates.Week),
            Balanced = (await ReadAsync(DaySubject.Faults, dates.Month, dates.Tomorrow, question => question)).Count == 0,
            Freshness = freshness,
            // Recommendations know nothing of filters.
            Savings = filter.IsEverything ? (await savings.OfAsync(clusters, ct)).FirstOrDefault(total => total.Currency == only) : null,
            OpenAnomalies = filter.IsEverything ? await anomalies.CountAsync(clusters, ct) : 0,
            Stale = StaleClusters.Of(freshness, budgets.Clusters, now),
        };

        bool Fits(DayRow row) => row.Currency == only;

        async Task<IReadOnlyList<DayRow>> ReadAsync(string subject, DateOnly from, DateOnly until, Func<DayQuestion, DayQuestion> by) =>
            await sums.ReadAsync(by(new([subject], from, until) { Clusters = clusters }), ct);

        async Task<IReadOnlyDictionary<string, DayCost>> ByClusterAsync(DateOnly from, DateOnly until) =>
            (await ReadAsync(DaySubject.Clusters, from, until, question => question with { ByCluster = true })).Where(Fits).ToDictionary(row => row.Cost.Cluster, row => row.Cost);

        async Task<IReadOnlyList<DayRow>> MoversAsync(DateOnly from, DateOnly until)
        {
            var rows = await sums.ReadAsync(new(movers, from, until) { Clusters = clusters, ByCluster = true, ByName = true }, ct);
            // Namespaces of equal names in two clusters have nothing to do with each other; teams have.
            return
            [
                // What has no team is no team.
                .. rows.Where(row => Fits(row) && row is not { Subject: DaySubject.Teams, Cost.Name: AllocationKeys.Unallocated }).GroupBy(row => (row.Subject, Cluster: row.Subject is DaySubject.Clusters or DaySubject.Namespaces ? row.Cost.Cluster : "", row.Cost.Name))
                    .Select(group => new DayRow(group.Key.Subject, from, only, DayCost.Sum(group.Select(row => row.Cost)) with { Cluster = group.Key.Cluster, Name = group.Key.Name })),
            ];
        }
    }

    private static string InOneCurrency(IReadOnlyList<DayRow> days, string? currency)
    {
        var known = days.Select(row => row.Currency).Distinct().Order(StringComparer.Ordinal).ToList();
        return currency ?? (known.Count <= 1
            ? known.FirstOrDefault() ?? ""
            : throw new CostQueryException($"these costs are in {string.Join(" and ", known)}, which are not added up: name one by currency="));
    }
}
