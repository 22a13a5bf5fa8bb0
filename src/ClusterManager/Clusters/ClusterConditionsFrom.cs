using Fleet.ClusterManager.Capi;
using Fleet.ClusterManager.Phases;
using Fleet.ClusterManager.References;
using Fleet.ClusterManager.Regions;
using Fleet.ClusterManager.Upgrades;
using Fleet.Contracts;
using Fleet.Contracts.Clusters;
using Fleet.Contracts.Conditions;
using Fleet.Contracts.Services;
using Fleet.Helm.Errors;
using static Fleet.Contracts.Clusters.ClusterDeploymentConditions;

namespace Fleet.ClusterManager.Clusters;

/// <summary>Conditions of a ClusterDeployment that is not being deleted. Pure.</summary>
internal static class ClusterConditionsFrom
{
    public static IReadOnlySet<ConditionType> Owned { get; } = new HashSet<ConditionType>
    {
        TemplateReady, HelmChartReady, HelmReleaseReady, CredentialReady, ClusterAuthenticationReady, ClusterAuditPolicyReady, DataSourceReady, ClusterDataSourceReady, ClusterIpamClaimReady,
        CapiClusterSummary, ClusterReachable, NodesReady, ServicesInReadyState, ServicesDependencyValidation, SharedConditions.Deleting, SharedConditions.Ready, CloudResourcesDeleted,
        ServicesCompatible, Upgrading, RolledBack, HelmChartNameChanged, SharedConditions.Paused,
    };

    public static IReadOnlyList<Condition> All(ClusterFacts facts, ClusterPlan plan, ClusterResults results, ClusterUpgradeStatus? upgrade, DateTimeOffset now, PhaseWatch phases)
    {
        var seen = new ConditionSet(facts.Object.Status?.Conditions ?? []);
        List<Condition> conditions = [Template(facts, plan)];
        if (CredentialOf(facts) is { } credential)
            conditions.Add(credential);
        conditions.AddRange(plan.Resolved.All.SelectMany(reference => reference.Conditions));
        conditions.AddRange(ReferencePlanner.Leftovers(facts, results.LeftoversRemoved).Where(left => !conditions.Exists(condition => condition.Type == left.Type)));
        if (facts.IsAway)
            conditions.AddRange(RegionLoss.Kept(conditions, seen));
        conditions.Add(Chart(facts, results));
        if (facts.Object.Spec.DryRun != true)
        {
            conditions.Add(facts.IsAway ? RegionLoss.Of(HelmReleaseReady, facts.Region!, seen.Find(HelmReleaseReady)) : Release(facts, plan, results));
            if (CapiSummaryOf(facts, seen) is { } capi)
                conditions.Add(capi);
            if (ReachableConditionFrom.Of(facts, results.Contact, seen.Find(ClusterReachable)) is { } reachable)
                conditions.Add(reachable);
            if (NodesConditionFrom.Of(facts, results.Contact, seen.Find(NodesReady), now) is { } nodes)
                conditions.Add(nodes);
            conditions.Add(Services(facts));
            if (facts.Services.IsOrdered)
                conditions.Add(Order(plan));
        }
        var overdue = phases.Judge(ClusterPhaseFrom.Of(facts, plan, conditions), facts.Object.Metadata, facts.Object.Status);
        conditions = [.. ClusterPhaseFrom.Judge(conditions, overdue)];
        conditions.AddRange(UpgradeConditionsFrom.All(facts, results, upgrade));
        conditions.Add(Ready(conditions, facts, results));
        // These come after Ready: a service that is held does not make the cluster unready, and a pause says nothing of how the cluster is.
        if (ServicesUnfit(facts) is { } unfit)
            conditions.Add(unfit);
        if (UpgradeConditionsFrom.Paused(facts) is { } paused)
            conditions.Add(paused);
        return [.. conditions.Select(condition => condition with { ObservedGeneration = facts.Object.Metadata.Generation })];
    }

