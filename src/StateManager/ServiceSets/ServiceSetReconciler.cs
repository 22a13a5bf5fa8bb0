using Fleet.Control.Reconciling;
using Fleet.StateManager.Holds;

namespace Fleet.StateManager.ServiceSets;

/// <summary>Makes the services of one ServiceSet so in its cluster. Runs in the grain of the cluster.</summary>
internal sealed class ServiceSetReconciler(
    ServiceSetFactsReader reader, ServiceSetApplier applier, ServiceSetStatusWrites status, ServiceSetFinalizer finalizer, HoldWrites holds,
    ObjectKeeping keeping, TimeProvider clock) : IReconciler
{
    public async Task<Outcome> ReconcileAsync(ReconcileRequest request, CancellationToken ct)
    {
        if (await reader.ReadAsync(request, ct) is not { } reading)
            return Outcome.Done;
        var (facts, cluster, retries, drift, retryConnectionAfter) = reading;
        if (facts.IsForeign)
        {
            // It may have been ours before: nothing of us may hold it up.
            if (facts.HasFinalizer)
                await finalizer.RemoveAsync(facts.Object, request.Ownership, ct);
            return Outcome.Done;
        }
        var plan = ServiceSetPlanner.Plan(facts, clock.GetUtcNow());
        if (plan.AddFinalizer)
            await finalizer.AddAsync(facts.Object, request.Ownership, ct);
        if (plan.EndHolds.Count > 0)
            await holds.EndAsync(facts.Object, plan.EndHolds, request.Ownership, ct);
        plan = await keeping.RunAsync(facts, plan, cluster, drift, request.Ownership, ct);
        // Before Helm runs: what is on its way must be known even if this process dies now.
        var results = new List<ServiceResult>();
        var states = await status.WriteAsync(facts, plan, results, request.Ownership);
        if (cluster is not null && plan.Steps.Any())
        {
            await foreach (var result in applier.ApplyAsync(plan, facts.Settings.Rules, cluster, retries, request.Ownership, ct))
            {
                results.Add(result);
                states = await status.WriteAsync(facts, plan, results, request.Ownership);
            }
        }
        if (facts.IsDeleting && states.Count == 0)
        {
            await finalizer.RemoveAsync(facts.Object, request.Ownership, ct);
            return Outcome.Done;
        }
        return ServiceSetOutcome.Of(facts, plan, results, retryConnectionAfter);
    }
}
