using Fleet.Contracts;
using Fleet.Kubernetes.Objects;
using Fleet.StateManager.Fencing;

namespace Fleet.StateManager.Tests.Fencing;

public sealed class FencePlannerTests
{
    private const string Here = "5b0c7f0e-0000-4000-8000-000000000001";
    private const string There = "5b0c7f0e-0000-4000-8000-000000000002";

    // Text of the mark, epoch of the ClusterDeployment here, what is done.
    [Theory]
    // A fleet that was never restored marks nothing, and two that adopted one cluster are not kept apart.
    [InlineData(null, 0, FenceAction.Act)]
    // The first look after a restore.
    [InlineData(null, 100, FenceAction.Claim)]
    [InlineData("100 " + Here, 100, FenceAction.Act)]
    // A second restore, here or into a third one.
    [InlineData("100 " + Here, 200, FenceAction.Claim)]
    [InlineData("100 " + There, 200, FenceAction.Claim)]
    // The old one comes back: never restored itself, or by an earlier restore.
    [InlineData("100 " + There, 0, FenceAction.StayAway)]
    [InlineData("200 " + There, 100, FenceAction.StayAway)]
    // Restored into two at the same second: whoever was first has it.
    [InlineData("100 " + There, 100, FenceAction.StayAway)]
    // Declared anew after the restore, without the annotation.
    [InlineData("100 " + Here, 0, FenceAction.Act)]
    // Not ours.
    [InlineData("soon " + There, 0, FenceAction.Act)]
    [InlineData("-5 " + There, 0, FenceAction.Act)]
    [InlineData("100", 0, FenceAction.Act)]
    [InlineData("", 100, FenceAction.Claim)]
    public void The_latest_restore_has_the_cluster(string? mark, long own, object expected)
    {
        var system = new ObjectMeta { Annotations = mark is null ? null : new Dictionary<string, string> { [FleetAnnotations.ManagementEpoch] = mark } };
        var plan = FencePlanner.Plan(PlaneMark.Of(system), new(own, Here), isPaused: false);
        Assert.Equal((FenceAction)expected, plan.Action);
        // What is paused claims nothing, and stays away all the same.
        Assert.Equal(plan.Action == FenceAction.Claim ? FenceAction.ClaimLater : plan.Action, FencePlanner.Plan(PlaneMark.Of(system), new(own, Here), isPaused: true).Action);
        Assert.Equal(plan.Action == FenceAction.StayAway, plan.Message.Contains(There, StringComparison.Ordinal));
        Assert.Equal(plan.Action == FenceAction.StayAway, plan.Message.Contains($"{FleetAnnotations.ManagementEpoch}=$(date +%s)", StringComparison.Ordinal));
    }

    [Fact]
    public void A_mark_is_read_as_it_was_written_and_an_epoch_of_no_date_is_told_as_it_is()
    {
        var mark = new PlaneMark(1763812345, There);
        Assert.Equal(mark, PlaneMark.Of(new ObjectMeta { Annotations = new Dictionary<string, string> { [FleetAnnotations.ManagementEpoch] = mark.Text } }));
        Assert.Contains("since the restore of 2025-11-22 ", FencePlanner.Plan(mark, new(0, Here), isPaused: false).Message, StringComparison.Ordinal);
        Assert.Contains($"since epoch {long.MaxValue}", FencePlanner.Plan(new(long.MaxValue, There), new(0, Here), isPaused: false).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1763812345", 1763812345)]
    [InlineData("", 0)]
    [InlineData("-1", 0)]
    [InlineData("99999999999999999999", 0)]
    [InlineData("yes", 0)]
    public void What_is_no_epoch_is_none(string text, long expected) => Assert.Equal(expected, PlaneMark.EpochOf(text));
}