    private static Condition Template(ClusterFacts facts, ClusterPlan plan)
    {
        if (facts.Template is not { } template)
            return Condition.False(TemplateReady, Reason.Failed, $"ClusterTemplate {facts.Object.Spec.Template} not found");
        if (template.Status?.ObservedGeneration is null)
            return Condition.False(TemplateReady, Reason.Progressing, $"ClusterTemplate {template.Metadata.Key} is being checked");
        // A cluster that is as wanted is not ill because of what Fleet does not know of its providers.
        if (facts.ProviderProblem is { } problem && plan.Release is (ReleaseStep.Hold or ReleaseStep.Check))
            return Condition.False(TemplateReady, problem.IsPassing ? Reason.Progressing : Reason.Failed, problem.Message);
        return template.Status.Valid
            ? Condition.True(TemplateReady, Reason.Succeeded, $"ClusterTemplate {template.Metadata.Key} is valid")
            : Condition.False(
                TemplateReady, Reason.Failed, $"ClusterTemplate {template.Metadata.Key} is not marked as valid: {template.Status.ValidationError}");
    }

    private static Condition? CredentialOf(ClusterFacts facts)
    {
        if (CredentialCheck.Problem(facts) is { } problem)
            return Condition.False(CredentialReady, CredentialCheck.IsUnchecked(facts) ? Reason.Progressing : Reason.Failed, problem);
        return facts.Credential is null ? null : Condition.True(CredentialReady, Reason.Succeeded, "Credential is ready");
    }

    private static Condition Chart(ClusterFacts facts, ClusterResults results)
    {
        if (results.ReleaseFailure is { Kind: HelmErrorKind.ValuesInvalid or HelmErrorKind.RenderFailed or HelmErrorKind.ChartInvalid } failure)
            return Condition.False(HelmChartReady, Reason.Failed, $"failed to validate template with provided configuration: {failure.Message}");
        if (facts.Chart is { } chart)
            return Condition.True(HelmChartReady, Reason.Succeeded, $"Helm chart {chart.Name} {chart.Version} is valid");
        return facts.ChartProblem is { } problem
            ? Condition.False(HelmChartReady, Reason.Failed, problem)
            : Condition.Unknown(HelmChartReady, Reason.Progressing, "waiting for the ClusterTemplate");
    }

    private static Condition Release(ClusterFacts facts, ClusterPlan plan, ClusterResults results)
    {
        if (results.HeldBy is not null)
            return Condition.False(HelmReleaseReady, UpgradeHeld, $"Helm release {facts.Key} stays as it is: the upgrade is held");
        // The management API was away while helm asked it, and is back, or this could not be written: nothing has failed yet.
        if (results.ReleaseFailure is { Kind: HelmErrorKind.ClusterUnreachable } unanswered)
            return Condition.False(HelmReleaseReady, Reason.Progressing, $"Helm release {facts.Key}: the management API did not answer helm, which is run again: {unanswered.Message}");
        if (results.ReleaseFailure is { } failure)
            return Condition.False(HelmReleaseReady, Reason.Failed, $"Helm release {facts.Key}: {failure.Message}");
        if (facts.IsForeignRelease)
            return Condition.False(
                HelmReleaseReady, Reason.Failed,
                $"Helm release {facts.Key} was made for another ClusterDeployment of this name: uninstall it, or set annotation {FleetAnnotations.TakeOver} to \"true\" to take it over with its cluster");
        return plan.Release switch
        {
            ReleaseStep.Pause => Condition.False(HelmReleaseReady, Reason.Paused, $"Helm release {facts.Key} is not changed while the cluster is paused"),
            ReleaseStep.Hold => Condition.Unknown(HelmReleaseReady, Reason.Progressing, $"waiting for {plan.HeldBy}"),
            ReleaseStep.Upgrade when !results.ReleaseChanged =>
                Condition.False(HelmReleaseReady, Reason.Progressing, $"Helm release {facts.Key} is to be installed"),
            _ => Condition.True(HelmReleaseReady, Reason.Succeeded, $"Helm release {facts.Key} is deployed"),
        };
    }

