using Fleet.Contracts.Costs;
using Fleet.Cost.Allocations;
using Fleet.Cost.Filters;
using Fleet.Cost.Teams;
using Fleet.Observability.Days;
using Fleet.Observability.Ledger;
using Fleet.Rest.Databases;

namespace Fleet.Observability.Teams.Categories;

/// <summary>Reads what a category makes of the running month, and of the newest whole hour.</summary>
internal sealed class CategoryFactsReader(DayStore days, LedgerReader ledger, TimeProvider clock)
{
    private const int MostPlaces = 10;

    public async Task<CategoryFacts> ReadAsync(CostCategory category, CancellationToken ct)
    {
        try
        {
            var scope = CategoryScope.Of(category);
            var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
            var period = ShowbackPeriod.Parse(null, today);
            if (await CategoryCosts.ReadAsync(days, scope, period.First, period.End, ct) is not { KnownFrom: null, FormerUntil: null } costs)
                return new(CategoryUnknown.NotAddedUp);
            var currencies = costs.Currencies(scope);
            var currency = currencies.MaxBy(one => costs.Rows.Where(row => row.Currency == one).Sum(row => row.Cost.Total)) ?? "";
            var report = ShowbackFrom.Of(CostDivision.Of(costs.Of(scope, currency), SharedPoolsFrom.Of(scope.Spec, currency, period.First, period.End, today)), null);
            return new(CategoryUnknown.None, new(report, period.Text, currency, [.. currencies.Where(one => one != currency)], Count(scope, await NewestHourAsync(scope, ct))));
        }
        catch (FilterException e)
        {
            return new(CategoryUnknown.WrongRules, Problem: e.Message);
        }
        catch (Exception e) when (DatabaseFailures.IsOne(e))
        {
            return new(CategoryUnknown.LedgerAway);
        }
    }

    /// <summary>What the rules find. Pure.</summary>
    internal static CostCategoryMatches Count(CategoryScope scope, IEnumerable<Allocation> rows)
    {
        var (matched, rules, missed) = (0, new int[scope.Spec.Rules.Count], new Dictionary<string, int>());
        foreach (var row in rows.Where(row => row.Kind is AllocationKind.Workload or AllocationKind.Unmounted && scope.Covers(row.Properties.Cluster)))
        {
            var (value, rule) = scope.Rules.Match(row.Properties);
            if (rule >= 0)
                rules[rule]++;
            if (value is not null)
                matched++;
            else
                missed[$"{row.Properties.Cluster}/{row.Properties.Namespace}"] = missed.GetValueOrDefault($"{row.Properties.Cluster}/{row.Properties.Namespace}") + 1;
        }
        return new()
        {
            Matched = matched, Unmatched = missed.Values.Sum(), Rules = [.. rules],
            UnmatchedIn = [.. missed.OrderByDescending(place => place.Value).ThenBy(place => place.Key, StringComparer.Ordinal).Take(MostPlaces).Select(place => place.Key)],
        };
    }

    private async Task<IReadOnlyList<Allocation>> NewestHourAsync(CategoryScope scope, CancellationToken ct)
    {
        var clusters = (await ledger.FreshnessAsync(ct)).Where(cluster => scope.Covers(cluster.Cluster)).ToList();
        if (clusters.Count == 0)
            return [];
        var newest = clusters.Max(cluster => cluster.SeenUntil).UtcTicks;
        var end = new DateTimeOffset(newest - newest % TimeSpan.TicksPerHour, TimeSpan.Zero);
        var sets = await ledger.ReadAsync(
            new(end.AddHours(-1), end), TimeSpan.FromHours(1), scope.Prefix.Length == 0 ? null : [.. clusters.Select(cluster => cluster.Cluster)], ct);
        return [.. sets.SelectMany(set => set.Allocations.Allocations.Values)];
    }
}
