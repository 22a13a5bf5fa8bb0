using System.Globalization;
using Fleet.Kubernetes.Schedules;

namespace Fleet.Kubernetes.Tests.Schedules;

public sealed class CronScheduleTests
{
    private static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    [Theory]
    [InlineData("0 3 * * *", "2026-11-22T02:59:59Z", "2026-11-22T03:00:00Z")]
    [InlineData("0 3 * * *", "2026-11-22T03:00:00Z", "2026-11-23T03:00:00Z")]
    [InlineData("0 3 * * *", "2026-11-22T03:00:00.001Z", "2026-11-23T03:00:00Z")]
    [InlineData("*/15 * * * *", "2026-11-22T03:07:30Z", "2026-11-22T03:15:00Z")]
    [InlineData("5/20 * * * *", "2026-11-22T03:26:00Z", "2026-11-22T03:45:00Z")]
    [InlineData("0 0 1,15 * *", "2026-12-15T00:00:00Z", "2027-01-01T00:00:00Z")]
    [InlineData("0 0 * * MON-FRI", "2026-11-20T12:00:00Z", "2026-11-23T00:00:00Z")]
    [InlineData("0 0 13 * fri", "2026-11-20T12:00:00Z", "2026-11-27T00:00:00Z")]    // either day
    [InlineData("0 0 */2 * 0", "2026-11-21T12:00:00Z", "2026-11-22T00:00:00Z")]     // a star with a step is a restriction
    [InlineData("0 0 29 2 *", "2096-03-01T00:00:00Z", "2104-02-29T00:00:00Z")]
    [InlineData("30 12 ? dec *", "2026-11-22T00:00:00Z", "2026-12-01T12:30:00Z")]
    [InlineData("@daily", "2026-11-22T12:00:00Z", "2026-11-23T00:00:00Z")]
    [InlineData("@midnight", "2026-11-22T12:00:00Z", "2026-11-23T00:00:00Z")]
    [InlineData("@hourly", "2026-11-22T12:00:00Z", "2026-11-22T13:00:00Z")]
    [InlineData("@weekly", "2026-11-22T12:00:00Z", "2026-11-29T00:00:00Z")]
    [InlineData("@monthly", "2026-11-22T12:00:00Z", "2026-12-01T00:00:00Z")]
    [InlineData("@yearly", "2026-11-22T12:00:00Z", "2027-01-01T00:00:00Z")]
    [InlineData("@every 1h30m", "2026-11-22T12:00:00.4Z", "2026-11-22T13:30:00Z")]
    [InlineData("0 12 * * *", "2026-11-22T13:30:00+02:00", "2026-11-22T12:00:00Z")]  // the offset that is asked with says nothing
    public void The_next_time_is_the_first_after(string schedule, string after, string next) =>
        Assert.Equal(Time(next), CronSchedule.Parse(schedule).Next(Time(after), TimeZoneInfo.Utc));

    [Theory]
    [InlineData("30 2 * * *", "2026-03-28T12:00:00Z", "2026-03-29T03:00:00+02:00")]     // 02:00 to 03:00 is left out: at its end
    [InlineData("30 2 * * *", "2026-03-29T01:00:00Z", "2026-03-30T02:30:00+02:00")]     // and not again
    [InlineData("15 * * * *", "2026-03-29T00:15:00Z", "2026-03-29T03:15:00+02:00")]     // every hour stays every hour
    [InlineData("30 2 * * *", "2026-10-24T12:00:00Z", "2026-10-25T02:30:00+02:00")]     // 02:30 comes twice: the first
    [InlineData("30 2 * * *", "2026-10-25T00:30:00Z", "2026-10-26T02:30:00+01:00")]     // and not the second
    [InlineData("30 2 * * *", "2026-10-25T00:45:00Z", "2026-10-26T02:30:00+01:00")]
    [InlineData("30 * * * *", "2026-10-25T00:30:00Z", "2026-10-25T02:30:00+01:00")]     // every hour runs in both
    [InlineData("*/10 * * * *", "2026-10-25T00:50:00Z", "2026-10-25T02:00:00+01:00")]
    [InlineData("*/10 * * * *", "2026-10-25T01:50:00Z", "2026-10-25T03:00:00+01:00")]
    [InlineData("0 3 * * *", "2026-10-25T00:30:00Z", "2026-10-25T03:00:00+01:00")]
    [InlineData("0 3 * * *", "2026-07-01T00:00:00Z", "2026-07-01T03:00:00+02:00")]
    public void Clocks_that_are_put_forward_or_back_neither_lose_nor_repeat_a_run(string schedule, string after, string next)
    {
        var found = CronSchedule.Parse(schedule).Next(Time(after), Berlin);
        Assert.Equal(Time(next), found);
        Assert.Equal(Time(next).Offset, found!.Value.Offset);
    }

