using Fleet.Cost.Anomalies;
using Fleet.Cost.Forecasts;

namespace Fleet.Cost.Tests.Anomalies;

public sealed class AnomalyFinderTests
{
    // A Sunday.
    private static readonly DateOnly First = new(2026, 2, 1);

    [Fact]
    public void A_day_that_costs_more_than_usual_is_found()
    {
        var found = Assert.Single(Find(60, day => day == 40 ? 30 : 10 + day % 3));
        Assert.Equal((First.AddDays(40), First.AddDays(40), false), (found.FirstDay, found.LastDay, found.IsOpen));
        Assert.Equal((30, 11, 19, AnomalySeverity.High), (found.Actual, found.Expected, found.Impact, found.Severity));
    }

    [Fact]
    public void A_weekend_is_compared_with_weekends()
    {
        static double Weekly(int day) => day % 7 is 0 or 6 ? 10 : 100;
        Assert.Empty(Find(60, Weekly));
        // A Saturday that costs what a Monday does.
        Assert.Equal(First.AddDays(48), Assert.Single(Find(60, day => day == 48 ? 100 : Weekly(day))).FirstDay);
    }

    [Fact]
    public void There_is_one_anomaly_at_a_time_until_the_cost_returns()
    {
        var found = Assert.Single(Find(60, day => day is >= 40 and < 45 ? 50 : 10));
        Assert.Equal((First.AddDays(40), First.AddDays(44), false, 250, 50), (found.FirstDay, found.LastDay, found.IsOpen, found.Actual, found.Expected));
        Assert.True(Assert.Single(Find(60, day => day >= 55 ? 50 : 10)).IsOpen);
    }

    [Fact]
    public void Too_little_is_an_anomaly_of_its_own()
    {
        var found = Find(60, day => day switch { 40 => 50, 41 => 0, _ => 10 });
        Assert.Equal([40.0, -10.0], found.Select(anomaly => anomaly.Impact));
    }

    [Fact]
    public void The_day_that_is_not_over_is_left_out() => Assert.Empty(AnomalyFinder.Find(Days(30, day => day == 29 ? 0 : 10), First.AddDays(29)));

    [Theory]
    [InlineData(10, 10.9, 0)]
    [InlineData(10, 11.9, 0)]
    [InlineData(10, 12.1, 1)]
    [InlineData(1, 1.9, 0)]
    [InlineData(1, 2.1, 1)]
    [InlineData(0, 5, 1)]
    public void Small_changes_are_none(double usual, double odd, int count) => Assert.Equal(count, Find(40, day => day == 30 ? odd : usual).Count);

    [Fact]
    public void Usual_swings_are_none() => Assert.Empty(Find(80, day => 100 + ((day * day * 31 + day * 17) % 41 - 20)));

    [Fact]
    public void An_old_outlier_does_not_hide_a_new_one() =>
        Assert.Equal([First.AddDays(27), First.AddDays(41)], Find(60, day => day switch { 27 => 5000, 41 => 30, _ => 10 }).Select(anomaly => anomaly.FirstDay));

    [Theory]
    [InlineData(13, AnomalySeverity.Low)]
    [InlineData(16, AnomalySeverity.Medium)]
    [InlineData(21, AnomalySeverity.High)]
    public void Severity_is_by_the_distance_from_usual(double cost, AnomalySeverity severity) => Assert.Equal(severity, Assert.Single(Find(40, day => day == 30 ? cost : 10)).Severity);

    [Fact]
    public void The_first_three_weeks_say_nothing() => Assert.Empty(Find(21, day => day == 20 ? 1000 : 1));

    [Fact]
    public void What_lasts_becomes_usual()
    {
        var found = Find(150, day => day < 30 ? 10 : 50);
        Assert.Equal((First.AddDays(30), First.AddDays(85), false), (found[0].FirstDay, found[0].LastDay, found[0].IsOpen));
        Assert.Single(found);
    }

    private static IReadOnlyList<CostAnomaly> Find(int days, Func<int, double> cost) => AnomalyFinder.Find(Days(days, cost), First.AddDays(days));

    private static IEnumerable<DailyCost> Days(int days, Func<int, double> cost) => Enumerable.Range(0, days).Select(day => new DailyCost(First.AddDays(day), cost(day)));
}
