using System.Text.Json.Nodes;
using Fleet.Contracts.Conditions;
using Fleet.Contracts.StateProviders;
using Fleet.Expressions;

namespace Fleet.StateManager.StateProviders;

/// <summary>The conditions of a StateManagementProvider, and whether it is ready. Pure.</summary>
internal static class StateProviderConditionsFrom
{
    private const string Variable = "self";

    /// <summary>Strangers write rules: a hundredth of a second at worst.</summary>
    private const long CostLimit = 100_000;

    public static IReadOnlySet<ConditionType> Owned { get; } = new HashSet<ConditionType>
    {
        StateManagementProviderConditions.RbacReady, StateManagementProviderConditions.AdapterReady,
        StateManagementProviderConditions.ProvisionerReady, StateManagementProviderConditions.ProvisionerCrdsReady,
    };

    public static IReadOnlyList<Condition> All(StateProviderFacts facts)
    {
        var conditions = new[]
        {
            Rbac(facts),
            Readiness(
                StateManagementProviderConditions.AdapterReady, StateManagementProviderConditions.AdapterEnsured, StateManagementProviderConditions.AdapterNotReady,
                "The adapter is ready", [facts.Adapter]),
            Readiness(
                StateManagementProviderConditions.ProvisionerReady, StateManagementProviderConditions.ProvisionerEnsured, StateManagementProviderConditions.ProvisionerNotReady,
                "Every provisioner is ready", facts.Provisioners),
            Kinds(facts),
        };
        return [.. conditions.Select(c => c with { ObservedGeneration = facts.Object.Metadata.Generation })];
    }

    /// <summary>A provider that is suspended does nothing, so nobody should count on it.</summary>
    public static bool IsReady(StateProviderFacts facts, IReadOnlyList<Condition> conditions) =>
        !facts.Object.Spec.Suspend && conditions.All(c => c.Status == ConditionStatus.True);

    private static Condition Rbac(StateProviderFacts facts)
    {
        var forbidden = facts.Provisioners.Prepend(facts.Adapter).Where(r => r.IsForbidden).Select(r => $"{r}: {r.Problem}").Distinct().ToList();
        return forbidden.Count == 0
            ? Condition.True(StateManagementProviderConditions.RbacReady, StateManagementProviderConditions.RbacEnsured, "What the provider names may be read")
            : Condition.False(StateManagementProviderConditions.RbacReady, StateManagementProviderConditions.RbacNotReady, string.Join("; ", forbidden));
    }

    private static Condition Readiness(ConditionType type, Reason ready, Reason notReady, string message, IReadOnlyList<SeenResource> resources)
    {
        var found = resources.Select(Judge).Where(j => j.Why.Length > 0).ToList();
        return found.Count == 0
            ? Condition.True(type, ready, message)
            : Condition.False(type, found.Select(j => j.Reason).FirstOrDefault(r => r is not null) ?? notReady, string.Join("; ", found.Select(j => j.Why)));
    }

    /// <summary>Why is empty when it is ready; the reason is null when it is plainly not.</summary>
    private static (string Why, Reason? Reason) Judge(SeenResource resource)
    {
        if (resource.Object is not { } item)
            return ($"{resource}: {resource.Problem}", StateManagementProviderConditions.FailedToGetResource);
        try
        {
            var values = new Dictionary<string, JsonNode?> { [Variable] = item.Root };
            return CelProgram.Compile(resource.Named.ReadinessRule, Variable).EvaluateCondition(values, CostLimit)
                ? ("", null)
                : ($"{resource} is not ready: its readinessRule does not hold", null);
        }
        catch (CelException e)
        {
            return ($"{resource}: readinessRule: {e.Message.ReplaceLineEndings(" ")}", StateManagementProviderConditions.FailedToEvaluateReadiness);
        }
    }

    private static Condition Kinds(StateProviderFacts facts) => facts.MissingKinds.Count == 0
        ? Condition.True(StateManagementProviderConditions.ProvisionerCrdsReady, StateManagementProviderConditions.ProvisionerCrdsEnsured, "Every kind is served")
        : Condition.False(StateManagementProviderConditions.ProvisionerCrdsReady, StateManagementProviderConditions.ProvisionerCrdsNotReady, string.Join("; ", facts.MissingKinds));
}
