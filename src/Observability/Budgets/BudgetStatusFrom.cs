using Fleet.Contracts;
using Fleet.Contracts.Budgets;
using Fleet.Control.Status;
using Fleet.Cost.Budgets;
using Fleet.Observability.Days;

namespace Fleet.Observability.Budgets;

/// <summary>The status of a Budget, without its conditions. Pure.</summary>
internal static class BudgetStatusFrom
{
    private const string Unknown = "Unknown";

    /// <param name="evaluation">Null while the costs are not known.</param>
    public static BudgetStatus Of(Budget budget, BudgetFacts facts, BudgetEvaluation? evaluation, DateTimeOffset now)
    {
        var before = budget.Status is { } kept ? kept with { Conditions = null } : null;
        var wanted = evaluation is not null ? Evaluated(budget, evaluation)
            : facts.Unknown is BudgetUnknown.LedgerAway or BudgetUnknown.NotAddedUp && FigureStatus.IsOf(before?.ObservedGeneration, budget.Metadata.Generation) ? before!
            : new BudgetStatus { State = Unknown };
        wanted = wanted with { ObservedGeneration = budget.Metadata.Generation, LastEvaluated = before?.LastEvaluated };
        return wanted with { LastEvaluated = FigureStatus.LastEvaluated(wanted, before, before?.LastEvaluated, ContractsJson.Default.BudgetStatus, now) };
    }

    private static BudgetStatus Evaluated(Budget budget, BudgetEvaluation evaluation) => new()
    {
        State = evaluation.State.ToString(),
        Period = new() { Start = BudgetEvaluator.Text(evaluation.Period.First), End = BudgetEvaluator.Text(evaluation.Period.Last) },
        Spent = Amount(evaluation.Spent),
        Remaining = Amount((double)budget.Spec.Amount - evaluation.Spent),
        Forecast = evaluation.Forecast is { } forecast
            ? new() { Amount = Amount(forecast.Expected), Low = Amount(forecast.Low), High = Amount(forecast.High), Method = forecast.Method.ToString() }
            : null,
        Thresholds =
        [
            .. evaluation.Thresholds.Select(threshold => new BudgetThresholdStatus
            {
                Kind = threshold.OfForecast ? "Forecast" : "Actual", Percent = threshold.Percent, Crossed = threshold.IsCrossed, At = threshold.At is { } at ? StatusTime.Of(at) : null,
            }),
        ],
    };

    /// <summary>In cents, without zeros behind: what is written must be what is read back.</summary>
    private static decimal Amount(double amount) => (decimal)Math.Round(Math.Clamp(amount, -1e15, 1e15), 2, MidpointRounding.AwayFromZero);
}
