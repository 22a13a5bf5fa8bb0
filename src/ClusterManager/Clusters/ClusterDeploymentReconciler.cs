using Fleet.ClusterManager.Deletion;
using Fleet.ClusterManager.Regions;
using Fleet.ClusterManager.Upgrades;
using Fleet.Contracts.Clusters;
using Fleet.Contracts.Conditions;
using Fleet.Control.Kinds;
using Fleet.Control.Reconciling;
using Fleet.Kubernetes.Resources;

namespace Fleet.ClusterManager.Clusters;

/// <summary>Makes a ClusterDeployment true: facts, plan, application, conditions.</summary>
internal sealed class ClusterDeploymentReconciler(
    IKubernetesClient client, ClusterPlaces places, ClusterWork work, ClusterApplier applier, ClusterDeletion deletion, ClusterReports reports) : IReconciler
{
    /// <summary>Every watched object reports by itself; this catches what hides behind kinds that are not watched.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(30);

    /// <summary>MachineDeployments and Machines are not watched: a change of one takes minutes in a cloud.</summary>
    private static readonly TimeSpan LookAtMachines = TimeSpan.FromSeconds(2);

    /// <summary>What waits for its turn in a region is called; this is for a call that was lost.</summary>
    private static readonly TimeSpan LookForTurn = TimeSpan.FromSeconds(30);

    /// <summary>A region that is lost or back calls its clusters; this is for one that only missed an answer, which nobody tells.</summary>
    private static readonly TimeSpan LookAtRegion = TimeSpan.FromSeconds(10);

    public async Task<Outcome> ReconcileAsync(ReconcileRequest request, CancellationToken ct)
    {
        var cluster = await client.Resource(FleetKinds.ClusterDeployments).GetAsync(request.Key, ct);
        if (cluster is null)
        {
            applier.Disconnect(request);
            return Outcome.Done;
        }
        using var place = await places.EnterAsync(cluster, request, ct);
        if (place.IsBusy)
            return Outcome.After(LookForTurn);
        if (cluster.Metadata.IsBeingDeleted)
        {
            applier.Disconnect(request);
            return await deletion.ReconcileAsync(cluster, new(request, place), ct);
        }
        return await ReconcileAsync(EffectiveSpec.Of(await applier.MarkAsync(cluster, request, ct)), place, request, ct);
    }

    private async Task<Outcome> ReconcileAsync(ClusterDeployment cluster, ClusterPlace place, ReconcileRequest request, CancellationToken ct)
    {
        var (seen, plan, results) = await work.DoAsync(cluster, place, request, ct);
        var upgrade = UpgradeStatusFrom.Of(seen, plan, results, reports.Now, reports.Options.UpgradePatience, request.Grain.Part(reports.NewUpgrade));
        var phases = request.Grain.Part(reports.NewPhases);
        var conditions = ClusterConditionsFrom.All(seen, plan, results, upgrade, reports.Now, phases);
        await reports.WriteAsync(cluster, ClusterStatusFrom.Of(seen, plan, results, upgrade, reports.Now) with { Progress = phases.Progress }, conditions, request.Ownership);
        if (plan.IsRecreation && results.ReleaseChanged)
            reports.Warn(cluster, "ClusterRecreated", $"the CAPI Cluster of release {seen.Key} was deleted by somebody else and has been made again");
        // A rollback or region that was decided is on record now: the next round carries it out.
        return plan.NoteRegion || (upgrade?.Rollback is not null && !seen.IsRolledBack) ? Outcome.After(TimeSpan.FromMilliseconds(1)) : OutcomeOf(seen, results, conditions, upgrade, plan);
    }

    private Outcome OutcomeOf(ClusterFacts seen, ClusterResults results, IReadOnlyList<Condition> conditions, ClusterUpgradeStatus? upgrade, ClusterPlan plan)
    {
        if (results.Failures.Count > 0)
            return Outcome.Failed(results.Failures[0]);
        List<Outcome> parts = [];
        if (results.ReleaseFailure is { } failure)
            parts.Add(results.ReleaseRetry is { } retry ? Outcome.Waiting("HelmRelease", retry) : Outcome.Stalled("HelmChart", failure.Message));
        else
            parts.Add(Outcome.After(reports.SteadyLook));
        if (seen.IsAway)
            parts.Add(Outcome.After(LookAtRegion));
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
