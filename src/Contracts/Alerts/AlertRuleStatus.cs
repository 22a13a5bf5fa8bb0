using System.ComponentModel;
using Fleet.Contracts.Conditions;
using Fleet.Contracts.Schema;

namespace Fleet.Contracts.Alerts;

public sealed record AlertRuleStatus
{
    [Description("Alerts that fire.")]
    public int? Firing { get; set; }

    [Description("Alerts whose time has not come yet.")]
    public int? Pending { get; set; }

    [ListMap("type"), Description("What was found.")]
    public List<Condition>? Conditions { get; set; }

    [Description("The generation of the spec that this status is about.")]
    public long? ObservedGeneration { get; set; }
}

/// <summary>Conditions of AlertRule.</summary>
public static class AlertRuleConditions
{
    /// <summary>Good when True: every rule was evaluated. While it is False the alerts of the rules that were not stay as they were.</summary>
    public static ConditionType Evaluated { get; } = new("Evaluated");

    public static Reason Succeeded { get; } = new("Succeeded");

    /// <summary>Something it asks did not answer, or refused what it was asked.</summary>
    public static Reason SourceFailed { get; } = new("SourceFailed");

    /// <summary>It asks for something that this installation does not have.</summary>
    public static Reason SourceMissing { get; } = new("SourceMissing");

    /// <summary>A template or a duration can not be read.</summary>
    public static Reason Invalid { get; } = new("Invalid");
}
