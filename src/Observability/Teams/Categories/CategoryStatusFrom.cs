using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.Contracts;
using Fleet.Contracts.Costs;
using Fleet.Control.Status;
using Fleet.Cost.Allocations;

namespace Fleet.Observability.Teams.Categories;

/// <summary>The status of a CostCategory, without its conditions. Pure.</summary>
internal static class CategoryStatusFrom
{
    private const int MostValues = 50;

    public static CostCategoryStatus Of(CostCategory category, CategoryFacts facts, DateTimeOffset now)
    {
        var before = category.Status;
        var wanted = facts.Report is { } known ? Known(known)
            // What was known of this spec is still the best that is known; of another one it would be wrong.
            : facts.Unknown != CategoryUnknown.WrongRules && before is not null && before.ObservedGeneration == category.Metadata.Generation ? before with { Conditions = null }
            : new CostCategoryStatus();
        wanted = wanted with { ObservedGeneration = category.Metadata.Generation, LastEvaluated = before?.LastEvaluated };
        // A look that finds what is there must not write.
        return before is not null && JsonNode.DeepEquals(Json(wanted), Json(before with { Conditions = null })) ? wanted : wanted with { LastEvaluated = StatusTime.Of(now) };
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

    private static JsonNode? Json(CostCategoryStatus status) => JsonSerializer.SerializeToNode(status, ContractsJson.Default.CostCategoryStatus);
}
