using System.ComponentModel;
using Fleet.Contracts.Conditions;
using Fleet.Contracts.Schema;

namespace Fleet.Contracts.Budgets;

public sealed record BudgetStatus
{
    [Description("OnTrack; AtRisk: a threshold is crossed, or more will be spent than the amount; Exceeded: more is spent; Unknown: the costs are not known; NotStarted, Ended.")]
    public string? State { get; set; }

    [Description("The period that the figures are of.")]
    public BudgetPeriodStatus? Period { get; set; }

    [Description("What was spent in the period, in the budget's currency.")]
    public decimal? Spent { get; set; }

    [Description("What may still be spent; below zero when more is spent than the amount.")]
    public decimal? Remaining { get; set; }

    [Description("What will be spent at the end of the period; absent with fewer than seven whole days of history.")]
    public BudgetForecast? Forecast { get; set; }

    [Atomic, Description("The thresholds in this period.")]
    public List<BudgetThresholdStatus>? Thresholds { get; set; }

    [Description("When the figures were last another: a look that finds the same writes nothing.")]
    public DateTimeOffset? LastEvaluated { get; set; }

    [ListMap("type"), Description("What was found.")]
    public List<Condition>? Conditions { get; set; }

    [Description("The generation of the spec that this status is about.")]
    public long? ObservedGeneration { get; set; }
}

public sealed record BudgetPeriodStatus
{
    [Description("First day.")]
    public string Start { get; set; } = "";

    [Description("Last day.")]
    public string End { get; set; } = "";
}

public sealed record BudgetForecast
{
    [Description("What is expected.")]
    public decimal Amount { get; set; }

    [Description("Nine of ten times it is not less, if days stay as they were.")]
    public decimal Low { get; set; }

    [Description("Nine of ten times it is not more.")]
    public decimal High { get; set; }

    [Description("RunRate: as the period so far; TrailingWeek: as the last seven days; Weekday: each weekday as it was lately.")]
    public string Method { get; set; } = "";
}

public sealed record BudgetThresholdStatus
{
    [Description("Actual or Forecast.")]
    public string Kind { get; set; } = "";

    [Description("Percent of the amount.")]
    public decimal Percent { get; set; }

    [Description("Whether it is crossed now. What was spent stays spent; a forecast may come back.")]
    public bool Crossed { get; set; }

    [Description("When it was first crossed in this period.")]
    public DateTimeOffset? At { get; set; }
}
