namespace Fleet.StateManager.Health.Rules;

/// <summary>What extends or governs the cluster: definitions, aggregated APIs, autoscaling, disruption budgets.</summary>
internal static class ClusterRules
{
    public static IEnumerable<(string Group, string Kind, Func<ObservedObject, ObjectVerdict> Judge)> All =>
    [
        ("apiextensions.k8s.io", "CustomResourceDefinition", Definition),
        ("apiregistration.k8s.io", "APIService", item => ConditionRules.AllTrue(item, "Available")),
        ("autoscaling", "HorizontalPodAutoscaler", Autoscaler),
        ("policy", "PodDisruptionBudget", DisruptionBudget),
    ];

    private static ObjectVerdict Definition(ObservedObject definition) =>
        definition.Condition("NamesAccepted") is { IsFalse: true } names
            ? ObjectVerdict.Failed(names.Say("another definition has its names"))
            : ConditionRules.AllTrue(definition, "NamesAccepted", "Established");

    /// <summary>Version 1 of the group has its conditions in an annotation, and is judged by what it has counted alone.</summary>
    private static ObjectVerdict Autoscaler(ObservedObject autoscaler)
    {
        if (!autoscaler.HasStatus)
            return ObjectVerdict.Progressing("nothing has looked after it yet");
        if (autoscaler.Condition("AbleToScale") is { IsFalse: true } able)
            return ObjectVerdict.Progressing(able.Say("it cannot scale"));
        return autoscaler.Condition("ScalingActive") is { IsFalse: true, Reason: not "ScalingDisabled" } active
            ? ObjectVerdict.Progressing(active.Say("it does not scale"))
            : ObjectVerdict.Healthy;
    }

    private static ObjectVerdict DisruptionBudget(ObservedObject budget)
    {
        if (budget.ObservedGeneration is null)
            return ObjectVerdict.Progressing("nothing has looked after it yet");
        if (budget.Condition("DisruptionAllowed") is { IsFalse: true, Reason: "SyncFailed" } failed)
            return ObjectVerdict.Failed(failed.Say("it cannot be worked out"));
        var (healthy, desired) = (budget.Count("status", "currentHealthy"), budget.Count("status", "desiredHealthy"));
        return healthy < desired ? ObjectVerdict.Progressing($"{healthy} healthy pods where {desired} must be") : ObjectVerdict.Healthy;
    }
}
