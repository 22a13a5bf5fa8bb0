using Fleet.Cost.Allocations;

namespace Fleet.Observability.Ledger;

/// <summary>Which part of a window is read from days, and which from hours: a day is taken where it is in one step as a whole. Pure.</summary>
/// <param name="Days">Whole days in UTC; null: none.</param>
/// <param name="Hours">What is left, at most two parts.</param>
internal sealed record LedgerSpan(QueryWindow? Days, IReadOnlyList<QueryWindow> Hours)
{
    /// <summary>When a row of hours began and ended, as SQL.</summary>
    public const string Started = "hour + started * interval '1 second'";

    /// <inheritdoc cref="Started"/>
    public const string Ended = "hour + ended * interval '1 second'";

    /// <param name="window">Full hours.</param>
    /// <param name="step">Full hours; steps begin with the window.</param>
    /// <param name="end">No row begins here or later: a day that is not over is as good as a whole one. Null: nothing is known of it.</param>
    public static LedgerSpan Of(QueryWindow window, TimeSpan step, DateTimeOffset? end)
    {
        var isOne = step >= window.Duration;
        var first = UpToDay(window.Start);
        // Else a day would be in two steps.
        if (!isOne && (step.Ticks % TimeSpan.TicksPerDay != 0 || first != window.Start))
            return new(null, [window]);
        var last = end <= window.End ? UpToDay(window.End) : DayOf(window.End);
        if (first >= last)
            return new(null, [window]);
        var hours = new List<QueryWindow>();
        if (window.Start < first)
            hours.Add(new(window.Start, first));
        if (last < window.End)
            hours.Add(new(last, window.End));
        return new(new(first, last), hours);
    }

    private static DateTimeOffset DayOf(DateTimeOffset time) => new(time.UtcTicks - time.UtcTicks % TimeSpan.TicksPerDay, TimeSpan.Zero);

    private static DateTimeOffset UpToDay(DateTimeOffset time) => DayOf(time) is var day && day == time ? day : day.AddDays(1);
}
