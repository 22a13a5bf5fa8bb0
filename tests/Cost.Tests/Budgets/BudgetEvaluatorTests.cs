using Fleet.Contracts.Budgets;
using Fleet.Cost.Budgets;
using Fleet.Cost.Forecasts;

namespace Fleet.Cost.Tests.Budgets;

public sealed class BudgetEvaluatorTests
{
    private static readonly DateOnly November = new(2026, 11, 1);
    private static readonly DateTimeOffset Now = new(2026, 11, 11, 6, 0, 0, TimeSpan.Zero);

    [Theory]
    // Ten days at 10 and a running one at 5: 105 spent, and the rest of 20 days at 10 each makes 300.
    [InlineData(1000, "OnTrack", "")]
    // A threshold at exactly the amount is crossed, which is a risk.
    [InlineData(300, "AtRisk", "Forecast100")]
    [InlineData(299, "AtRisk", "Forecast100")]
    [InlineData(131, "AtRisk", "Actual80 Forecast100")]
    [InlineData(105, "AtRisk", "Actual80 Actual100 Forecast100")]
    [InlineData(104, "Exceeded", "Actual80 Actual100 Forecast100")]
    public void What_is_spent_and_what_will_be_are_compared_with_the_amount(int amount, string state, string crossed)
    {
        var evaluation = Evaluate(Spec(amount));
        Assert.Equal((105, 300), (evaluation.Spent, evaluation.Forecast!.Expected));
        Assert.Equal(crossed, Crossed(evaluation));
        Assert.Equal(state, evaluation.State.ToString());
    }

    [Fact]
    public void Thresholds_of_the_spec_take_the_place_of_the_usual_ones()
    {
        var spec = Spec(200) with { Thresholds = [new() { Kind = "Forecast", Percent = 150 }, new() { Kind = "Actual", Percent = 52.5m }, new() { Kind = "Actual", Percent = 53 }] };
        Assert.Equal("Forecast150 Actual52.5", Crossed(Evaluate(spec)));
    }

    [Fact]
    public void A_threshold_is_new_once_and_keeps_its_time_through_restarts()
    {
        var first = Evaluate(Spec(131));
        Assert.All(first.Thresholds.Where(threshold => threshold.IsCrossed), threshold => Assert.Equal((true, Now), (threshold.IsNew, threshold.At!.Value)));
        var status = Status(first);
        var second = BudgetEvaluator.Evaluate(Spec(131), Figures(), status, isSameSpec: true, Now.AddHours(1));
        Assert.All(second.Thresholds.Where(threshold => threshold.IsCrossed), threshold => Assert.Equal((false, Now), (threshold.IsNew, threshold.At!.Value)));
    }

    [Fact]
    public void A_forecast_that_comes_back_is_not_crossed_any_more_and_not_told_again()
    {
        var status = Status(Evaluate(Spec(299)));
        var calm = BudgetEvaluator.Evaluate(Spec(299), Figures(dayCost: 9), status, isSameSpec: true, Now.AddHours(1)).Thresholds[2];
        Assert.Equal((false, Now, false), (calm.IsCrossed, calm.At!.Value, calm.IsNew));
        var again = BudgetEvaluator.Evaluate(Spec(299), Figures(), status with { Thresholds = [.. status.Thresholds!.Select(one => one with { Crossed = false })] }, isSameSpec: true, Now.AddHours(2)).Thresholds[2];
        Assert.Equal((true, Now, false), (again.IsCrossed, again.At!.Value, again.IsNew));
    }

    [Theory]
    [InlineData(true, "2026-10-01", true)]
    [InlineData(false, "2026-11-01", true)]
    [InlineData(true, "2026-11-01", false)]
    public void A_new_period_and_another_spec_begin_anew(bool isSameSpec, string start, bool isNew)
    {
        var status = Status(Evaluate(Spec(131))) with { Period = new() { Start = start, End = "2026-11-30" } };
        Assert.Equal(isNew, BudgetEvaluator.Evaluate(Spec(131), Figures(), status, isSameSpec, Now.AddHours(1)).Thresholds[0].IsNew);
    }

    [Fact]
    public void Few_days_make_no_forecast_and_cross_only_what_is_spent()
    {
        var evaluation = Evaluate(Spec(10), new([new(November.AddDays(9), 10), new(November.AddDays(10), 5)], new(2026, 11, 11)));
        Assert.Null(evaluation.Forecast);
        Assert.Equal("Actual80 Actual100", Crossed(evaluation));
        Assert.Equal(BudgetState.Exceeded, evaluation.State);
    }

    [Fact]
    public void Days_before_the_period_are_history_and_not_spent()
    {
        // The first of a month: nothing is spent, and a forecast is there from what was before.
        var days = Enumerable.Range(1, 14).Select(back => new DailyCost(November.AddDays(-back), 10)).Append(new(November, 3)).ToList();
        var evaluation = Evaluate(Spec(1000), new(days, November));
        Assert.Equal((3, 300), (evaluation.Spent, evaluation.Forecast!.Expected));
        Assert.Equal(ForecastMethod.Weekday, evaluation.Forecast.Method);
    }

    [Fact]
    public void A_running_day_that_is_dear_already_lifts_the_forecast()
    {
        var days = Enumerable.Range(0, 29).Select(day => new DailyCost(November.AddDays(day), 10)).Append(new(November.AddDays(29), 500)).ToList();
        var forecast = Evaluate(Spec(1000), new(days, November.AddDays(29))).Forecast!;
        Assert.Equal((790, 790, 790), (forecast.Expected, forecast.Low, forecast.High));
    }

    [Theory]
    [InlineData("2026-12-01", null, BudgetState.NotStarted)]
    [InlineData(null, "2026-11-10", BudgetState.Ended)]
    public void Before_the_start_and_after_the_end_nothing_is_at_risk(string? start, string? end, BudgetState state) =>
        Assert.Equal(state, Evaluate(Spec(100) with { Start = start, End = end }).State);

    [Fact]
    public void Nothing_spent_crosses_nothing() =>
        Assert.Equal("", Crossed(Evaluate(Spec(100), new([.. Enumerable.Range(0, 10).Select(day => new DailyCost(November.AddDays(day), 0))], new(2026, 11, 11)))));

    private static BudgetEvaluation Evaluate(BudgetSpec spec, BudgetFigures? figures = null) => BudgetEvaluator.Evaluate(spec, figures ?? Figures(), null, isSameSpec: false, Now);

    private static BudgetSpec Spec(decimal amount) => new() { Period = "Monthly", Amount = amount, Currency = "EUR" };

    private static BudgetFigures Figures(double dayCost = 10) =>
        new([.. Enumerable.Range(0, 10).Select(day => new DailyCost(November.AddDays(day), dayCost)), new(November.AddDays(10), 5)], new(2026, 11, 11));

    private static BudgetStatus Status(BudgetEvaluation evaluation) => new()
    {
        Period = new() { Start = BudgetEvaluator.Text(evaluation.Period.First), End = BudgetEvaluator.Text(evaluation.Period.Last) },
        Thresholds = [.. evaluation.Thresholds.Select(one => new BudgetThresholdStatus { Kind = one.OfForecast ? "Forecast" : "Actual", Percent = one.Percent, Crossed = one.IsCrossed, At = one.At })],
    };

    private static string Crossed(BudgetEvaluation evaluation) => string.Join(' ', evaluation.Thresholds.Where(one => one.IsCrossed).Select(one =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{(one.OfForecast ? "Forecast" : "Actual")}{one.Percent}")));
}
