using Fleet.Contracts.Budgets;
using Fleet.Cost.Budgets;

namespace Fleet.Cost.Tests.Budgets;

public sealed class BudgetPeriodTests
{
    [Theory]
    [InlineData("Monthly", "2026-02-28", null, null, "2026-02-01", "2026-02-28")]
    [InlineData("Monthly", "2028-02-29", null, null, "2028-02-01", "2028-02-29")]
    [InlineData("Monthly", "2026-12-31", null, null, "2026-12-01", "2026-12-31")]
    [InlineData("Quarterly", "2026-01-01", null, null, "2026-01-01", "2026-03-31")]
    [InlineData("Quarterly", "2026-11-22", null, null, "2026-10-01", "2026-12-31")]
    [InlineData("Yearly", "2026-11-22", null, null, "2026-01-01", "2026-12-31")]
    // 22 November 2026 is a Sunday, on which weeks begin.
    [InlineData("Weekly", "2026-11-22", null, null, "2026-11-22", "2026-11-28")]
    [InlineData("Weekly", "2026-11-21", null, null, "2026-11-15", "2026-11-21")]
    [InlineData("Weekly", "2027-01-01", null, null, "2026-12-27", "2027-01-02")]
    [InlineData("Yearly", "2026-11-22", "2026-04-01", "2026-11-30", "2026-04-01", "2026-11-30")]
    [InlineData("Monthly", "2026-11-22", "2026-11-10", null, "2026-11-10", "2026-11-30")]
    // What has not begun shows its first period, what has ended its last.
    [InlineData("Monthly", "2026-11-22", "2027-01-15", null, "2027-01-15", "2027-01-31")]
    [InlineData("Monthly", "2026-11-22", null, "2026-09-10", "2026-09-01", "2026-09-10")]
    public void A_day_is_in_a_period_of_the_calendar(string period, string day, string? start, string? end, string first, string last) =>
        Assert.Equal(new BudgetPeriod(Day(first), Day(last)), BudgetPeriod.At(new() { Period = period, Start = start, End = end }, Day(day)));

    [Theory]
    [InlineData("Daily", null)]
    [InlineData("Monthly", "2026-02-30")]
    public void What_no_calendar_has_is_an_error(string period, string? start) =>
        Assert.Throws<ArgumentException>(() => BudgetPeriod.At(new BudgetSpec { Period = period, Start = start }, Day("2026-11-22")));

    private static DateOnly Day(string text) => DateOnly.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
