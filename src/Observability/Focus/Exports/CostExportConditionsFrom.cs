using Fleet.Contracts.Conditions;
using Fleet.Contracts.Costs;
using Fleet.Sources;

namespace Fleet.Observability.Focus.Exports;

/// <summary>Conditions of a CostExport. Pure.</summary>
internal static class CostExportConditionsFrom
{
    public static IReadOnlySet<ConditionType> Owned { get; } = new HashSet<ConditionType> { CostExportConditions.Exported, SharedConditions.Ready };

    public static IReadOnlyList<Condition> Success(long generation, IReadOnlyList<ExportedPeriod> periods)
    {
        var unpriced = periods.Sum(period => period.Unpriced ?? 0);
        return All(generation, Condition.True(CostExportConditions.Exported, CostExportReasons.Exported,
            unpriced == 0 ? "" : $"{unpriced} workloads of hours or days lack a price: what they cost is not in it"));
    }

    public static IReadOnlyList<Condition> Suspended(long generation) =>
        All(generation, Condition.False(CostExportConditions.Exported, CostExportReasons.Suspended, "Nothing is written: spec.suspend is set"));

    public static IReadOnlyList<Condition> Failure(long generation, Reason reason, string message) => All(generation, Condition.False(CostExportConditions.Exported, reason, message));

    public static Reason ReasonOf(SourceException error) => error.Kind switch
    {
        SourceErrorKind.Unreachable or SourceErrorKind.Timeout => CostExportReasons.BucketUnreachable,
        SourceErrorKind.DiskFull => CostExportReasons.DiskFull,
        _ => CostExportReasons.BucketRefused,
    };

    private static IReadOnlyList<Condition> All(long generation, Condition exported) =>
        [.. ((Condition[])[exported, ConditionSummary.Ready([exported])]).Select(condition => condition with { ObservedGeneration = generation })];
}
