using Fleet.Contracts;
using Fleet.Contracts.Costs;
using Fleet.Cost.Allocations;
using Fleet.Observability.Days;

namespace Fleet.Observability.Teams.Categories;

/// <summary>The status of a CostCategory, without its conditions. Pure.</summary>
internal static class CategoryStatusFrom
{
    private const int MostValues = 50;

    public static CostCategoryStatus Of(CostCategory category, CategoryFacts facts, DateTimeOffset now)
    {
        var before = category.Status is { } kept ? kept with { Conditions = null } : null;
        var wanted = facts.Report is { } known ? Known(known)
            : facts.Unknown != CategoryUnknown.WrongRules && FigureStatus.IsOf(before?.ObservedGeneration, category.Metadata.Generation) ? before!
            : new CostCategoryStatus();
        wanted = wanted with { ObservedGeneration = category.Metadata.Generation, LastEvaluated = before?.LastEvaluated };
        return wanted with { LastEvaluated = FigureStatus.LastEvaluated(wanted, before, before?.LastEvaluated, ContractsJson.Default.CostCategoryStatus, now) };
    }

    private static CostCategoryStatus Known(CategoryReport known)
    {
        var values = known.Report.Items.Where(item => item.Owner is not (AllocationKeys.Unallocated or AllocationKeys.Shared)).ToList();
        return new()
        {
            Period = known.Period,
            Currency = known.Currency.Length > 0 ? known.Currency : null,
            Total = Plain(known.Report.Total),
            Unallocated = Plain(known.Report.Unallocated),
            UnallocatedPercent = known.Report.Total > 0 ? Plain(Math.Round(100 * known.Report.Unallocated / known.Report.Total, 1)) : 0,
            Undivided = Plain(known.Report.Undivided),
            ValueCount = values.Count,
            Values = [.. values.Take(MostValues).Select(item => new CostCategoryAmount { Value = item.Owner, Amount = Plain(item.Total) })],
            Matches = known.Matches,
        };
    }

    /// <summary>Without zeros behind: what is written must be what is read back.</summary>
    private static decimal Plain(decimal amount) => amount / 1.0000000000000000000000000000m;
}