    [Fact]
    public void Every_ten_minutes_are_six_an_hour_on_the_days_of_change_too()
    {
        foreach (var day in (string[])["2026-03-29", "2026-10-25"])
        {
            var schedule = CronSchedule.Parse("*/10 * * * *");
            var time = Time(day + "T00:00:00Z");
            for (var i = 1; i <= 144; i++)
            {
                var next = schedule.Next(time, Berlin)!.Value;
                Assert.Equal(TimeSpan.FromMinutes(10), next - time);
                time = next;
            }
        }
    }

    [Theory]
    [InlineData("0 0 30 2 *")]
    [InlineData("0 0 31 4,6 *")]
    public void A_day_that_never_comes_has_no_next(string schedule) => Assert.Null(CronSchedule.Parse(schedule).Next(Time("2026-11-22T00:00:00Z"), TimeZoneInfo.Utc));

    [Theory]
    [InlineData("0 3 * * *", "2026-11-20T03:00:00Z", "2026-11-22T12:00:00Z", "2026-11-22T03:00:00Z")]    // two were missed, one is made up for
    [InlineData("0 3 * * *", "2026-11-22T03:00:00Z", "2026-11-22T12:00:00Z", null)]
    [InlineData("* * * * *", "2024-01-01T00:00:00Z", "2026-11-22T12:00:30Z", "2026-11-22T12:00:00Z")]
    [InlineData("0 0 1 1 *", "2020-01-01T00:00:00Z", "2026-11-22T12:00:00Z", "2026-01-01T00:00:00Z")]
    [InlineData("0 0 30 2 *", "2020-01-01T00:00:00Z", "2026-11-22T12:00:00Z", null)]
    [InlineData("@every 1h", "2026-11-22T00:00:00Z", "2026-11-22T05:30:00Z", "2026-11-22T05:00:00Z")]
    [InlineData("@every 1h", "2026-11-22T00:00:00Z", "2026-11-22T00:30:00Z", null)]
    [InlineData("0 3 * * *", "2027-01-01T00:00:00Z", "2026-11-22T12:00:00Z", null)]                      // a clock that was put back
    public void Of_what_was_missed_the_latest_is_due(string schedule, string since, string now, string? due) =>
        Assert.Equal(due is null ? null : Time(due), CronSchedule.Parse(schedule).LatestDue(Time(since), Time(now), TimeZoneInfo.Utc));

    [Theory]
    [InlineData("", "expected exactly 5 fields, found 0: []")]
    [InlineData("0 3 * *", "expected exactly 5 fields, found 4: [0 3 * *]")]
    [InlineData("0 0 3 * * *", "expected exactly 5 fields, found 6: [0 0 3 * * *]")]
    [InlineData("60 * * * *", "\"60\" is not within 0 to 59")]
    [InlineData("* * 0 * *", "\"0\" is not within 1 to 31")]
    [InlineData("* * * * 7", "\"7\" is not within 0 to 6")]
    [InlineData("5-1 * * * *", "\"5-1\" is not within 0 to 59")]
    [InlineData("*/0 * * * *", "\"*/0\" is not within 0 to 59")]
    [InlineData("*/ * * * *", "\"*/\" is not within 0 to 59")]
    [InlineData("1,,2 * * * *", "\"1,,2\" is not within 0 to 59")]
    [InlineData("*/2147483647 * * * *", "\"*/2147483647\" is not within 0 to 59")]
    [InlineData("@fortnightly", "unrecognized descriptor: @fortnightly")]
    [InlineData("@every", "unrecognized descriptor: @every")]
    [InlineData("@every never", "failed to parse duration @every never")]
    [InlineData("@every 0s", "failed to parse duration @every 0s")]
    [InlineData("TZ=Europe/Berlin 0 3 * * *", "cannot use TZ or CRON_TZ in schedule, use timeZone field instead")]
    public void What_is_no_schedule_says_why(string text, string problem)
    {
        Assert.Null(CronSchedule.TryParse(text));
        Assert.Equal(problem, CronSchedule.Problem(text));
        Assert.Equal(problem, Assert.Throws<FormatException>(() => CronSchedule.Parse(text)).Message);
    }

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
