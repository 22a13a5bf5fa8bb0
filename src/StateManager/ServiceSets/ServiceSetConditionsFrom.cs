using Fleet.Contracts.Conditions;
using Fleet.Contracts.Services;
using Fleet.StateManager.Health.Custom;
using Fleet.StateManager.StateProviders;

namespace Fleet.StateManager.ServiceSets;

/// <summary>The conditions of a ServiceSet. Pure.</summary>
internal static class ServiceSetConditionsFrom
{
    private const int FaultsNamed = 10;

    /// <summary>A condition may hold 32 KiB; nobody reads more than a page.</summary>
    private const int LongestFaults = 4096;

    public static IReadOnlySet<ConditionType> Owned { get; } = new HashSet<ConditionType>
    {
        ServiceSetConditions.Profile, ServiceSetConditions.StatusesCollected, ServiceSetConditions.ServicesInReadyState, ServiceSetConditions.HealthRules,
        SharedConditions.Paused, SharedConditions.Deleting, SharedConditions.Ready,
    };

    public static IReadOnlyList<Condition> All(ServiceSetFacts facts, ServiceSetPlan plan, IReadOnlyList<ServiceState> states)
    {
        var conditions = new List<Condition> { Profile(plan), StatusesCollected(facts), ServicesInReadyState(states), HealthRules(facts) };
        if (facts.IsPaused)
            conditions.Add(Condition.True(SharedConditions.Paused, Reason.Paused, facts.IsSuspended
                ? $"The services are left as they are while StateManagementProvider {StateProviderIndex.NameOf(facts.Object.Spec)} is suspended"
                : "The services are left as they are while the ServiceSet is paused"));
        if (facts.IsDeleting)
            conditions.Add(Condition.True(SharedConditions.Deleting, Reason.Deleting, DeletingMessage(facts, states)));
        conditions.Add(ConditionSummary.Ready(conditions, ServiceSetConditions.HealthRules));
        return [.. conditions.Select(c => c with { ObservedGeneration = facts.Object.Metadata.Generation })];
    }

    private static Condition Profile(ServiceSetPlan plan)
    {
        var blocked = plan.Services
            .Where(s => s.Facts.Wanted is not null)
            .Select(s => (s.Release, Source: s.Facts.Source as ServiceSource.Blocked))
            .Where(s => s.Source is { Message.Length: > 0 })
            .Select(s => $"{s.Release}: {s.Source!.Message}")
            .ToList();
        return blocked.Count == 0
            ? Condition.True(ServiceSetConditions.Profile, ServiceSetConditions.ProfileReady, "Every service could be worked out")
            : Condition.False(ServiceSetConditions.Profile, ServiceSetConditions.HelmChartsBuildFailed, string.Join("; ", blocked));
    }

    private static Condition StatusesCollected(ServiceSetFacts facts) => facts.Target.State switch
    {
        TargetState.Reachable => Condition.True(ServiceSetConditions.StatusesCollected, Reason.Succeeded, facts.Target.Message.Length > 0 ? $"The cluster is watched, but {facts.Target.Message}" : "The cluster is watched"),
        TargetState.Fenced => Condition.False(ServiceSetConditions.StatusesCollected, ServiceSetConditions.Fenced, facts.Target.Message),
        TargetState.NotYet => Condition.False(ServiceSetConditions.StatusesCollected, Reason.Progressing, facts.Target.Message),
        _ => Condition.False(ServiceSetConditions.StatusesCollected, Reason.Failed, facts.Target.Message),
    };

    private static Condition HealthRules(ServiceSetFacts facts)
    {
        var faults = facts.Target.Rules.FaultsFor(HealthRuleOwner.Of(facts.Object.Metadata));
        if (faults.Count == 0)
            return Condition.True(ServiceSetConditions.HealthRules, ServiceSetConditions.AllRulesValid, "Every health rule could be read");
        var message = string.Join("; ", faults.Take(FaultsNamed)) + (faults.Count > FaultsNamed ? $"; and {faults.Count - FaultsNamed} more" : "");
        return Condition.False(
            ServiceSetConditions.HealthRules, ServiceSetConditions.HealthRuleInvalid, message.Length > LongestFaults ? message[..LongestFaults] + "…" : message);
    }

    private static Condition ServicesInReadyState(IReadOnlyList<ServiceState> states)
    {
        var counted = states.Where(s => s.State != ServiceStates.Deleted).ToList();
        var deployed = counted.Count(s => s.State == ServiceStates.Deployed);
        var message = $"{deployed}/{counted.Count}";
        if (deployed == counted.Count)
            return Condition.True(ServiceSetConditions.ServicesInReadyState, Reason.Succeeded, message);
        var reason = counted.Any(s => s.State == ServiceStates.Failed) ? Reason.Failed : Reason.Progressing;
        return Condition.False(ServiceSetConditions.ServicesInReadyState, reason, message);
    }

    private static string DeletingMessage(ServiceSetFacts facts, IReadOnlyList<ServiceState> states)
    {
        if (states.Count == 0)
            return "Every service has been removed";
        var waiting = string.Join(", ", states.Take(3).Select(s => $"{s.Namespace}/{s.Name}"));
        var why = facts.Target.State == TargetState.Reachable ? states.FirstOrDefault(s => s.FailureMessage is not null)?.FailureMessage : facts.Target.Message;
        return $"Waiting for the removal of {states.Count} services ({waiting}){(string.IsNullOrEmpty(why) ? "" : $": {why}")}";
    }
}
