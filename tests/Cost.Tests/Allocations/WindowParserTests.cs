using FsCheck.Fluent;
using Fleet.Cost.Allocations;

namespace Fleet.Cost.Tests.Allocations;

public sealed class WindowParserTests
{
    // A Wednesday.
    private static readonly DateTimeOffset Now = new(2026, 3, 4, 15, 20, 30, TimeSpan.Zero);

    [Theory]
    [InlineData("today", "2026-03-04T00:00:00Z", "2026-03-05T00:00:00Z")]
    [InlineData("yesterday", "2026-03-03T00:00:00Z", "2026-03-04T00:00:00Z")]
    [InlineData("week", "2026-03-01T00:00:00Z", "2026-03-04T15:20:30Z")]
    [InlineData("month", "2026-03-01T00:00:00Z", "2026-03-04T15:20:30Z")]
    [InlineData("lastweek", "2026-02-22T00:00:00Z", "2026-03-01T00:00:00Z")]
    [InlineData("lastmonth", "2026-02-01T00:00:00Z", "2026-03-01T00:00:00Z")]
    [InlineData("45m", "2026-03-04T14:36:00Z", "2026-03-04T15:21:00Z")]
    [InlineData("12h", "2026-03-04T04:00:00Z", "2026-03-04T16:00:00Z")]
    [InlineData("7d", "2026-02-26T00:00:00Z", "2026-03-05T00:00:00Z")]
    [InlineData("2w", "2026-02-19T00:00:00Z", "2026-03-05T00:00:00Z")]
    [InlineData("45m offset 15m", "2026-03-04T14:20:30Z", "2026-03-04T15:05:30Z")]
    [InlineData("1w offset 1w", "2026-02-18T15:20:30Z", "2026-02-25T15:20:30Z")]
    [InlineData("1586822400,1586908800", "2020-04-14T00:00:00Z", "2020-04-15T00:00:00Z")]
    [InlineData("1586822400-1586908800", "2020-04-14T00:00:00Z", "2020-04-15T00:00:00Z")]
    [InlineData("2020-04-01T00:00:00Z,2020-04-03T00:00:00Z", "2020-04-01T00:00:00Z", "2020-04-03T00:00:00Z")]
    [InlineData("2020-04-01T02:00:00+02:00,2020-04-03T00:00:00Z", "2020-04-01T00:00:00Z", "2020-04-03T00:00:00Z")]
    public void Windows_are_read_as_OpenCost_reads_them(string text, string start, string end) =>
        Assert.Equal((DateTimeOffset.Parse(start, null), DateTimeOffset.Parse(end, null)), (WindowParser.Parse(text, Now).Start, WindowParser.Parse(text, Now).End));

    [Theory]
    [InlineData("today", "-07:00", "2026-03-04T00:00:00-07:00", "2026-03-05T00:00:00-07:00")]
    [InlineData("today", "+09:30", "2026-03-05T00:00:00+09:30", "2026-03-06T00:00:00+09:30")]
    [InlineData("2d", "+09:30", "2026-03-04T00:00:00+09:30", "2026-03-06T00:00:00+09:30")]
    [InlineData("lastmonth", "-07:00", "2026-02-01T00:00:00-07:00", "2026-03-01T00:00:00-07:00")]
    public void Days_begin_where_the_asker_has_midnight(string text, string offset, string start, string end) =>
        Assert.Equal(new QueryWindow(DateTimeOffset.Parse(start, null), DateTimeOffset.Parse(end, null)), WindowParser.Parse(text, Now, WindowParser.ParseUtcOffset(offset)));

    [Fact]
    public void A_week_on_its_first_day_and_the_turn_of_a_year()
    {
        var sunday = new DateTimeOffset(2023, 1, 1, 0, 30, 0, TimeSpan.Zero);
        Assert.Equal(new QueryWindow(new(2022, 12, 25, 0, 0, 0, TimeSpan.Zero), new(2023, 1, 1, 0, 0, 0, TimeSpan.Zero)), WindowParser.Parse("lastweek", sunday));
        Assert.Equal(new QueryWindow(new(2022, 12, 1, 0, 0, 0, TimeSpan.Zero), new(2023, 1, 1, 0, 0, 0, TimeSpan.Zero)), WindowParser.Parse("lastmonth", sunday));
    }

    [Theory]
    [InlineData("")]
    [InlineData("tomorrow")]
    [InlineData("0d")]
    [InlineData("-1d")]
    [InlineData("7 d")]
    [InlineData("7D")]
    [InlineData("٧d")]
    [InlineData("99999999d")]
    [InlineData("2000d")]
    [InlineData("1586908800,1586822400")]
    [InlineData("1586908800,1586908800")]
    [InlineData("99999999999,999999999999")]
    [InlineData("1,2")]
    [InlineData("2020-04-03T00:00:00Z,2020-04-01T00:00:00Z")]
    [InlineData("2020-04-01,2020-04-03")]
    [InlineData("2020-02-30T00:00:00Z,2020-04-03T00:00:00Z")]
    [InlineData("7d offset")]
    [InlineData("week")]
    public void Anything_else_is_refused(string text) =>
        // Sunday at midnight the week has no length yet.
        Assert.Throws<CostQueryException>(() => WindowParser.Parse(text, new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero)));

    [Fact]
    public void No_text_leads_to_anything_else_than_a_window_or_a_refusal()
    {
        var pieces = Gen.OneOf(ArbMap.Default.GeneratorFor<string>(), Gen.Elements("7d", "offset", " ", "1586822400", ",", "-", "2020-04-01T00:00:00Z", "T", "99999999w", "week"));
        foreach (var text in Gen.ArrayOf(pieces).Select(parts => string.Concat(parts.Take(5))).Sample(20, 2000))
            try
            {
                var window = WindowParser.Parse(text, Now);
                Assert.InRange(window.Duration, TimeSpan.FromTicks(1), WindowParser.Longest);
            }
            catch (CostQueryException)
            {
            }
    }

    [Theory]
    [InlineData("1h", 1)]
    [InlineData("1d", 24)]
    [InlineData("1w", 168)]
    public void Steps_are_lengths(string text, int hours) => Assert.Equal(TimeSpan.FromHours(hours), WindowParser.ParseStep(text));

    [Theory]
    [InlineData("")]
    [InlineData("0h")]
    [InlineData("1d offset 1d")]
    [InlineData("9999999w")]
    public void What_is_no_step_is_refused(string text) => Assert.Throws<CostQueryException>(() => WindowParser.ParseStep(text));

    [Theory]
    [InlineData("+14:30")]
    [InlineData("07:00")]
    [InlineData("-7:00")]
    [InlineData("-07:60")]
    public void What_is_no_offset_is_refused(string text) => Assert.Throws<CostQueryException>(() => WindowParser.ParseUtcOffset(text));

    [Fact]
    public void A_window_is_cut_into_steps_and_the_last_is_shorter()
    {
        var steps = new QueryWindow(Now, Now.AddHours(10)).Steps(TimeSpan.FromHours(4));
        Assert.Equal([4, 4, 2], steps.Select(step => step.Duration.TotalHours));
        Assert.Throws<CostQueryException>(() => new QueryWindow(Now, Now.AddDays(30)).Steps(TimeSpan.FromMinutes(1)));
        Assert.Throws<CostQueryException>(() => new QueryWindow(Now, Now.AddDays(30)).Steps(TimeSpan.Zero));
    }
}
