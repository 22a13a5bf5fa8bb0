using Fleet.Cost.Days;
using Fleet.Observability.Days;
using Fleet.Observability.Ledger;
using Fleet.Observability.Recommendations.Api;

namespace Fleet.Observability.Costs.Summary;

/// <summary>What a summary is made of. Sums are in one currency.</summary>
/// <param name="Dates">Which days are looked at.</param>
/// <param name="Currency">Of all amounts; empty when nothing is known at all.</param>
internal sealed record SummaryFacts(SummaryDates Dates, string Currency)
{
    /// <summary>All days from <see cref="SummaryDates.From"/> on.</summary>
    public IReadOnlyList<(DateOnly Day, DayCost Cost)> Days { get; init; } = [];

    /// <summary>By cluster, of this month, and of the last one to the same day.</summary>
    public IReadOnlyDictionary<string, DayCost> ClustersNow { get; init; } = new Dictionary<string, DayCost>();

    public IReadOnlyDictionary<string, DayCost> ClustersBefore { get; init; } = new Dictionary<string, DayCost>();

    /// <summary>By subject, cluster and name, of the last whole week, and of the one before it.</summary>
    public IReadOnlyList<DayRow> WeekNow { get; init; } = [];

    public IReadOnlyList<DayRow> WeekBefore { get; init; } = [];

    /// <summary>Whether all clusters add up to what is paid for.</summary>
    public bool Balanced { get; init; } = true;

    public IReadOnlyList<ClusterFreshness> Freshness { get; init; } = [];

    public IReadOnlyList<string> Stale { get; init; } = [];

    public IReadOnlyList<Budget> Budgets { get; init; } = [];

    /// <summary>Of what is recommended; null when nothing is.</summary>
    public SavingsTotalView? Savings { get; init; }

    public int OpenAnomalies { get; init; }
}

/// <summary>The days of a summary, by the calendar in UTC.</summary>
internal sealed record SummaryDates(DateOnly Today)
{
    /// <summary>Of a forecast by weekday, and of what came before the first of a month.</summary>
    private const int DaysBack = 35;

    public DateOnly Month => new(Today.Year, Today.Month, 1);

    public DateOnly NextMonth => Month.AddMonths(1);

    public DateOnly LastMonth => Month.AddMonths(-1);

    public DateOnly Tomorrow => Today.AddDays(1);

    /// <summary>After the day of last month that is as far in it as today is in this one.</summary>
    public DateOnly LastMonthSameDayEnd => LastMonth.AddDays(Today.Day) is var end && end < Month ? end : Month;

    public DateOnly From => LastMonth < Today.AddDays(-DaysBack) ? LastMonth : Today.AddDays(-DaysBack);

    public DateOnly Week => Today.AddDays(-7);

    public DateOnly WeekBefore => Today.AddDays(-14);
}
