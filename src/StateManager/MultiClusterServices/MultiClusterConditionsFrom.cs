using Fleet.Contracts.Conditions;
using Fleet.Contracts.Services;
using Fleet.Kubernetes.Objects;

namespace Fleet.StateManager.MultiClusterServices;

/// <summary>The conditions of a MultiClusterService. Pure.</summary>
internal static class MultiClusterConditionsFrom
{
    /// <summary>As upstream: a fleet of hundreds must not make a message of pages.</summary>
    private const int MostNames = 3;

    private const int LongestMessage = 1024;

    public static IReadOnlySet<ConditionType> Owned { get; } = new HashSet<ConditionType>
    {
        MultiClusterServiceConditions.ServicesReferencesValidation, MultiClusterServiceConditions.ServicesDependencyValidation,
        MultiClusterServiceConditions.DependencyValidation, MultiClusterServiceConditions.DependencyReady, MultiClusterServiceConditions.ClusterInReadyState,
        SharedConditions.Deleting, SharedConditions.Ready,
    };

    public static IReadOnlyList<Condition> All(
        MultiClusterFacts facts, MultiClusterPlan plan, IReadOnlyList<MatchingCluster> clusters, IReadOnlyDictionary<ObjectKey, string> failures)
    {
        List<Condition> conditions = facts.IsDeleting
            ? [Condition.True(SharedConditions.Deleting, Reason.Deleting, Deleting(facts))]
            : [References(facts), Dependencies(plan), DependencyValidation(facts), DependencyReady(facts), Clusters(clusters, failures)];
        var ready = ConditionSummary.Ready(conditions);
        conditions.Add(ready.Status == ConditionStatus.True && clusters.Count == 0 ? ready with { Message = "No cluster has the labels of the selector" } : ready);
        return [.. conditions.Select(condition => condition with { ObservedGeneration = facts.Self.Metadata.Generation })];
    }

    private static string Deleting(MultiClusterFacts facts) =>
        $"waits for {(facts.Strays.Count == 1 ? "ServiceSet" : "ServiceSets")} {Names(facts.Strays.Select(stray => stray.Set.Metadata.Key.ToString()))}";

    private static Condition References(MultiClusterFacts facts)
    {
        var problems =
            from target in facts.Targets
            from service in facts.Self.Spec.ServiceSpec?.Services ?? []
            where service.Disable != true
            let problem = Problem(target, service)
            where problem is not null
            group target.Cluster.Key.ToString() by problem into same
            select $"{same.Key} (for {Names(same.Distinct())})";
        if (facts.Self is { IsForManagement: false, Spec.ServiceSpec.Provider.SelfManagement: true })
            problems = problems.Prepend("provider.selfManagement: only a MultiClusterService, which administrators write, may install services in the management cluster");
        return Verdict(MultiClusterServiceConditions.ServicesReferencesValidation, [.. problems], "Every ServiceTemplate is there and valid");
    }

    private static string? Problem(TargetFacts target, Service service) =>
        !target.Templates.TryGetValue(service.Template, out var template) ? $"ServiceTemplate {service.Template} does not exist"
        : template.IsValid == false ? $"ServiceTemplate {service.Template} is not valid: {template.Problem}"
        : null;

    private static Condition Dependencies(MultiClusterPlan plan) => Verdict(
        MultiClusterServiceConditions.ServicesDependencyValidation, [.. plan.Targets.SelectMany(target => target.Placement.Problems).Distinct()], "The services' dependencies make sense");

    private static Condition DependencyValidation(MultiClusterFacts facts) =>
        Verdict(MultiClusterServiceConditions.DependencyValidation, facts.DependencyProblems, "What it depends on is there");

    private static Condition DependencyReady(MultiClusterFacts facts)
    {
        var blocked = facts.Targets.Where(target => target.BlockedBy.Count > 0).ToList();
        return blocked.Count == 0
            ? Condition.True(MultiClusterServiceConditions.DependencyReady, Reason.Succeeded, "What it depends on is deployed")
            : Condition.False(MultiClusterServiceConditions.DependencyReady, Reason.Progressing, Cut(
                $"{blocked.Count} {(blocked.Count == 1 ? "cluster waits" : "clusters wait")} for {string.Join(", ", blocked.SelectMany(target => target.BlockedBy).Distinct())}: "
                + Names(blocked.Select(target => target.Cluster.Key.ToString()))));
    }

    private static Condition Clusters(IReadOnlyList<MatchingCluster> clusters, IReadOnlyDictionary<ObjectKey, string> failures)
    {
        var text = $"{clusters.Count(cluster => cluster.Deployed)}/{clusters.Count}";
        if (failures.Count > 0)
            return Condition.False(MultiClusterServiceConditions.ClusterInReadyState, Reason.Failed, Cut($"{text}: {failures.First().Key}: {failures.First().Value}"));
        var hasFailed = clusters.Any(cluster => cluster.Reason == Reason.Failed.Value);
        return clusters.All(cluster => cluster.Deployed)
            ? Condition.True(MultiClusterServiceConditions.ClusterInReadyState, Reason.Succeeded, text)
            : Condition.False(MultiClusterServiceConditions.ClusterInReadyState, hasFailed ? Reason.Failed : Reason.Progressing, text);
    }

    private static Condition Verdict(ConditionType type, IReadOnlyList<string> problems, string fine) =>
        problems.Count == 0 ? Condition.True(type, Reason.Succeeded, fine) : Condition.False(type, Reason.Failed, Cut(string.Join("; ", problems)));

    private static string Names(IEnumerable<string> names)
    {
        var all = names.ToList();
        return string.Join(", ", all.Take(MostNames)) + (all.Count > MostNames ? $" and {all.Count - MostNames} more" : "");
    }

    private static string Cut(string text) => text.Length <= LongestMessage ? text : text[..(LongestMessage - 1)] + "…";
}
