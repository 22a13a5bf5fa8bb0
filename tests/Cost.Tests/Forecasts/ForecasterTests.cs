using Fleet.Cost.Forecasts;

namespace Fleet.Cost.Tests.Forecasts;

public sealed class ForecasterTests
{
    // March 2026 begins on a Sunday.
    private static readonly DateOnly March = new(2026, 3, 1);
    private static readonly DateOnly April = new(2026, 4, 1);

    [Fact]
    public void Run_rate_is_what_is_spent_for_each_day_that_is_over()
    {
        // 10 days at 3, the rest likewise.
        var forecast = Forecaster.Of(Days(March, 10, _ => 3), March, April, March.AddDays(10), ForecastMethod.RunRate)!;
        Assert.Equal(new Forecast(30, 93, 93, 93, ForecastMethod.RunRate), forecast);
    }

    [Fact]
    public void Trailing_week_follows_what_changed_lately()
    {
        var days = Days(March, 14, day => day < 7 ? 10 : 20);
        var forecast = Forecaster.Of(days, March, April, March.AddDays(14), ForecastMethod.TrailingWeek)!;
        Assert.Equal((210, 210 + 17 * 20), (forecast.Spent, forecast.Expected));
        Assert.Equal(210 + 17 * 15.0, Forecaster.Of(days, March, April, March.AddDays(14), ForecastMethod.RunRate)!.Expected);
    }

    [Fact]
    public void Weekdays_are_guessed_by_themselves()
    {
        // Weekends at 1, other days at 10: the 17 days from Sunday 15 March have three Sundays and two Saturdays.
        var forecast = Forecaster.Of(Days(March.AddDays(-14), 28, day => day % 7 is 0 or 6 ? 1 : 10), March, April, March.AddDays(14), ForecastMethod.Weekday)!;
        Assert.Equal(ForecastMethod.Weekday, forecast.Method);
        Assert.Equal((104, 104 + 5 * 1 + 12 * 10), (forecast.Spent, forecast.Expected));
        Assert.Equal(forecast.Expected, forecast.High, 9);
    }

    [Fact]
    public void The_band_is_as_wide_as_days_scatter_and_never_below_what_is_spent()
    {
        var forecast = Forecaster.Of(Days(March, 10, day => day % 2 == 0 ? 8 : 12), March, April, March.AddDays(10), ForecastMethod.RunRate)!;
        var deviation = Math.Sqrt(10 * 4 / 9.0);
        Assert.Equal(310, forecast.Expected, 9);
        Assert.Equal(1.645 * deviation * Math.Sqrt(21), forecast.High - forecast.Expected, 9);
        Assert.Equal(forecast.High - forecast.Expected, forecast.Expected - forecast.Low, 9);
        var wild = Forecaster.Of(Days(March, 10, day => day == 3 ? 1000 : 0), March, April, March.AddDays(10), ForecastMethod.RunRate)!;
        Assert.Equal(1000, wild.Low);
    }

    [Fact]
    public void Fewer_than_seven_days_are_no_forecast()
    {
        Assert.Null(Forecaster.Of(Days(March, 6, _ => 3), March, April, March.AddDays(6), ForecastMethod.RunRate));
        Assert.NotNull(Forecaster.Of(Days(March, 7, _ => 3), March, April, March.AddDays(7), ForecastMethod.RunRate));
    }

    [Fact]
    public void A_method_without_enough_days_gives_way_to_a_simpler_one()
    {
        Assert.Equal(ForecastMethod.TrailingWeek, Forecaster.Of(Days(March, 9, _ => 3), March, April, March.AddDays(9), ForecastMethod.Weekday)!.Method);
        // On the first day of a month nothing is spent in it yet.
        var first = Forecaster.Of(Days(March.AddDays(-10), 10, _ => 3), March, April, March, ForecastMethod.RunRate)!;
        Assert.Equal((0, 93, ForecastMethod.TrailingWeek), (first.Spent, first.Expected, first.Method));
    }

    [Fact]
    public void The_day_that_is_not_over_counts_as_a_day_to_come() =>
        Assert.Equal(93, Forecaster.Of([.. Days(March, 10, _ => 3), new DailyCost(March.AddDays(10), .2)], March, April, March.AddDays(10), ForecastMethod.RunRate)!.Expected);

    [Fact]
    public void A_day_without_a_row_between_others_cost_nothing() =>
        Assert.Equal(4 * 9 * 31 / 12.0, Forecaster.Of(Days(March, 12, _ => 4).Where(day => day.Day.Day is not (4 or 5 or 6)), March, April, March.AddDays(12), ForecastMethod.RunRate)!.Expected, 9);

    [Fact]
    public void A_period_that_is_over_is_what_it_was() =>
        Assert.Equal(new Forecast(62, 62, 62, 62, ForecastMethod.RunRate), Forecaster.Of(Days(March, 40, _ => 2), March, April, new(2026, 4, 10), ForecastMethod.RunRate));

    private static IEnumerable<DailyCost> Days(DateOnly first, int count, Func<int, double> cost) => Enumerable.Range(0, count).Select(day => new DailyCost(first.AddDays(day), cost(day)));
}
