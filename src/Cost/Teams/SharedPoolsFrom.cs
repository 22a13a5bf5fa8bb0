using Fleet.Contracts.Costs;

namespace Fleet.Cost.Teams;

/// <summary>The shared costs of a category in a period. Pure.</summary>
public static class SharedPoolsFrom
{
    /// <param name="currency">Sums in others are left out: they are part of reports in their own currency.</param>
    /// <param name="first">First day of the period.</param>
    /// <param name="end">The day after its last one.</param>
    /// <param name="today">The last day that has begun.</param>
    public static IReadOnlyList<SharedPool> Of(CostCategorySpec spec, string currency, DateOnly first, DateOnly end, DateOnly today) =>
    [
        .. (spec.Shared ?? []).Where(cost => cost.Monthly is null || cost.Monthly.Currency == currency).Select(cost => new SharedPool(
            cost.Name,
            cost switch
            {
                { Filter: not null } => SharedPoolSource.Workloads,
                { Of: "Idle" } => SharedPoolSource.Idle,
                { Of: not null } => SharedPoolSource.Overhead,
                _ => SharedPoolSource.Amount,
            },
            cost.Method switch { "Even" => SharedPoolMethod.Even, "Fixed" => SharedPoolMethod.Fixed, _ => SharedPoolMethod.Proportional })
        {
            AmongFleet = cost.Among == "Fleet" || cost.Monthly is not null,
            Amount = cost.Monthly is { } sum ? (double)sum.Amount * Months(first, end, today) : 0,
            Percents = (cost.Shares ?? []).GroupBy(share => share.Value).ToDictionary(share => share.Key, share => (double)share.Sum(part => part.Percent)),
        }),
    ];

    /// <summary>Months of the period as far as they have begun; one that is not whole by its days.</summary>
    internal static double Months(DateOnly first, DateOnly end, DateOnly today)
    {
        var (months, until) = (0.0, end <= today ? end : today.AddDays(1));
        for (var day = first; day < until; day = new DateOnly(day.Year, day.Month, 1).AddMonths(1))
        {
            var next = new DateOnly(day.Year, day.Month, 1).AddMonths(1);
            months += ((next < until ? next : until).DayNumber - day.DayNumber) / (double)DateTime.DaysInMonth(day.Year, day.Month);
        }
        return months;
    }
}
