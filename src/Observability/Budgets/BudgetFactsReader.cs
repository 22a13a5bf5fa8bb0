using Fleet.Rest.Databases;
using Fleet.Contracts.Budgets;
using Fleet.Cost.Allocations;
using Fleet.Cost.Budgets;
using Fleet.Cost.Filters;
using Fleet.Cost.Forecasts;
using Fleet.Observability.Days;
using Fleet.Observability.Ledger;

namespace Fleet.Observability.Budgets;

/// <summary>Reads what is known of a budget's costs.</summary>
internal sealed class BudgetFactsReader(DayStore days, LedgerReader ledger, FleetBudgets budgets, TimeProvider clock)
{
    /// <summary>Days before the period that a forecast looks at.</summary>
    private const int DaysBefore = 35;

    public async Task<BudgetFacts> ReadAsync(Budget budget, CancellationToken ct)
    {
        try
        {
            await budgets.StartAsync(ct);
            var now = clock.GetUtcNow();
            var scope = BudgetScope.Of(budget.Metadata.Namespace ?? "", budget.Spec);
            var period = BudgetPeriod.At(budget.Spec, DateOnly.FromDateTime(now.UtcDateTime));
            var states = await days.StatesAsync([scope.Subject], ct);
            if (states.Count == 0)
                return BudgetFacts.NotAddedUp;
            var rows = await days.ReadAsync(new([scope.Subject], period.First.AddDays(-DaysBefore), DateOnly.FromDateTime(now.UtcDateTime).AddDays(1)) { ByDay = true }, ct);
            return BudgetFacts.Of(Figures(budget.Spec, scope, period, rows, states.Keys.Min(key => key.Day), await ledger.FreshnessAsync(ct), budgets.Clusters, now));
        }
        catch (FilterException e)
        {
            return BudgetFacts.WrongFilter(e.Message);
        }
        catch (ArgumentException e)
        {
            return BudgetFacts.WrongSpec(e.Message);
        }
        catch (Exception e) when (DatabaseFailures.IsOne(e))
        {
            return BudgetFacts.LedgerAway;
        }
    }

    /// <summary>What rows say of a budget. Pure.</summary>
    internal static BudgetFigures Figures(
        BudgetSpec spec, BudgetScope scope, BudgetPeriod period, IReadOnlyList<DayRow> rows, DateOnly knownFrom, IReadOnlyList<ClusterFreshness> freshness, IReadOnlySet<string> clusters, DateTimeOffset now)
    {
        var withIdle = spec.Idle != "Excluded";
        var inPeriod = rows.Where(row => period.Contains(row.Day)).ToList();
        var own = rows.Where(row => row.Currency == spec.Currency).ToDictionary(row => row.Day, row => row.Cost.Direct + row.Cost.Overhead + (withIdle ? row.Cost.Idle : 0));
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        // A day without a row that is known cost nothing, and that is worth as much to a forecast as any other day.
        var first = own.Count > 0 ? own.Keys.Min() : knownFrom;
        var all = new List<DailyCost>();
        for (var day = first < knownFrom ? first : knownFrom; day <= today; day = day.AddDays(1))
            if (day >= period.First.AddDays(-DaysBefore))
                all.Add(new(day, own.GetValueOrDefault(day)));
        return new(all, today)
        {
            OtherCurrencies = [.. inPeriod.Where(row => row.Currency != spec.Currency && row.Cost.Total > 0).Select(row => row.Currency).Distinct().Order(StringComparer.Ordinal)],
            Missing = inPeriod.Aggregate(MissingPrice.None, (sum, row) => sum | row.Cost.Missing),
            KnownFrom = knownFrom,
            Stale = StaleClusters.Of(freshness.Where(cluster => scope.Covers(cluster.Cluster)), clusters, now),
        };
    }
}
