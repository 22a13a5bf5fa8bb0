using Fleet.Contracts.Api;
using Fleet.Helm.Releases;
using Fleet.Kubernetes.Objects;
using Fleet.Rest.Problems;
using Fleet.StateManager.Api;
using Fleet.StateManager.ServiceSets;

namespace Fleet.StateManager.Previews;

/// <summary>What the next reconcile of a cluster's ServiceSets would do: the same facts and the same planner, and nothing is applied.</summary>
internal sealed class ServicePlans(ServiceSetIndex sets, ServiceSetFactsReader reader, ServiceReleases releases, TimeProvider clock)
{
    public async Task<ClusterServicesPlanView> OfAsync(ObjectKey cluster, CancellationToken ct)
    {
        var view = new ClusterServicesPlanView { Namespace = cluster.Namespace, Cluster = cluster.Name };
        var (target, records, problem) = await TargetAsync(releases, cluster, ct);
        var steps = new List<ServiceStepView>();
        foreach (var set in sets.OfCluster(cluster).OrderBy(set => set.Metadata.Name, StringComparer.Ordinal))
        {
            var facts = await reader.PreviewAsync(set, target, records, ct);
            steps.AddRange(ServiceSetPlanner.Plan(facts, clock.GetUtcNow()).Services.Select(planned => StepViewsFrom.Of(set, planned)));
        }
        return view with { Services = steps, Problem = problem };
    }

    /// <summary>The cluster as it answers a caller now. One that does not is a target as well: then what is known is kept.</summary>
    public static async Task<(TargetCluster Target, IReadOnlyDictionary<ReleaseName, ReleaseRecord> Records, string? Problem)> TargetAsync(
        ServiceReleases releases, ObjectKey cluster, CancellationToken ct)
    {
        try
        {
            var (uid, records) = await releases.RecordsAsync(cluster, ct);
            return (new(TargetState.Reachable, "", uid), records, null);
        }
        catch (ProblemException e)
        {
            return (new(e.Kind == ProblemKind.Conflict ? TargetState.NotYet : TargetState.Unreachable, e.Message), new Dictionary<ReleaseName, ReleaseRecord>(), e.Message);
        }
    }
}
