using Fleet.ClusterManager.Capi;
using Fleet.ClusterManager.Deletion;
using Fleet.ClusterManager.Upgrades;
using Fleet.Contracts.Clusters;
using Fleet.Contracts.Conditions;
using Fleet.Control.Kinds;
using Fleet.Control.Reconciling;
using Fleet.Kubernetes.Resources;

namespace Fleet.ClusterManager.Clusters;

/// <summary>Makes a ClusterDeployment true: facts, plan, application, conditions.</summary>
internal sealed class ClusterDeploymentReconciler(
    IKubernetesClient client, CapiHost management, ClusterFactsReader facts, ClusterApplier applier, ClusterDeletion deletion, ClusterReports reports) : IReconciler
{
    /// <summary>Every watched object reports by itself; this catches what hides behind kinds that are not watched.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(30);

    /// <summary>MachineDeployments and Machines are not watched: a change of one takes minutes in a cloud.</summary>
    private static readonly TimeSpan LookAtMachines = TimeSpan.FromSeconds(2);

    public async Task<Outcome> ReconcileAsync(ReconcileRequest request, CancellationToken ct)
    {
        var cluster = await client.Resource(FleetKinds.ClusterDeployments).GetAsync(request.Key, ct);
        if (cluster is not { Metadata.IsBeingDeleted: false })
        {
            applier.Disconnect(request);
            return cluster is null ? Outcome.Done : await deletion.ReconcileAsync(cluster, new(request, management), ct);
        }

        cluster = EffectiveSpec.Of(await applier.MarkAsync(cluster, request, ct));
        var seen = await facts.ReadAsync(cluster, management, ct);
        var plan = ClusterPlanner.Plan(seen, reports.Options, reports.Now);
        var results = await applier.ApplyAsync(seen, plan, new(request, management), ct);
        var upgrade = UpgradeStatusFrom.Of(seen, plan, results, reports.Now, reports.Options.UpgradePatience);
        var phases = request.Grain.Part(reports.NewPhases);
        var conditions = ClusterConditionsFrom.All(seen, plan, results, upgrade, reports.Now, phases);
        await reports.WriteAsync(cluster, ClusterStatusFrom.Of(seen, plan, results, upgrade, reports.Now) with { Progress = phases.Progress }, conditions, request.Ownership);
        if (plan.IsRecreation && results.ReleaseChanged)
            reports.Warn(cluster, "ClusterRecreated", $"the CAPI Cluster of release {seen.Key} was deleted by somebody else and has been made again");
        // A rollback that was decided is on record now: the next round carries it out.
        return upgrade?.Rollback is not null && !seen.IsRolledBack ? Outcome.After(TimeSpan.FromMilliseconds(1)) : OutcomeOf(results, conditions, upgrade, plan);
    }

    private Outcome OutcomeOf(ClusterResults results, IReadOnlyList<Condition> conditions, ClusterUpgradeStatus? upgrade, ClusterPlan plan)
    {
        if (results.Failures.Count > 0)
            return Outcome.Failed(results.Failures[0]);
        List<Outcome> parts = [];
        if (results.ReleaseFailure is { } failure)
            parts.Add(results.ReleaseRetry is { } retry ? Outcome.Waiting("HelmRelease", retry) : Outcome.Stalled("HelmChart", failure.Message));
        else
            parts.Add(Outcome.After(reports.SteadyLook));
        // Chains of services are not watched.
        if (results.HeldBy is not null || plan.Placement.Problems.Count > 0)
            parts.Add(Outcome.After(LookAgain));
        if (upgrade is { LastGood: not null, Phase: not UpgradePhases.Completed })
            parts.Add(Outcome.After(LookAtMachines));
        var ready = conditions.First(condition => condition.Type == SharedConditions.Ready);
        if (ready.Status != ConditionStatus.True && results.ReleaseFailure is null)
            parts.Add(Outcome.After(LookAgain));
        return Outcome.Combine(parts);
    }
}
