using System.IO.Enumeration;
using Fleet.Contracts.Alerts;
using Fleet.Contracts.Conditions;
using Fleet.Contracts.Services;

namespace Fleet.Observability.Alerts.Sources;

/// <summary>Clusters and services as the management API has them. The value is for how many seconds it has been so.</summary>
internal sealed class ClusterStateSource : IAlertSource
{
    public bool IsFor(AlertRuleEntry rule) => rule is { Cluster: not null } or { Service: not null };

    public Task<IReadOnlyList<SourceSample>> AskAsync(SourceQuestion question, CancellationToken ct) =>
        Task.FromResult<IReadOnlyList<SourceSample>>([.. question.Clusters.Values.SelectMany(cluster => question.Entry.Cluster is { } state ? OfCluster(cluster, state, question.Now) : OfServices(cluster, question.Entry.Service!, question.Now))]);

    private static IEnumerable<SourceSample> OfCluster(AlertedCluster cluster, ClusterSource source, DateTimeOffset now)
    {
        var type = source.Condition ?? "Ready";
        // Without the condition nothing is known yet: a cluster that was applied a moment ago. How long that may last is the rule's "for".
        var condition = cluster.Conditions.FirstOrDefault(one => one.Type.Value == type);
        if (condition?.Status != ConditionStatus.True)
            yield return SourceSample.Of(cluster.Key, Seconds(condition?.LastTransitionTime, now), ("condition", type), ("reason", condition?.Reason.Value ?? "Unknown"));
    }

    private static IEnumerable<SourceSample> OfServices(AlertedCluster cluster, ServiceSource source, DateTimeOffset now)
    {
        foreach (var service in cluster.Services)
        {
            if (source.Services is { Count: > 0 } names && !names.Exists(name => FileSystemName.MatchesSimpleExpression(name, service.Name, ignoreCase: false)))
                continue;
            if (Wants(source, "Failed") && service.State == ServiceStates.Failed)
                yield return Of(cluster, service, "Failed", service.LastStateTransitionTime, now);
            if (Wants(source, "Drifted") && service.Conditions?.Find(one => one.Type == ServiceStateConditions.Drifted) is { Status: ConditionStatus.True } drift)
                yield return Of(cluster, service, "Drifted", drift.LastTransitionTime, now);
        }
    }

    private static SourceSample Of(AlertedCluster cluster, ServiceState service, string state, DateTimeOffset since, DateTimeOffset now) =>
        SourceSample.Of(cluster.Key, Seconds(since, now), ("service", service.Name), ("serviceNamespace", service.Namespace), ("state", state));

    private static bool Wants(ServiceSource source, string state) => source.States is null or { Count: 0 } || source.States.Contains(state);

    private static double Seconds(DateTimeOffset? since, DateTimeOffset now) => since is { } at && at > DateTimeOffset.UnixEpoch ? Math.Max(0, (now - at).TotalSeconds) : 0;
}
