using System.ComponentModel;
using Fleet.Contracts.Conditions;

namespace Fleet.Contracts.Api;

public sealed record ConditionView
{
    public required string Type { get; init; }

    [Description("True, False or Unknown.")]
    public required string Status { get; init; }
    public required string Reason { get; init; }
    public required string Message { get; init; }
    public DateTimeOffset LastTransitionTime { get; init; }

    public static ConditionView Of(Condition condition) => new()
    {
        Type = condition.Type.ToString(),
        Status = condition.Status.ToString(),
        Reason = condition.Reason.ToString(),
        Message = condition.Message,
        LastTransitionTime = condition.LastTransitionTime,
    };
}