    private static Condition? CapiSummaryOf(ClusterFacts facts, ConditionSet seen)
    {
        if (facts.IsAdopted)
            return null;
        var before = seen.Find(CapiClusterSummary);
        if (facts.IsAway)
            return RegionLoss.Of(CapiClusterSummary, facts.Region!, before);
        if (facts.Capi is { } cluster)
            return CapiSummary.Of(cluster);
        // Whoever moves a Cluster to another management cluster pauses it first: a second one there and here would fight over the same machines.
        if (before is { Status: not ConditionStatus.Unknown } && (before.Reason == Reason.Paused || seen.IsTrue(SharedConditions.Paused)))
            return Condition.False(
                CapiClusterSummary, Reason.Paused, $"the CAPI Cluster of release {facts.Key} is gone, and was paused when it went: it may have been moved, so it is not made again");
        if (ClusterRecreation.WasThere(facts))
            return Condition.False(
                CapiClusterSummary, CapiClusterMissing,
                $"the CAPI Cluster of release {facts.Key} is gone{(facts.MachinesLeft > 0 ? $", {facts.MachinesLeft} of its Machines are left" : "")}; it is made again");
        return Condition.Unknown(CapiClusterSummary, Reason.Progressing, "waiting for the CAPI Cluster of the release");
    }

    private static Condition Services(ClusterFacts facts)
    {
        var (deployed, all) = ClusterServices.Count(facts.Object, facts.ServiceSets);
        return deployed == all
            ? Condition.True(ServicesInReadyState, Reason.Succeeded, $"{deployed}/{all}")
            : Condition.False(ServicesInReadyState, Reason.Progressing, $"{deployed}/{all}");
    }

    private static Condition? ServicesUnfit(ClusterFacts facts)
    {
        var unfit = facts.ServiceSets.SelectMany(set => set.Status?.Services ?? [])
            .Where(state => state.Conditions?.Exists(condition => condition is { Status: ConditionStatus.False } && condition.Type == ServiceStateConditions.KubernetesCompatible) == true)
            .Select(state => $"service {state.Namespace}/{state.Name} is held: {state.FailureMessage}")
            .Order(StringComparer.Ordinal).ToList();
        return unfit.Count == 0 ? null : Condition.False(ServicesCompatible, Reason.Failed, string.Join("; ", unfit));
    }

    /// <summary>Only where services have an order.</summary>
    private static Condition Order(ClusterPlan plan) => plan.Placement.Problems.Count == 0
        ? Condition.True(ServicesDependencyValidation, Reason.Succeeded, "The services' order makes sense")
        : Condition.False(ServicesDependencyValidation, Reason.Failed, string.Join("; ", plan.Placement.Problems));

    private static Condition Ready(List<Condition> conditions, ClusterFacts facts, ClusterResults results)
    {
        var parts = conditions.Select(condition => condition.Type == ServicesInReadyState
            ? condition with { Message = $"{condition.Message} Services are ready" }
            // A cluster that was rolled back is not as its spec says, however well it is.
            : condition.Type == RolledBack ? condition with { Status = ConditionStatus.False } : condition);
        // A failed step usually is a condition already; the summary need not say it twice.
        var failures = results.Failures.Where(failure => conditions.TrueForAll(condition => condition.Message != failure.Message)).Select(failure => Condition.False(HelmReleaseReady, Reason.Failed, failure.Message));
        var ready = ConditionSummary.Ready(parts.Concat(failures), ServicesInReadyState, ServicesDependencyValidation);
        return facts.Object.Spec.DryRun == true && ready.Status == ConditionStatus.True
            ? ready with { Message = "Dry run: template, credential and values are valid; nothing was created" }
            : ready;
    }
}
