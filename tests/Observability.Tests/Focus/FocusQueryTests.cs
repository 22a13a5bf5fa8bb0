using Fleet.Cost;
using Fleet.Cost.Focus;
using Fleet.Observability.Focus;
using Microsoft.Extensions.Primitives;

namespace Fleet.Observability.Tests.Focus;

public sealed class FocusQueryTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 3, 4, 5, TimeSpan.Zero);

    [Theory]
    [InlineData("", "2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z")]
    [InlineData("period=2026-02", "2026-02-01T00:00:00Z", "2026-03-01T00:00:00Z")]
    [InlineData("start=2026-11-20", "2026-11-20T00:00:00Z", "2026-11-23T00:00:00Z")]
    [InlineData("start=2026-11-20&end=2026-11-21", "2026-11-20T00:00:00Z", "2026-11-21T00:00:00Z")]
    [InlineData("start=2026-11-20T06:00:00Z&end=2026-11-20T09:00:00%2B02:00&granularity=hourly", "2026-11-20T06:00:00Z", "2026-11-20T07:00:00Z")]
    public void A_window_is_a_month_or_two_times(string query, string start, string end)
    {
        var window = Read(query).Window;
        Assert.Equal((DateTimeOffset.Parse(start, null), DateTimeOffset.Parse(end, null)), (window.Start, window.End));
    }

    [Fact]
    public void Versions_and_formats_are_chosen_by_their_names()
    {
        Assert.Equal((FocusVersion.V12, FocusFormat.Csv, false), (Read("").Version, Read("").Format, Read("").IsHourly));
        var other = Read("version=1.3&format=jsonl&granularity=hourly&start=2026-11-20");
        Assert.Equal((FocusVersion.V12WithSplitCost, FocusFormat.JsonLines, "focus-20261120-20261123-hourly.jsonl"), (other.Version, other.Format, other.FileName));
    }

    [Theory]
    [InlineData("colour=red", "'colour' is no parameter")]
    [InlineData("period=2026-13", "period is a month")]
    [InlineData("period=2026-11&start=2026-11-01", "period is a month; with start and end")]
    [InlineData("end=2026-11-01", "start is a day")]
    [InlineData("start=yesterday", "start is a day")]
    [InlineData("start=2026-11-02&end=2026-11-02", "end must be after start")]
    [InlineData("start=2026-11-02T06:00:00Z", "full days")]
    [InlineData("start=2026-11-02T06:30:00Z&granularity=hourly", "full hours")]
    [InlineData("start=2026-01-01&granularity=hourly", "longer than 93 days")]
    [InlineData("start=2020-01-01", "longer than 1100 days")]
    [InlineData("granularity=weekly", "granularity is hourly or daily")]
    [InlineData("version=1.1", "version is 1.2")]
    [InlineData("format=parquet", "Parquet is not written")]
    [InlineData("format=xml", "format is csv or jsonl")]
    [InlineData("format=csv&format=jsonl", "format is given 2 times")]
    public void What_is_not_understood_is_named(string query, string said) =>
        Assert.Contains(said, Assert.Throws<CostQueryException>(() => Read(query)).Message, StringComparison.Ordinal);

    private static FocusQuery Read(string query) => FocusQuery.Read(
        query.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=')).GroupBy(pair => pair[0])
            .Select(group => KeyValuePair.Create(group.Key, new StringValues([.. group.Select(pair => Uri.UnescapeDataString(pair[1]))]))), Now);
}
