using Fleet.Cost.Allocations;

namespace Fleet.Observability.Focus.Exports;

/// <summary>Which months are written now.</summary>
/// <param name="Months">Oldest first; empty when it is not time yet.</param>
/// <param name="Next">When the next look is due, if this one succeeds.</param>
internal sealed record CostExportPlan(IReadOnlyList<PlannedMonth> Months, DateTimeOffset Next)
{
    public bool IsDue => Months.Count > 0;
}

/// <param name="Closes">Whether this is the last time.</param>
internal sealed record PlannedMonth(QueryWindow Window, string Period, bool Closes);
