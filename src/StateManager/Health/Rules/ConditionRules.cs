namespace Fleet.StateManager.Health.Rules;

/// <summary>
/// Kinds without a rule of their own: what kstatus and the conventions of Kubernetes' API say of conditions, and what Crossplane's and most operators'
/// objects follow. An object that tells nothing is healthy: there is nothing to wait for.
/// </summary>
internal static class ConditionRules
{
    public static ObjectVerdict Of(ObservedObject item)
    {
        if (item.Condition("Stalled") is { IsTrue: true } stalled)
            return ObjectVerdict.Failed(stalled.Say("it is stalled"));
        if (item.Condition("Reconciling") is { IsTrue: true } reconciling)
            return ObjectVerdict.Progressing(reconciling.Say("its controller works on it"));
        // Synced is Crossplane's word for "the other side took it"; what it did not take will not become ready.
        if (item.Condition("Synced") is { IsFalse: true } synced)
            return ObjectVerdict.Failed(synced.Say("it is not in step with what it stands for"));
        foreach (var type in (ReadOnlySpan<string>)["Synced", "Ready", "Available"])
            if (item.Condition(type) is { IsThere: true } condition && Positive(item, condition) is { } verdict)
                return verdict;
        return ObjectVerdict.Healthy;
    }

    /// <summary>All of these must be true; one that is not there yet is waited for.</summary>
    public static ObjectVerdict AllTrue(ObservedObject item, params ReadOnlySpan<string> types)
    {
        foreach (var type in types)
        {
            var condition = item.Condition(type);
            if (!condition.IsThere)
                return ObjectVerdict.Progressing($"it does not tell yet whether it is {type}");
            if (Positive(item, condition) is { } verdict)
                return verdict;
        }
        return ObjectVerdict.Healthy;
    }

    /// <summary>A condition that is good when true: null when it is, and for this generation.</summary>
    private static ObjectVerdict? Positive(ObservedObject item, ObservedCondition condition)
    {
        if (condition.ObservedGeneration is { } seen && seen < item.Generation)
            return ObjectVerdict.Progressing($"{condition.Type} is about an older spec");
        return condition.IsTrue ? null : ObjectVerdict.Progressing(condition.Say($"it is not {condition.Type} yet"));
    }
}
