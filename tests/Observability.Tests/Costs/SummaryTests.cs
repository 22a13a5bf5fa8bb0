using Fleet.Contracts.Budgets;
using Fleet.Cost.Allocations;
using Fleet.Cost.Days;
using Fleet.Observability.Costs.Summary;
using Fleet.Observability.Days;
using Fleet.Observability.Recommendations.Api;

namespace Fleet.Observability.Tests.Costs;

/// <summary>What a first look at costs shows.</summary>
public sealed class SummaryTests
{
    private static readonly SummaryDates Dates = new(new(2026, 11, 15));

    [Theory]
    [InlineData("2026-11-15", "2026-11-01", "2026-10-01", "2026-10-16", "2026-10-01")]
    // The 31st has no counterpart in November: all of it is compared.
    [InlineData("2026-12-31", "2026-12-01", "2026-11-01", "2026-12-01", "2026-11-01")]
    // On the first of a month forecasts still look back five weeks.
    [InlineData("2027-03-01", "2027-03-01", "2027-02-01", "2027-02-02", "2027-01-25")]
    public void Dates_are_of_the_calendar(string today, string month, string lastMonth, string sameDayEnd, string from)
    {
        var dates = new SummaryDates(Day(today));
        Assert.Equal((Day(month), Day(lastMonth), Day(sameDayEnd), Day(from)), (dates.Month, dates.LastMonth, dates.LastMonthSameDayEnd, dates.From));
    }

    [Fact]
    public void Months_are_compared_and_the_end_is_guessed()
    {
        // 20 a day in October and 30 in November, of which 9 are idle; half of what is paid for is used.
        var summary = SummaryFrom.Of(Facts() with { Days = [.. Days(Day("2026-10-01"), 31, 20), .. Days(Day("2026-11-01"), 14, 30), .. Days(Day("2026-11-15"), 1, 12)] });
        Assert.Equal((432, 620, 300), (summary.MonthToDate, summary.LastMonth, summary.LastMonthToSameDay));
        Assert.Equal((true, "Weekday"), (summary.Forecast.EnoughHistory, summary.Forecast.Method));
        // Each weekday as in the last four weeks: two of October's, two of November's, so 25 for each of the 16 days to come.
        Assert.Equal(14 * 30 + 16 * 25.0, summary.Forecast.Amount);
        Assert.True(summary.Forecast.Low < summary.Forecast.Amount && summary.Forecast.Amount < summary.Forecast.High);
        Assert.Equal((30.0, 0.5), (summary.IdlePercent, summary.Efficiency));
        Assert.Equal(46, summary.Days.Count);
        Assert.Equal(("2026-11-01", "2026-12-01", "2026-10-01"), (summary.Window.Start, summary.Window.End, summary.KnownSince));
    }

    [Fact]
    public void A_month_that_is_known_in_part_is_compared_with_nothing()
    {
        var summary = SummaryFrom.Of(Facts() with { Days = [.. Days(Day("2026-10-02"), 30, 20), .. Days(Day("2026-11-01"), 15, 30)] });
        Assert.Equal((450, null, null), (summary.MonthToDate, summary.LastMonth, summary.LastMonthToSameDay));
    }

    [Fact]
    public void What_is_not_known_is_null_and_not_zero()
    {
        var summary = SummaryFrom.Of(Facts() with { Days = [.. Days(Day("2026-11-13"), 3, 30)] });
        Assert.Equal((90, null, null), (summary.MonthToDate, summary.LastMonth, summary.LastMonthToSameDay));
        Assert.Equal(new SummaryForecast(null, null, null, null, false), summary.Forecast);
        Assert.Empty(summary.TopMovers);
        var nothing = SummaryFrom.Of(new(Dates, ""));
        Assert.Equal((0, null, null, null, null), (nothing.MonthToDate, nothing.Efficiency, nothing.Budget, nothing.Savings, nothing.KnownSince));
    }

