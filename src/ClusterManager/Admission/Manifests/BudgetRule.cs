using System.Globalization;
using Fleet.Contracts;
using Fleet.Contracts.Budgets;
using Fleet.Contracts.Validation;

namespace Fleet.ClusterManager.Admission.Manifests;

/// <summary>What the schema of a budget can not say: a filter that is none, days that no calendar has, an end before the start, a threshold twice.</summary>
internal sealed class BudgetRule() : TypedRule<BudgetSpec>(ContractsJson.Default.BudgetSpec)
{
    protected override IEnumerable<FieldProblem> Check(BudgetSpec spec)
    {
        if (FilterRule.ProblemOf(spec.Filter) is { } wrong)
            yield return new("spec.filter", wrong);
        if (spec.Amount <= 0)
            yield return new("spec.amount", "must be more than 0");
        var (start, end) = (DayOf(spec.Start), DayOf(spec.End));
        if (start is null && !string.IsNullOrEmpty(spec.Start))
            yield return new("spec.start", "must be a day such as 2026-01-31");
        if (end is null && !string.IsNullOrEmpty(spec.End))
            yield return new("spec.end", "must be a day such as 2026-01-31");
        if (start > end)
            yield return new("spec.end", "must not be before spec.start");
        if (spec.Thresholds is { Count: 0 })
            yield return new("spec.thresholds", "must hold something, or be left out for the usual ones");
        var seen = new HashSet<(string, decimal)>();
        for (var index = 0; index < (spec.Thresholds?.Count ?? 0); index++)
            if (spec.Thresholds![index] is { } threshold && !seen.Add((threshold.Kind, threshold.Percent)))
                yield return new($"spec.thresholds[{index}]", "is in the list already");
    }

    private static DateOnly? DayOf(string? text) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;
}
