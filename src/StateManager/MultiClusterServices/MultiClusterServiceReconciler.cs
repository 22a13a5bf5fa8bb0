using Fleet.Contracts.Services;
using Fleet.Control.Reconciling;
using Fleet.Control.Status;
using Fleet.Kubernetes.Resources;

namespace Fleet.StateManager.MultiClusterServices;

/// <summary>Keeps one ServiceSet on every cluster that the selector finds. The ServiceSets do the rest.</summary>
internal sealed class MultiClusterServiceReconciler<TSpec>(
    IKubernetesClient management, MultiClusterRows<TSpec> rows, MultiClusterFactsReader reader, MultiClusterApplier applier, IStatusWriter status, TimeProvider clock) : IReconciler
    where TSpec : MultiClusterSpec, new()
{
    /// <summary>The API refused a write, which nothing tells when it would not any more.</summary>
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(10);

    public async Task<Outcome> ReconcileAsync(ReconcileRequest request, CancellationToken ct)
    {
        if (await management.Resource(rows.Type).GetAsync(request.Key, ct) is not { } item)
            return Outcome.Done;
        await rows.Informer.WaitForSyncAsync(ct);
        var self = MultiClusterRow.Of(rows.Type.Kind, item);
        var facts = await reader.ReadAsync(self, [.. rows.All.Where(other => other.Key.Namespace == self.Key.Namespace)], ct);
        var plan = MultiClusterPlanner.Plan(facts);
        if (plan.AddFinalizer)
            await applier.SetFinalizerAsync(self, true, request.Ownership, ct);
        var failures = await applier.ApplyAsync(self, plan, request.Ownership, ct);
        if (plan.RemoveFinalizer)
        {
            await applier.SetFinalizerAsync(self, false, request.Ownership, ct);
            return Outcome.Done;
        }
        var clusters = MultiClusterStatusFrom.Clusters(facts, plan, clock.GetUtcNow());
        var conditions = MultiClusterConditionsFrom.All(facts, plan, clusters, failures);
        await status.WriteAsync(StatusChange.Of(rows.Type, item, MultiClusterStatusFrom.Status(facts, clusters), conditions, MultiClusterConditionsFrom.Owned, request.Ownership));
        return failures.Count > 0 ? Outcome.Waiting("WriteRefused", RetryAfter) : Outcome.Done;
    }
}
