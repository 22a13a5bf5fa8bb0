using Fleet.Contracts.Conditions;

namespace Fleet.Contracts.Tests.Conditions;

public class ConditionSummaryTests
{
    private static readonly ConditionType A = new("A");
    private static readonly ConditionType B = new("B");
    private static readonly ConditionType Hint = new("Hint");

    public static TheoryData<Condition[], ConditionStatus, string, string> Cases => new()
    {
        { [], ConditionStatus.True, "Succeeded", "Object is ready" },
        { [Condition.True(A, Reason.Succeeded)], ConditionStatus.True, "Succeeded", "Object is ready" },
        { [Condition.True(A, Reason.Succeeded), Condition.False(Hint, Reason.Progressing, "1/2")], ConditionStatus.True, "Succeeded", "1/2" },
        { [Condition.Unknown(A, Reason.Progressing, "not known")], ConditionStatus.Unknown, "Progressing", "not known" },
        { [Condition.Unknown(A, Reason.Progressing, "x"), Condition.False(B, Reason.Progressing, "coming")], ConditionStatus.False, "Progressing", "coming" },
        { [Condition.False(A, Reason.Progressing, "x"), Condition.False(B, Reason.Failed, "broken.")], ConditionStatus.False, "Failed", "broken" },
        { [Condition.False(A, new("IdentityNotFound"), "one."), Condition.False(B, Reason.Failed, "two")], ConditionStatus.False, "Failed", "one. two" },
        {
            [Condition.False(A, Reason.Failed, "x"), Condition.True(SharedConditions.Deleting, new("WaitingForClusterDeletion"), "2 Machines left")],
            ConditionStatus.False, "Deleting", "2 Machines left"
        },
        { [Condition.False(SharedConditions.Ready, Reason.Failed, "old")], ConditionStatus.True, "Succeeded", "Object is ready" },
        { [Condition.True(SharedConditions.Paused, Reason.Paused, "held")], ConditionStatus.False, "Paused", "held" },
    };

    [Theory, MemberData(nameof(Cases))]
    public void Ready_is(Condition[] conditions, ConditionStatus status, string reason, string message)
    {
        var ready = ConditionSummary.Ready(conditions, Hint);
        Assert.Equal((status, reason, message), (ready.Status, ready.Reason.Value, ready.Message));
    }
}
