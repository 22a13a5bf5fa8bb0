using System.ComponentModel;
using Fleet.Contracts.Conditions;
using Fleet.Contracts.Schema;

namespace Fleet.Contracts.Alerts;

public sealed record ReceiverStatus
{
    [Description("How it is told: email, slack, pagerDuty, msTeams, webhook or alertmanager.")]
    public string? Type { get; set; }

    [Description("When something was last delivered.")]
    public DateTimeOffset? LastDelivery { get; set; }

    [Description("Notifications that wait after a failure.")]
    public int? Failed { get; set; }

    [Description("Notifications that were given up in the last seven days.")]
    public int? Dead { get; set; }

    [ListMap("type"), Description("What was found.")]
    public List<Condition>? Conditions { get; set; }

    [Description("The generation of the spec that this status is about.")]
    public long? ObservedGeneration { get; set; }
}

/// <summary>Conditions of Receiver.</summary>
public static class ReceiverConditions
{
    /// <summary>Good when True: the last thing it was told it has taken, or nothing was told yet and its Secrets are there.</summary>
    public static ConditionType Ready { get; } = new("Ready");

    public static Reason Succeeded { get; } = new("Succeeded");

    /// <summary>Deliveries fail and are tried again.</summary>
    public static Reason DeliveryFailed { get; } = new("DeliveryFailed");

    /// <summary>A notification was given up and nothing was delivered since.</summary>
    public static Reason DeadLetters { get; } = new("DeadLetters");

    /// <summary>A Secret or its key is missing, or its value can not be used.</summary>
    public static Reason SecretMissing { get; } = new("SecretMissing");
}
