using Fleet.Contracts.Components;
using Fleet.Contracts.Conditions;
using static Fleet.Contracts.Regions.RegionConditions;

namespace Fleet.ClusterManager.Regions;

/// <summary>Conditions of a Region. Pure.</summary>
internal static class RegionConditionsFrom
{
    /// <summary>A message with more names helps nobody.</summary>
    private const int MostNamed = 3;

    public static IReadOnlySet<ConditionType> Owned { get; } = new HashSet<ConditionType>
    {
        SharedConditions.Ready, SharedConditions.Paused, SharedConditions.Deleting, ClusterReachable,
    };

    /// <param name="facts">What was seen.</param>
    /// <param name="problems">What is not in order with the components that are installed there.</param>
    public static IReadOnlyList<Condition> All(RegionFacts facts, IReadOnlyList<string> problems)
    {
        List<Condition> conditions = [];
        if (Reachable(facts) is { } reachable)
            conditions.Add(reachable);
        if (facts.View.IsPaused)
            conditions.Add(Condition.True(SharedConditions.Paused, Reason.Paused, $"nothing is written to the region: it is paused by the annotation {Contracts.FleetAnnotations.RegionPause}"));
        if (Deleting(facts, problems) is { } deleting)
        {
            conditions.Add(deleting);
            conditions.Add(Condition.False(SharedConditions.Ready, Reason.Deleting, deleting.Message));
        }
        else
        {
            conditions.Add(Ready(facts, problems));
        }
        return [.. conditions.Select(condition => condition with { ObservedGeneration = facts.Object.Metadata.Generation })];
    }

    private static Condition Ready(RegionFacts facts, IReadOnlyList<string> problems) => facts.View.State switch
    {
        RegionState.Usable => problems.Count == 0
            ? Condition.True(SharedConditions.Ready, ComponentsConditions.AllComponentsHealthy, "All components are healthy")
            : Condition.False(SharedConditions.Ready, ComponentsConditions.NotAllComponentsHealthy, string.Join("; ", problems)),
        RegionState.Connecting => Condition.False(SharedConditions.Ready, Reason.Progressing, facts.View.Text),
        RegionState.Away => Condition.False(SharedConditions.Ready, ProbeFailed, facts.View.Text),
        RegionState.Replaced => Condition.False(SharedConditions.Ready, ClusterReplaced, facts.View.Problem),
        _ => Condition.False(SharedConditions.Ready, ComponentsConditions.ConfigurationError, facts.View.Problem),
    };

    private static Condition? Reachable(RegionFacts facts) => facts.View.State switch
    {
        RegionState.Misconfigured or RegionState.NotFound => null,
        RegionState.Away => Condition.False(ClusterReachable, ProbeFailed, facts.View.Text),
        RegionState.Replaced => Condition.False(ClusterReachable, ClusterReplaced, facts.View.Problem),
        _ => Condition.True(ClusterReachable, Reason.Succeeded, facts.Contact.Version is { } version ? $"the API server answers ({version})" : "the API server answers"),
    };

    private static Condition? Deleting(RegionFacts facts, IReadOnlyList<string> problems)
    {
        if (!facts.Object.Metadata.IsBeingDeleted)
            return null;
        if (!facts.Users.IsEmpty)
            return Condition.True(SharedConditions.Deleting, InUse, $"still used by {Names("ClusterDeployment", facts.Users.Clusters, "Credential", facts.Users.Credentials)}");
        return Condition.True(SharedConditions.Deleting, WaitingForComponentsRemoval, facts.View.IsOpen ? problems.Count > 0 ? string.Join("; ", problems) : "components are being removed" : facts.View.Text);
    }

    private static string Names(string kind, IReadOnlyList<string> names, string otherKind, IReadOnlyList<string> others)
    {
        List<string> all = [.. names.Select(name => $"{kind} {name}"), .. others.Select(name => $"{otherKind} {name}")];
        return all.Count > MostNamed ? $"{string.Join(", ", all.Take(MostNamed))} and {all.Count - MostNamed} more" : string.Join(", ", all);
    }
}
