using Fleet.Control.Kinds;
using Fleet.Control.Reconciling;
using Fleet.Control.Status;
using Fleet.Cost.Budgets;
using Fleet.Kubernetes.Resources;
using Fleet.Observability.Days;

namespace Fleet.Observability.Budgets;

/// <summary>Compares what is spent with a Budget, and says so in its status.</summary>
internal sealed class BudgetReconciler(
    IKubernetesClient management, BudgetFactsReader reader, IStatusWriter status, BudgetEvents events, DayWake days, TimeProvider clock) : IReconciler
{
    /// <summary>Rounds of adding up ask for every budget; this is for what changes without one: a day ends, a cluster is late.</summary>
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromMinutes(15);

    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromSeconds(30);

    public async Task<Outcome> ReconcileAsync(ReconcileRequest request, CancellationToken ct)
    {
        if (await management.Resource(FleetKinds.Budgets).GetAsync(request.Key, ct) is not { Metadata.IsBeingDeleted: false } budget)
            return Outcome.Done;
        var facts = await reader.ReadAsync(budget, ct);
        if (facts.Unknown == BudgetUnknown.NotAddedUp)
            days.Wake();
        var now = clock.GetUtcNow();
        var evaluation = facts.Figures is { } figures && !BudgetConditionsFrom.HasOnlyOthers(figures)
            ? BudgetEvaluator.Evaluate(budget.Spec, figures, budget.Status, budget.Status?.ObservedGeneration == budget.Metadata.Generation, now)
            : null;
        var conditions = BudgetConditionsFrom.All(budget, facts, evaluation);
        var written = await status.WriteAsync(StatusChange.Of(
            FleetKinds.Budgets, budget, BudgetStatusFrom.Of(budget, facts, evaluation, now), conditions, BudgetConditionsFrom.Owned, request.Ownership));
        // After the write: what is told is in the status, and is not told again.
        if (evaluation is not null && written == StatusWriteResult.Written)
            events.Tell(budget, evaluation);
        return facts.Unknown switch
        {
            BudgetUnknown.None => Outcome.After(LookAgainAfter),
            BudgetUnknown.NotAddedUp or BudgetUnknown.LedgerAway => Outcome.Waiting(facts.Unknown.ToString(), AskAgainAfter),
            _ => Outcome.Stalled(facts.Unknown.ToString(), facts.Problem),
        };
    }
}
