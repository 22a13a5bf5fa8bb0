using Fleet.ClusterManager.Clusters;
using Fleet.ClusterManager.Regions;
using Fleet.Contracts.Conditions;
using Fleet.Contracts.Upgrades;
using Fleet.Control.Kinds;
using Fleet.Helm.Errors;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.ClusterManager.Upgrades;

/// <summary>Plans a change that nobody has made yet. Writes nothing.</summary>
internal sealed class ClusterPlans(IKubernetesClient client, ClusterPlaces places, ClusterFactsReader facts, ClusterManagerOptions options, TimeProvider clock) : IDisposable
{
    // Each plan runs helm; a burst of them must not take the machine from the reconcilers.
    private readonly SemaphoreSlim atOnce = new(2);

    /// <summary>Null when there is no such cluster. HelmException when helm or a repository fails for another reason than the values.</summary>
    public async Task<ClusterUpgradePlan?> PlanAsync(ObjectKey key, ClusterPlanRequest request, CancellationToken ct)
    {
        if (await client.Resource(FleetKinds.ClusterDeployments).GetAsync(key, ct) is not { } cluster)
            return null;
        await atOnce.WaitAsync(ct);
        try
        {
            return await PlanAsync(PlannedChange.Of(cluster, request), ct);
        }
        finally
        {
            atOnce.Release();
        }
    }

    public void Dispose() => atOnce.Dispose();

    private async Task<ClusterUpgradePlan> PlanAsync(ClusterDeployment wanted, CancellationToken ct)
    {
        using var place = await places.VisitAsync(wanted, ct);
        var seen = await facts.ReadAsync(wanted, place, ct);
        seen = seen with { References = seen.References with { IsPreview = true } };
        var plan = ClusterPlanner.Plan(seen, options, clock.GetUtcNow());
        if (place.Host is not { } host)
            return UpgradePlanner.Plan(Unknown(seen, plan));
        var problems = Problems(seen, plan);
        if (seen.Chart is null)
            return UpgradePlanner.Plan(await UpgradeFactsReader.ReadInstalledAsync(seen, host, ct) with { Problems = problems });
        try
        {
            var read = await UpgradeFactsReader.ReadAsync(seen, plan, host, ct);
            return UpgradePlanner.Plan(read with { Problems = problems });
        }
        catch (HelmException e) when (e.Kind is HelmErrorKind.ValuesInvalid or HelmErrorKind.RenderFailed or HelmErrorKind.ChartInvalid)
        {
            return UpgradePlanner.Plan(await UpgradeFactsReader.ReadInstalledAsync(seen, host, ct) with
            {
                Problems = [.. problems, new(PlanRules.ValuesInvalid, e.Message)],
            });
        }
    }

    /// <summary>Nothing can be said of a cluster whose region cannot be asked.</summary>
    private static UpgradeFacts Unknown(ClusterFacts seen, ClusterPlan plan) => new()
    {
        Namespace = seen.Key.Namespace,
        Name = seen.Key.Name,
        To = new(seen.Object.Spec.Template, seen.Chart is { } chart ? $"{chart.Name}-{chart.Version}" : null),
        Problems = [new(PlanRules.RegionUnavailable, seen.Region!.Text), .. Problems(seen, plan)],
    };

    private static List<PlanBlocker> Problems(ClusterFacts seen, ClusterPlan plan)
    {
        var problems = new List<PlanBlocker>();
        var name = seen.Object.Spec.Template;
        if (seen.Template is null)
            problems.Add(new(PlanRules.TemplateNotFound, $"there is no ClusterTemplate {name} in namespace {seen.Key.Namespace} or a system namespace"));
        else if (seen.Template.Status?.Valid != true)
            problems.Add(new(PlanRules.TemplateInvalid, $"ClusterTemplate {name}: {seen.Template.Status?.ValidationError ?? "not checked yet"}"));
        else if (seen.ChartProblem is { } problem)
            problems.Add(new(PlanRules.TemplateInvalid, $"ClusterTemplate {name}: {problem}"));
        if (seen.ProviderProblem is { } provider)
            problems.Add(new(PlanRules.ProvidersMissing, provider.Message));
        problems.AddRange(TemplateChains.Problems(seen));
        if (CredentialCheck.Problem(seen) is { } credential)
            problems.Add(new(PlanRules.CredentialNotReady, credential));
        problems.AddRange(plan.Resolved.Lacking.SelectMany(reference => reference.Conditions.Where(condition => condition.Status != ConditionStatus.True))
            .Select(condition => new PlanBlocker(PlanRules.ReferenceNotReady, condition.Message)));
        if (seen.Pause is { } pause)
            problems.Add(new(PlanRules.Paused, pause.Message));
        return problems;
    }
}
