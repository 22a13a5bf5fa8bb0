using System.Globalization;
using Fleet.Contracts.Conditions;
using Fleet.Contracts.Costs;
using Fleet.Observability.Days;

namespace Fleet.Observability.Teams.Categories;

/// <summary>The conditions of a CostCategory. Pure.</summary>
internal static class CategoryConditionsFrom
{
    public static IReadOnlySet<ConditionType> Owned { get; } = new HashSet<ConditionType> { SharedConditions.Ready, CostCategoryConditions.CostsKnown, CostCategoryConditions.Allocated };

    public static IReadOnlyList<Condition> All(CostCategory category, CategoryFacts facts)
    {
        List<Condition> conditions = [Known(facts)];
        if (facts.Report is { } report)
            conditions.Add(Allocated(report));
        else if (facts.Unknown != CategoryUnknown.WrongRules && FigureStatus.IsOf(category.Status?.ObservedGeneration, category.Metadata.Generation))
            conditions.AddRange(FigureStatus.Kept(category.Status!.Conditions, CostCategoryConditions.Allocated));
        conditions.Add(ConditionSummary.Ready(conditions, CostCategoryConditions.Allocated));
        return [.. conditions.Select(condition => condition with { ObservedGeneration = category.Metadata.Generation })];
    }

    private static Condition Known(CategoryFacts facts) => facts.Unknown switch
    {
        CategoryUnknown.None => Condition.True(CostCategoryConditions.CostsKnown, Reason.Succeeded, facts.Report is { Others.Count: > 0 } report
            ? $"Costs are divided by it; the status has those in {report.Currency}, others are in {string.Join(" and ", report.Others)}" : "Costs are divided by it"),
        CategoryUnknown.WrongRules => Condition.False(CostCategoryConditions.CostsKnown, CostCategoryReasons.InvalidRules, facts.Problem),
        CategoryUnknown.LedgerAway => Condition.Unknown(
            CostCategoryConditions.CostsKnown, CostCategoryReasons.LedgerUnavailable, "The ledger of costs does not answer: the figures are of before"),
        _ => Condition.Unknown(CostCategoryConditions.CostsKnown, Reason.Progressing, "Its costs are being added up"),
    };

    private static Condition Allocated(CategoryReport known)
    {
        var (report, money) = (known.Report, known.Currency);
        if (report.Unallocated > 0)
            return Condition.False(CostCategoryConditions.Allocated, CostCategoryReasons.Unallocated, string.Create(
                CultureInfo.InvariantCulture, $"{report.Unallocated:0.00} of {report.Total:0.00} {money} in {known.Period} belong to nobody"));
        if (report.Undivided > 0)
            return Condition.False(CostCategoryConditions.Allocated, CostCategoryReasons.NobodyToShareWith, string.Create(
                CultureInfo.InvariantCulture, $"{report.Undivided:0.00} of {report.Total:0.00} {money} in {known.Period} are shared, and nobody is there to bear them"));
        return Condition.True(CostCategoryConditions.Allocated, Reason.Succeeded, "Everything belongs to somebody");
    }
}
