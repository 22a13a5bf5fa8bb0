using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Fleet.Contracts.Conditions;
using Fleet.Contracts.Schema;

namespace Fleet.Contracts.Alerts;

[Kind("AlertRoute", "alertroutes", Status = typeof(AlertRouteStatus))]
[PrinterColumn(0, "Ready", "string", ".status.conditions[?(@.type==\"Ready\")].status", Description = "Whether all of its receivers exist")]
[PrinterColumn(1, "Receiver", "string", ".spec.receiver", Description = "Who gets what no route of it takes")]
[PrinterColumn(2, "Message", "string", ".status.conditions[?(@.type==\"Ready\")].message", Description = "What is wrong", Priority = 1)]
[PrinterColumn(3, "Age", "date", ".metadata.creationTimestamp", Description = "Time since creation")]
[Description("Who is told of which alerts, together with which others, and how often. Sees alerts of its own namespace's rules and clusters; in the system namespace all alerts.")]
public sealed record AlertRouteSpec
{
    [StringLength(253), Description("Receiver in the same namespace for what none of the routes takes; absent means nobody is told of it.")]
    public string? Receiver { get; set; }

    [MaxLength(20), Atomic, Description("Labels whose values must be equal for alerts to be told of together; absent means alertname, so that an alert in many clusters is one notification. [\"...\"] means each alert by itself.")]
    public List<string>? GroupBy { get; set; }

    [RegularExpression(AlertPatterns.Duration), Description("How long the first alert of a group waits for others; absent means 30s.")]
    public string? GroupWait { get; set; }

    [RegularExpression(AlertPatterns.Duration), Description("How long after a notification the next one of the group may tell what has changed; absent means 5m.")]
    public string? GroupInterval { get; set; }

    [RegularExpression(AlertPatterns.Duration), Description("After how long a group that has not changed is told of again; absent means 4h.")]
    public string? RepeatInterval { get; set; }

    [MaxLength(100), Atomic, Description("Routes in their order: the first that fits takes the alert, unless it says continue.")]
    public List<AlertSubroute>? Routes { get; set; }

    [MaxLength(100), Atomic, Description("Alerts that are not told of while others fire.")]
    public List<InhibitRule>? InhibitRules { get; set; }
}

public sealed record AlertSubroute
{
    [Required, MinLength(1), MaxLength(20), Atomic, Description("What labels of its alerts must be: severity=\"critical\", cluster=~\"eu-.*\". All must hold.")]
    public List<string> Matchers { get; set; } = [];

    [StringLength(253), Description("Receiver in the same namespace; absent means that of the AlertRoute.")]
    public string? Receiver { get; set; }

    [Description("True: the routes after it are looked at as well.")]
    public bool? Continue { get; set; }

    [MaxLength(20), Atomic, Description("In place of the AlertRoute's.")]
    public List<string>? GroupBy { get; set; }

    [RegularExpression(AlertPatterns.Duration), Description("In place of the AlertRoute's.")]
    public string? GroupWait { get; set; }

    [RegularExpression(AlertPatterns.Duration), Description("In place of the AlertRoute's.")]
    public string? GroupInterval { get; set; }

    [RegularExpression(AlertPatterns.Duration), Description("In place of the AlertRoute's.")]
    public string? RepeatInterval { get; set; }
}

public sealed record InhibitRule
{
    [Required, MinLength(1), MaxLength(20), Atomic, Description("Alerts that, while they fire, hush others.")]
    public List<string> SourceMatchers { get; set; } = [];

    [Required, MinLength(1), MaxLength(20), Atomic, Description("Alerts that are hushed. What is both does not hush itself.")]
    public List<string> TargetMatchers { get; set; } = [];

    [MaxLength(20), Atomic, Description("Labels that both must have the same value of; a label that both lack is equal.")]
    public List<string>? Equal { get; set; }
}

public sealed record AlertRouteStatus
{
    [ListMap("type"), Description("What was found.")]
    public List<Condition>? Conditions { get; set; }

    [Description("The generation of the spec that this status is about.")]
    public long? ObservedGeneration { get; set; }
}

/// <summary>Conditions of AlertRoute.</summary>
public static class AlertRouteConditions
{
    /// <summary>Good when True: every receiver that it names exists, and every matcher can be read.</summary>
    public static ConditionType Ready { get; } = new("Ready");

    public static Reason Succeeded { get; } = new("Succeeded");

    public static Reason ReceiverMissing { get; } = new("ReceiverMissing");

    public static Reason Invalid { get; } = new("Invalid");
}
