using Fleet.Contracts.Conditions;
using Fleet.Contracts.Services;
using Fleet.Control.Kinds;
using Fleet.Control.Status;
using Fleet.Kubernetes.Objects;

namespace Fleet.StateManager.MultiClusterServices;

/// <summary>The status of a MultiClusterService, without conditions. Pure.</summary>
internal static class MultiClusterStatusFrom
{
    public static MultiClusterServiceStatus Status(MultiClusterFacts facts, IReadOnlyList<MatchingCluster> clusters) => new()
    {
        MatchingClusters = clusters.Count > 0 ? [.. clusters] : null,
        Services = States(facts) is { Count: > 0 } states ? states : null,
        ObservedGeneration = facts.Self.Metadata.Generation,
    };

    /// <summary>As upstream names the management cluster: mgmt/mgmt.</summary>
    private static readonly GroupVersionKind Management = new("lib.projectsveltos.io", "v1beta1", "SveltosCluster");

    public static IReadOnlyList<MatchingCluster> Clusters(MultiClusterFacts facts, MultiClusterPlan plan, DateTimeOffset now)
    {
        var before = (facts.Self.Status?.MatchingClusters ?? []).ToDictionary(cluster => (cluster.Namespace, cluster.Name));
        return
        [
            .. plan.Targets.Select(target =>
            {
                var (reason, message) = Obstacle(target);
                var isManagement = target.Facts.Cluster.IsManagement;
                var key = isManagement ? new("mgmt", "mgmt") : target.Facts.Cluster.Key;
                var old = before.GetValueOrDefault((key.Namespace, key.Name));
                var isDeployed = reason is null;
                return new MatchingCluster
                {
                    ApiVersion = isManagement ? Management.ApiVersion : FleetKinds.ClusterDeployments.Kind.ApiVersion,
                    Kind = isManagement ? Management.Kind : FleetKinds.ClusterDeployments.Kind.Kind,
                    Namespace = key.Namespace,
                    Name = key.Name,
                    Uid = target.Facts.Cluster.Uid,
                    Deployed = isDeployed,
                    Regional = target.Facts.Cluster.IsRegional,
                    Reason = reason?.Value,
                    Message = message,
                    LastTransitionTime = old is not null && old.Deployed == isDeployed && old.LastTransitionTime is { } since ? since : StatusTime.Of(now),
                };
            }),
        ];
    }

    /// <summary>Why a cluster has not all services as declared, the first that matters; nulls when it has.</summary>
    private static (Reason? Reason, string? Message) Obstacle(TargetPlan target)
    {
        if (target.Facts.BlockedBy.Count > 0)
            return (MultiClusterServiceConditions.DependencyNotReady, $"waits for {string.Join(", ", target.Facts.BlockedBy)}");
        var set = target.Facts.Set;
        var isCurrent = set?.Status is { } status && status.ObservedGeneration == set.Metadata.Generation;
        var states = isCurrent ? set!.Status!.Services ?? [] : [];
        if (states.Find(state => state.State == ServiceStates.Failed) is { } failed)
            return (Reason.Failed, $"{failed.Namespace}/{failed.Name}: {failed.FailureMessage}");
        if (target.Placement.Problems is [var problem, ..])
            return (Reason.Failed, problem);
        if (states.Find(state => state.State != ServiceStates.Deployed) is { } going)
            return (Reason.Progressing, $"{going.Namespace}/{going.Name}: {going.FailureMessage ?? going.State}");
        if (target.Placement.Waits is [var wait, ..])
            return (Reason.Progressing, $"{wait.Service} waits for {wait.For}");
        var isEmpty = set is null && target.Write is null && target.Placement.Services.Count == 0;
        return isEmpty || (target.IsComplete && isCurrent) ? (null, null) : (Reason.Progressing, "the services have not been looked at yet");
    }

    private static List<ServiceState> States(MultiClusterFacts facts) =>
        [.. facts.Targets.Select(target => target.Set).Concat(facts.Strays.Select(stray => stray.Set)).OfType<ServiceSet>().SelectMany(set => set.Status?.Services ?? [])];
}
