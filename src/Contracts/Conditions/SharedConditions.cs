namespace Fleet.Contracts.Conditions;

/// <summary>Condition types that several kinds have.</summary>
public static class SharedConditions
{
    /// <summary>True when the object is as its spec says. Only <see cref="ConditionSummary"/> computes it.</summary>
    public static ConditionType Ready { get; } = new("Ready");

    /// <summary>Present while the object is being deleted; its reason names the step that is waited for.</summary>
    public static ConditionType Deleting { get; } = new("Deleting");

    /// <summary>True while nothing is reconciled because somebody asked for that.</summary>
    public static ConditionType Paused { get; } = new("Paused");

    public static ConditionType PredeclaredSecretsExist { get; } = new("PredeclaredSecretsExist");
}
