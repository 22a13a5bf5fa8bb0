using Fleet.Cost;
using Fleet.Cost.Teams;
using Fleet.Observability.Days;
using Fleet.Observability.Ledger;

namespace Fleet.Observability.Teams.Categories;

/// <summary>Who bears which costs of a period, by a category.</summary>
internal static class CategoryShowback
{
    public const string Prefix = "category:";

    /// <param name="clusters">Whose costs are shown; null for all. What is shared is divided among all of them first, so that a figure does not depend on who asks.</param>
    /// <returns>Null while the days of the category are not added up.</returns>
    public static async Task<ShowbackAnswer?> ReadAsync(
        DayStore days, LedgerGaps gaps, CategoryScope scope, ShowbackPeriod period, DateOnly today, IReadOnlyCollection<string>? clusters, string? currency, CancellationToken ct)
    {
        if (await CategoryCosts.ReadAsync(days, scope, period.First, period.End, ct) is not { } now || await CategoryCosts.ReadAsync(days, scope, period.Before, period.First, ct) is not { } before)
            return null;
        if (now.KnownFrom >= period.End)
            throw new CostQueryException($"nothing of {period.Text} is known by CostCategory {scope.Key}: the hours of these days are no longer kept");
        var only = ShowbackAnswer.CurrencyOf(now.Currencies(scope), currency);
        var earlier = before.Rows.Any(row => row.Currency == only) ? Shown(before, period.Before, period.First) : null;
        var prior = await gaps.PriorAsync(period.Before, period.First, await days.KnownAsync(scope.Subject, ct), clusters, ct);
        return new(ShowbackFrom.Of(Shown(now, period.First, period.End), earlier, prior), only, now.KnownFrom, now.FormerUntil);

        IEnumerable<OwnerShare> Shown(CategoryCosts costs, DateOnly first, DateOnly end) => CostDivision
            .Of(costs.Of(scope, only), SharedPoolsFrom.Of(scope.Spec, only, costs.KnownFrom ?? first, end, today))
            .Where(share => clusters is null || clusters.Contains(share.Cluster));
    }
}