    [Fact]
    public void The_largest_moves_of_each_kind_are_shown_what_came_and_went_too()
    {
        var summary = SummaryFrom.Of(Facts() with
        {
            WeekNow = [Row("cluster", "c", "c", 100), Row("namespace", "c", "new", 7), Row("namespace", "c", "same", 5), Row("category/team", "", "red", 50)],
            WeekBefore = [Row("cluster", "c", "c", 140), Row("namespace", "c", "gone", 9), Row("namespace", "c", "same", 5.001), Row("category/team", "", "red", 20)],
        });
        Assert.Equal(
            ["cluster c c -40", "team red  30", "namespace gone c -9", "namespace new c 7"],
            summary.TopMovers.Select(mover => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{mover.Kind} {mover.Name} {mover.Cluster} {mover.Change}")));
    }

    [Fact]
    public void The_budget_of_everything_counts_alone_and_else_all_of_a_month()
    {
        var some = new[] { Budget("team", "Monthly", "EUR", 100, null), Budget("team", "Monthly", "EUR", 50, "namespace:\"a\""), Budget("team", "Yearly", "EUR", 900, null), Budget("team", "Monthly", "USD", 70, null) };
        Assert.Equal(new SummaryBudget(150, 20, 2), SummaryFrom.Of(Facts() with { Budgets = some }).Budget);
        Assert.Equal(new SummaryBudget(2000, 10, 1), SummaryFrom.Of(Facts() with { Budgets = [.. some, Budget("kcm-system", "Monthly", "EUR", 2000, null)] }).Budget);
        Assert.Null(SummaryFrom.Of(Facts() with { Budgets = some[2..] }).Budget);
    }

    [Fact]
    public void Clusters_say_how_far_they_reach_and_what_is_missing()
    {
        var until = new DateTimeOffset(2026, 11, 15, 9, 0, 0, TimeSpan.Zero);
        var summary = SummaryFrom.Of(Facts() with
        {
            Days = [.. Days(Day("2026-10-01"), 1, 1), (Day("2026-11-15"), new DayCost("", "") { Direct = 1, Missing = MissingPrice.Gpu | MissingPrice.LoadBalancer })],
            ClustersNow = new Dictionary<string, DayCost> { ["a/x"] = new("a/x", "") { Direct = 3, Idle = 1 }, ["a/y"] = new("a/y", "") { Direct = 9 } },
            ClustersBefore = new Dictionary<string, DayCost> { ["a/x"] = new("a/x", "") { Direct = 1 } },
            Freshness = [new("a/x", "u0", until.AddDays(-9), ["old"]) { IsSimulated = true }, new("a/x", "u1", until, ["no metrics"])],
            Savings = new("EUR", 12.346, 7, 0, 3, 0, new Dictionary<string, KindTotalView>()),
            Balanced = false,
        });
        Assert.Equal(["gpu", "loadbalancer"], summary.MissingPrices);
        Assert.Equal((false, true, new SummarySavings(12.35, 7)), (summary.Balanced, summary.Simulated, summary.Savings));
        Assert.Equal([("a/y", 9.0, 9.0, null), ("a/x", 4.0, 3.0, (DateTimeOffset?)until)], summary.Clusters.Select(cluster => (cluster.Cluster, cluster.Amount, cluster.Change!.Value, cluster.SeenUntil)));
        Assert.Equal(["no metrics"], summary.Clusters[1].Problems);
    }

    [Fact]
    public async Task Rows_in_memory_are_asked_as_those_in_the_database()
    {
        var rows = new DayRowSums([Row("cluster", "a", "a", 1), Row("cluster", "b", "b", 2), Row("namespace", "b", "n", 4), Row("cluster", "a", "a", 8, "2026-11-16"), Row("cluster", "a", "a", 16, "2026-11-20"), Row("cluster", "a", "a", 32, currency: "USD")]);
        var from = Day("2026-11-15");
        Assert.Equal([11.0, 32.0], (await rows.ReadAsync(new(["cluster"], from, from.AddDays(2)), default)).Select(row => row.Cost.Total).Order());
        Assert.Equal([1.0, 2.0, 8.0, 32.0], (await rows.ReadAsync(new(["cluster"], from, from.AddDays(2)) { ByDay = true, ByCluster = true }, default)).Select(row => row.Cost.Total).Order());
        Assert.Equal([2.0], (await rows.ReadAsync(new(["cluster"], from, from.AddDays(9)) { Clusters = ["b"] }, default)).Select(row => row.Cost.Total));
    }

    private static SummaryFacts Facts() => new(Dates, "EUR") { Days = [(Day("2026-10-01"), new DayCost("", "") { Direct = 1 })] };

    private static IEnumerable<(DateOnly, DayCost)> Days(DateOnly first, int count, double cost) =>
        Enumerable.Range(0, count).Select(day => (first.AddDays(day), new DayCost("", "") { Direct = 0.7 * cost, Idle = 0.3 * cost, Compute = 0.6 * cost, Efficient = 0.3 * cost }));

    private static DayRow Row(string subject, string cluster, string name, double cost, string day = "2026-11-15", string currency = "EUR") => new(subject, Day(day), currency, new(cluster, name) { Direct = cost });

    private static Budget Budget(string @namespace, string period, string currency, decimal amount, string? filter) => new()
    {
        Metadata = new() { Name = "b", Namespace = @namespace },
        Spec = new() { Period = period, Currency = currency, Amount = amount, Filter = filter },
        Status = new BudgetStatus { Spent = 10, State = "OnTrack" },
    };

    private static DateOnly Day(string text) => DateOnly.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
