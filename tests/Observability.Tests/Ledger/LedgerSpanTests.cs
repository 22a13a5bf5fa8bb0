using Fleet.Cost.Allocations;
using Fleet.Observability.Ledger;

namespace Fleet.Observability.Tests.Ledger;

public sealed class LedgerSpanTests
{
    public static TheoryData<string, string, int, string?, string> Cases => new()
    {
        // A month to the running hour: days, today among them, since nothing is later.
        { "11-01 00", "11-22 15", 21 * 24 + 15, "11-22 15", "11-01 00 > 11-23 00" },
        { "11-01 00", "11-22 15", 21 * 24 + 15, "11-22 14", "11-01 00 > 11-23 00" },
        // There are later hours: the rest of the day is read by the hour.
        { "11-01 00", "11-22 15", 21 * 24 + 15, "11-22 16", "11-01 00 > 11-22 00 + 11-22 00 > 11-22 15" },
        { "11-01 00", "11-22 15", 21 * 24 + 15, null, "11-01 00 > 11-22 00 + 11-22 00 > 11-22 15" },
        // Whole days by another clock than UTC.
        { "11-01 05", "11-04 05", 72, "11-22 15", "11-02 00 > 11-04 00 + 11-01 05 > 11-02 00 + 11-04 00 > 11-04 05" },
        { "11-01 05", "11-04 05", 24, "11-22 15", "11-01 05 > 11-04 05" },
        { "11-01 00", "11-04 00", 24, "11-22 15", "11-01 00 > 11-04 00" },
        { "11-01 00", "11-04 12", 48, "11-22 15", "11-01 00 > 11-04 00 + 11-04 00 > 11-04 12" },
        { "11-01 00", "11-04 00", 6, "11-22 15", "11-01 00 > 11-04 00 (hours)" },
        { "11-01 00", "11-04 00", 36, "11-22 15", "11-01 00 > 11-04 00 (hours)" },
        { "11-01 02", "11-01 05", 3, "11-22 15", "11-01 02 > 11-01 05 (hours)" },
        { "11-01 20", "11-02 05", 9, "11-22 15", "11-01 20 > 11-02 05 (hours)" },
        // Today alone.
        { "11-22 00", "11-22 15", 15, "11-22 15", "11-22 00 > 11-23 00" },
        // Nothing is there that late: what is read may end later than the ledger.
        { "11-22 00", "11-24 00", 48, "11-22 15", "11-22 00 > 11-24 00" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_day_is_read_from_its_roll_up_where_it_is_in_one_step_as_a_whole(string start, string end, int step, string? known, string expected)
    {
        var span = LedgerSpan.Of(new(At(start), At(end)), TimeSpan.FromHours(step), known is null ? null : At(known));
        var days = span.Days is { } whole ? [Text(whole)] : Array.Empty<string>();
        var told = string.Join(" + ", days.Concat(span.Hours.Select(Text)));
        // In days: nothing of hours alone, unless it says so.
        Assert.Equal(expected.Replace(" (hours)", "", StringComparison.Ordinal), told);
        if (expected.EndsWith("(hours)", StringComparison.Ordinal) || step == 24 && start.EndsWith("05", StringComparison.Ordinal))
            Assert.Null(span.Days);
        else
            Assert.NotNull(span.Days);
    }

    private static string Text(QueryWindow window) => FormattableString.Invariant($"{window.Start:MM-dd HH} > {window.End:MM-dd HH}");

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse($"2026-{text}:00Z", System.Globalization.CultureInfo.InvariantCulture);
}
