using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Fleet.Contracts.Conditions;
using Fleet.Contracts.Schema;

namespace Fleet.Contracts.Alerts;

[Kind("Silence", "silences", Status = typeof(SilenceStatus))]
[PrinterColumn(0, "State", "string", ".status.state", Description = "Pending, Active or Expired")]
[PrinterColumn(1, "Ends", "string", ".spec.endsAt", Description = "When it ends")]
[PrinterColumn(2, "Alerts", "integer", ".status.alerts", Description = "Alerts that it hushes now")]
[PrinterColumn(3, "By", "string", ".spec.createdBy", Description = "Who made it", Priority = 1)]
[PrinterColumn(4, "Comment", "string", ".spec.comment", Description = "Why", Priority = 1)]
[PrinterColumn(5, "Age", "date", ".metadata.creationTimestamp", Description = "Time since creation")]
[Description("Alerts that nobody is told of for a while. Counts for routes of its own namespace; in the system namespace for all.")]
public sealed record SilenceSpec
{
    [Required, MinLength(1), MaxLength(20), Atomic, Description("What labels of the alerts must be: alertname=\"ClusterNotReady\", cluster=~\"eu-.*\". All must hold, and one of them must not match the empty text.")]
    public List<string> Matchers { get; set; } = [];

    [Description("Since when; absent means since it was made.")]
    public DateTimeOffset? StartsAt { get; set; }

    [Required, Description("Until when.")]
    public DateTimeOffset EndsAt { get; set; }

    [Required, StringLength(1024, MinimumLength = 1), Description("Why.")]
    public string Comment { get; set; } = "";

    [StringLength(253), Description("Who made it.")]
    public string? CreatedBy { get; set; }
}

public sealed record SilenceStatus
{
    [AllowedValues("Pending", "Active", "Expired"), Description("Pending until it starts, Expired after its end.")]
    public string? State { get; set; }

    [Description("Alerts that it hushes now.")]
    public int? Alerts { get; set; }

    [ListMap("type"), Description("What was found.")]
    public List<Condition>? Conditions { get; set; }

    [Description("The generation of the spec that this status is about.")]
    public long? ObservedGeneration { get; set; }
}

/// <summary>Conditions of Silence.</summary>
public static class SilenceConditions
{
    /// <summary>True while it hushes; False with <see cref="NotYet"/>, <see cref="Expired"/> or <see cref="Invalid"/>.</summary>
    public static ConditionType Active { get; } = new("Active");

    public static Reason InForce { get; } = new("InForce");

    public static Reason NotYet { get; } = new("NotYet");

    public static Reason Expired { get; } = new("Expired");

    /// <summary>A matcher can not be read: it hushes nothing.</summary>
    public static Reason Invalid { get; } = new("Invalid");
}
