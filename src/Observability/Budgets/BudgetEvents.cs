using System.Globalization;
using Fleet.Cost.Budgets;
using Fleet.Kubernetes.Core;
using Fleet.Kubernetes.Events;
using Fleet.Kubernetes.Resources;

namespace Fleet.Observability.Budgets;

/// <summary>An event on a Budget for each threshold, once in a period.</summary>
internal sealed class BudgetEvents(IKubernetesClient management, TimeProvider clock) : IAsyncDisposable
{
    private readonly EventRecorder recorder = new(
        management.Resource(CoreTypes.Events),
        new() { Controller = "fleet-observability", Instance = Environment.MachineName, Clock = clock });

    public void Tell(Budget budget, BudgetEvaluation evaluation)
    {
        foreach (var threshold in evaluation.Thresholds.Where(threshold => threshold.IsNew))
            // The action tells thresholds apart: events that are alike become one.
            recorder.Warning(
                ObjectReference.To(budget), "ThresholdCrossed", string.Create(CultureInfo.InvariantCulture, $"{(threshold.OfForecast ? "Forecast" : "Actual")}{threshold.Percent:0.##}"),
                $"{BudgetConditionsFrom.Text(threshold)}: {BudgetConditionsFrom.Money(threshold.OfForecast ? evaluation.Forecast?.Expected ?? 0 : evaluation.Spent)} of "
                + $"{BudgetConditionsFrom.Money((double)budget.Spec.Amount)} {budget.Spec.Currency} from {BudgetEvaluator.Text(evaluation.Period.First)} to {BudgetEvaluator.Text(evaluation.Period.Last)}");
    }

    public ValueTask DisposeAsync() => recorder.DisposeAsync();
}
