using Fleet.Cost.Days;
using Fleet.Cost.Filters;
using Fleet.Observability.Ledger;

namespace Fleet.Observability.Days;

/// <summary>Days under a filter, which nobody has added up before.</summary>
internal sealed class FilteredDays(LedgerReader ledger)
{
    /// <summary>Sums by cluster and by what the subjects are, as the kept ones, of what the filter lets through.</summary>
    public async Task<DayRowSums> ReadAsync(
        IReadOnlyList<DaySubject> subjects, AllocationFilter filter, DateOnly from, DateOnly until, IReadOnlyCollection<string>? clusters, CancellationToken ct)
    {
        var rows = new List<DayRow>();
        // A day at a time: months of a large fleet would not fit into memory.
        for (var day = from; day < until; day = day.AddDays(1))
        {
            var midnight = new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero);
            foreach (var set in await ledger.ReadAsync(new(midnight, midnight.AddDays(1)), TimeSpan.FromDays(1), clusters, ct))
            {
                var costs = new CostDay(set.Assets, set.Allocations);
                foreach (var subject in subjects)
                    rows.AddRange(subject.Sum(costs, filter).Select(cost => new DayRow(subject.Name, day, costs.Currency, cost)));
            }
        }
        return new(rows);
    }
}
