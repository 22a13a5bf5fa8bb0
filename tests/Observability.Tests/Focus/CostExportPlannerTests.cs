using Fleet.Contracts.Costs;
using Fleet.Observability.Focus.Exports;

namespace Fleet.Observability.Tests.Focus;

public sealed class CostExportPlannerTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    private static readonly CostExportStatus Written = new()
    {
        LastSuccess = Now.AddHours(-1), ObservedGeneration = 1, LastRequest = "a", Periods = [new() { Period = "2026-10", Closed = true }, new() { Period = "2026-11", Closed = false }],
    };

    [Fact]
    public void A_new_export_begins_with_the_month_before()
    {
        var plan = CostExportPlanner.Plan(new(), 1, null, null, Now);
        Assert.Equal([("2026-10", true), ("2026-11", false)], plan.Months.Select(month => (month.Period, month.Closes)));
        Assert.Equal((new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2026, 12, 1, 0, 0, 0, TimeSpan.Zero), Now.AddHours(6)), (plan.Months[1].Window.Start, plan.Months[1].Window.End, plan.Next));
    }

    [Theory]
    [InlineData("6h", 1, "a", false)]
    [InlineData("1h", 1, "a", true)]
    [InlineData("6h", 2, "a", true)]
    [InlineData("6h", 1, "b", true)]
    [InlineData("6h", 1, null, false)]
    public void It_is_due_by_time_by_a_change_and_by_request(string interval, long generation, string? request, bool due)
    {
        var plan = CostExportPlanner.Plan(new() { Interval = interval }, generation, Written, request, Now);
        Assert.Equal(due ? ["2026-11"] : [], plan.Months.Select(month => month.Period));
        Assert.Equal(due, plan.IsDue);
        if (!due)
            Assert.Equal(Now.AddHours(5), plan.Next);
    }

    /// <summary>Written last on Sunday 22 November at 11:00 UTC, noon in Paris.</summary>
    [Theory]
    [InlineData("30 5 * * 1-5", "Europe/Paris", "2026-11-22T12:00:00Z", "2026-11-23T04:30:00Z", false)]
    [InlineData("30 5 * * 1-5", null, "2026-11-22T12:00:00Z", "2026-11-23T05:30:00Z", false)]
    [InlineData("30 5 * * 1-5", "Europe/Paris", "2026-11-25T04:29:00Z", "2026-11-25T04:30:00Z", true)]
    [InlineData("30 12 * * *", "Europe/Paris", "2026-11-22T11:29:59Z", "2026-11-22T11:30:00Z", false)]
    [InlineData("30 12 * * *", "Europe/Paris", "2026-11-22T11:30:00Z", "2026-11-23T11:30:00Z", true)]
    public void A_schedule_is_of_a_place_and_what_was_missed_is_made_up_for_once(string schedule, string? zone, string now, string next, bool due)
    {
        var plan = CostExportPlanner.Plan(new() { Schedule = schedule, TimeZone = zone, Interval = "1m" }, 1, Written, "a", DateTimeOffset.Parse(now, System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal((due, DateTimeOffset.Parse(next, System.Globalization.CultureInfo.InvariantCulture)), (plan.IsDue, plan.Next.ToUniversalTime()));
    }

    [Theory]
    [InlineData("30 25 * * *", null, "spec.schedule")]
    [InlineData("0 0 30 2 *", null, "never")]
    [InlineData("0 0 * * *", "Europe/Nowhere", "spec.timeZone: there is no zone Europe/Nowhere")]
    public void What_is_no_schedule_is_told(string schedule, string? zone, string message) => Assert.Contains(
        message, Assert.Throws<ArgumentException>(() => CostExportPlanner.Plan(new() { Schedule = schedule, TimeZone = zone }, 1, Written, "a", Now)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_month_is_written_until_it_is_closed_and_what_was_missed_is_caught_up()
    {
        var early = new DateTimeOffset(2026, 12, 2, 0, 0, 0, TimeSpan.Zero);
        Assert.Equal([("2026-11", false), ("2026-12", false)], Months(early));
        Assert.Equal([("2026-11", true), ("2026-12", false)], Months(early.AddDays(2)));
        Assert.Equal([("2026-11", true), ("2026-12", true), ("2027-01", true), ("2027-02", false)], Months(new(2027, 2, 20, 0, 0, 0, TimeSpan.Zero)));
        Assert.Equal(12, Months(early.AddYears(5)).Count);

        static List<(string, bool)> Months(DateTimeOffset now) => [.. CostExportPlanner.Plan(new(), 1, Written, "a", now).Months.Select(month => (month.Period, month.Closes))];
    }

    [Fact]
    public void The_status_has_a_year_of_months()
    {
        List<ExportedPeriod> periods = [];
        foreach (var month in Enumerable.Range(1, 14))
            periods = CostExportPlanner.With(periods, new() { Period = $"2026-{month:00}", Rows = month });
        periods = CostExportPlanner.With(periods, new() { Period = "2026-09", Rows = 99 });
        Assert.Equal((12, "2026-03", "2026-14", 99L), (periods.Count, periods[0].Period, periods[^1].Period, periods.Single(period => period.Period == "2026-09").Rows));
    }
}
