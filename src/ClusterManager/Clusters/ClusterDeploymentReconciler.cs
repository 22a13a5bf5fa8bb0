using Fleet.ClusterManager.Deletion;
using Fleet.Contracts.Conditions;
using Fleet.Control.Kinds;
using Fleet.Control.Reconciling;
using Fleet.Kubernetes.Resources;

namespace Fleet.ClusterManager.Clusters;

/// <summary>Makes a ClusterDeployment true: facts, plan, application, conditions.</summary>
internal sealed class ClusterDeploymentReconciler(
    IKubernetesClient client, ClusterFactsReader facts, ClusterApplier applier, ClusterDeletion deletion, ClusterReports reports) : IReconciler
{
    /// <summary>Every watched object reports by itself; this catches what hides behind kinds that are not watched.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(30);

    public async Task<Outcome> ReconcileAsync(ReconcileRequest request, CancellationToken ct)
    {
        if (await client.Resource(FleetKinds.ClusterDeployments).GetAsync(request.Key, ct) is not { } cluster)
            return Outcome.Done;
        if (cluster.Metadata.IsBeingDeleted)
            return await deletion.ReconcileAsync(cluster, request, ct);

        cluster = await applier.MarkAsync(cluster, request, ct);
        var seen = await facts.ReadAsync(cluster, ct);
        var plan = ClusterPlanner.Plan(seen, reports.Options);
        var results = await applier.ApplyAsync(seen, plan, request, ct);
        var conditions = ClusterConditionsFrom.All(seen, plan, results, reports.Now, reports.Options.ClusterPatience);
        await reports.WriteAsync(cluster, ClusterStatusFrom.Of(seen, plan, results), conditions, request.Ownership);
        return OutcomeOf(results, conditions);
    }

    private static Outcome OutcomeOf(ClusterResults results, IReadOnlyList<Condition> conditions)
    {
        if (results.Failures.Count > 0)
            return Outcome.Failed(results.Failures[0]);
        List<Outcome> parts = [];
        if (results.ReleaseFailure is { } failure)
            parts.Add(results.ReleaseRetry is { } retry ? Outcome.Waiting("HelmRelease", retry) : Outcome.Stalled("HelmChart", failure.Message));
        if (results.ProbeAgain is { } probe)
            parts.Add(Outcome.After(probe));
        var ready = conditions.First(condition => condition.Type == SharedConditions.Ready);
        if (ready.Status != ConditionStatus.True && results.ReleaseFailure is null)
            parts.Add(Outcome.After(LookAgain));
        return Outcome.Combine(parts);
    }
}
