using Fleet.Cost;
using Fleet.Cost.Teams;
using Fleet.Observability.Teams;

namespace Fleet.Observability.Tests.Teams;

public sealed class ShowbackDocumentTests
{
    [Theory]
    [InlineData("red", "red")]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("-2", "'-2")]
    [InlineData(" +3", "' +3")]
    [InlineData("\tx", "'\tx")]
    [InlineData("a,\"b\"", "\"a,\"\"b\"\"\"")]
    [InlineData("=a,b", "\"'=a,b\"")]
    public void A_name_is_no_formula_and_no_other_column(string owner, string cell)
    {
        var lines = ShowbackDocument.Csv(Report(owner), "2026-10", "EUR", "team").Split("\r\n");
        Assert.Equal("period,currency,team,direct,shared,idle,total,before,change,share,changeUnknown", lines[0]);
        Assert.Equal($"2026-10,EUR,{cell},10.00,1.00,2.00,13.00,,,1.0000,", lines[1]);
    }

    [Fact]
    public void What_is_not_compared_says_why()
    {
        var report = Report("red") with { Prior = new(new(2026, 9, 1), new(2026, 9, 12), 5) };
        Assert.EndsWith(",13.00,,,1.0000,\"known from 12 Sep 2026, 5 hours are missing\"\r\n", ShowbackDocument.Csv(report, "2026-10", "EUR", "team"), StringComparison.Ordinal);
        Assert.Contains("<p>Not compared with the period from 1 Sep 2026: known from 12 Sep 2026, 5 hours are missing.</p>", ShowbackDocument.Html(report, "2026-10", "EUR", "team"), StringComparison.Ordinal);
        Assert.DoesNotContain("Not compared", ShowbackDocument.Html(Report("red") with { Prior = new(new(2026, 9, 1), new(2026, 9, 1), 0) }, "2026-10", "EUR", "team"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_is_no_markup()
    {
        var html = ShowbackDocument.Html(Report("<script>alert(1)</script>\"&"), "2026-10", "EUR", "team");
        Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;alert(1)&lt;/script&gt;&quot;&amp;", html, StringComparison.Ordinal);
        // Nothing is fetched from anywhere.
        Assert.DoesNotContain("http:", html.Replace("http-equiv", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotContain("https:", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2026-10", "2026-10-01", "2026-09-01", "2026-11-01")]
    [InlineData("2026-Q1", "2026-01-01", "2025-10-01", "2026-04-01")]
    [InlineData("2026", "2026-01-01", "2025-01-01", "2027-01-01")]
    [InlineData("", "2026-11-01", "2026-10-01", "2026-12-01")]
    public void A_period_is_of_the_calendar(string text, string first, string before, string end)
    {
        var period = ShowbackPeriod.Parse(text, new(2026, 11, 22));
        Assert.Equal((first, before, end), (Text(period.First), Text(period.Before), Text(period.End)));

        static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
    }

    [Theory]
    [InlineData("2026-13")]
    [InlineData("2026-Q5")]
    [InlineData("lastmonth")]
    public void What_is_no_period_is_refused(string text) => Assert.Throws<CostQueryException>(() => ShowbackPeriod.Parse(text, new(2026, 11, 22)));

    private static Showback Report(string owner) => new([new(owner, 10, 2, new Dictionary<string, decimal> { ["overhead"] = 1 }, null, 1)]);
}
