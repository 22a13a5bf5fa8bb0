using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Fleet.Contracts.Conditions;

/// <summary>Kubernetes' <c>metav1.Condition</c>.</summary>
public sealed record Condition
{
    [Required, StringLength(316), Description("What the condition is about.")]
    public ConditionType Type { get; set; }

    [Required, AllowedValues("True", "False", "Unknown"), Description("True, False or Unknown.")]
    public ConditionStatus Status { get; set; }

    [Range(0, long.MaxValue), Description("The generation of the spec that this was found for.")]
    public long? ObservedGeneration { get; set; }

    [Required, Description("When the status last changed.")]
    public DateTimeOffset LastTransitionTime { get; set; }

    [Required, StringLength(1024, MinimumLength = 1), Description("One word for programs.")]
    public Reason Reason { get; set; }

    [Required, StringLength(32768), Description("A sentence for people.")]
    public string Message { get; set; } = "";

    public static Condition True(ConditionType type, Reason reason, string message = "") => Of(type, ConditionStatus.True, reason, message);

    public static Condition False(ConditionType type, Reason reason, string message) => Of(type, ConditionStatus.False, reason, message);

    public static Condition Unknown(ConditionType type, Reason reason, string message) => Of(type, ConditionStatus.Unknown, reason, message);

    private static Condition Of(ConditionType type, ConditionStatus status, Reason reason, string message) =>
        new() { Type = type, Status = status, Reason = reason, Message = message };
}
