using System.Globalization;
using Fleet.Contracts.Budgets;

namespace Fleet.Cost.Budgets;

/// <summary>A span of whole days in UTC that a budget is compared in; the last day is part of it.</summary>
public readonly record struct BudgetPeriod(DateOnly First, DateOnly Last)
{
    /// <summary>The day after the last one.</summary>
    public DateOnly End => Last.AddDays(1);

    public bool Contains(DateOnly day) => day >= First && day <= Last;

    /// <summary>The period that a day is in. Before the budget's start it is the first one, after its end the last one.</summary>
    /// <exception cref="ArgumentException">The budget says something that no schema would let through.</exception>
    public static BudgetPeriod At(BudgetSpec spec, DateOnly day)
    {
        var start = DayOf(spec.Start);
        var end = DayOf(spec.End);
        if (start is { } begins && day < begins)
            day = begins;
        if (end is { } ends && day > ends)
            day = ends;
        var whole = Calendar(spec.Period, day);
        return new(start is { } later && later > whole.First ? later : whole.First, end is { } earlier && earlier < whole.Last ? earlier : whole.Last);
    }

    /// <summary>A day as it is written in a spec; null when there is none.</summary>
    public static DateOnly? DayOf(string? text) => string.IsNullOrEmpty(text) ? null
        : DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day
        : throw new ArgumentException($"'{text}' is no day");

    private static BudgetPeriod Calendar(string period, DateOnly day)
    {
        var (first, next) = period switch
        {
            // As everywhere in costs, weeks begin on Sunday.
            "Weekly" => (day.AddDays(-(int)day.DayOfWeek), day.AddDays(7 - (int)day.DayOfWeek)),
            "Monthly" => Months(new(day.Year, day.Month, 1), 1),
            "Quarterly" => Months(new(day.Year, day.Month - (day.Month - 1) % 3, 1), 3),
            "Yearly" => Months(new(day.Year, 1, 1), 12),
            _ => throw new ArgumentException($"'{period}' is no period"),
        };
        return new(first, next.AddDays(-1));
    }

    private static (DateOnly, DateOnly) Months(DateOnly first, int months) => (first, first.AddMonths(months));
}
