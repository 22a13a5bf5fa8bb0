using Fleet.ClusterManager.Clusters;
using Fleet.Contracts.Clusters;
using Fleet.Contracts.Conditions;

namespace Fleet.ClusterManager.Tests.Clusters;

public class ClusterTransitionsTests
{
    private static readonly Condition Waiting = Condition.False(ClusterDeploymentConditions.CredentialReady, Reason.Failed, "gone");

    [Fact]
    public void The_same_condition_with_another_message_is_no_event() =>
        Assert.Empty(ClusterTransitions.Between([Waiting], [Waiting with { Message = "still gone" }]));

    [Fact]
    public void A_failure_is_a_warning() =>
        Assert.Equal([new("CredentialNotReady", "gone", true)], ClusterTransitions.Between([], [Waiting]));

    [Fact]
    public void Progress_is_no_event() =>
        Assert.Empty(ClusterTransitions.Between([], [Condition.False(ClusterDeploymentConditions.CapiClusterSummary, Reason.Progressing, "soon")]));

    [Fact]
    public void Becoming_ready_is_an_event_once()
    {
        var ready = Condition.True(SharedConditions.Ready, Reason.Succeeded, "Object is ready");
        Assert.Equal("ClusterReady", Assert.Single(ClusterTransitions.Between([Condition.False(SharedConditions.Ready, Reason.Failed, "x")], [ready])).Reason);
        Assert.Empty(ClusterTransitions.Between([ready], [ready]));
    }

    [Fact]
    public void Each_step_of_a_deletion_is_an_event()
    {
        var first = Condition.True(SharedConditions.Deleting, ClusterDeploymentConditions.WaitingForServiceSetsDeletion, "a");
        var next = Condition.True(SharedConditions.Deleting, ClusterDeploymentConditions.WaitingForClusterDeletion, "b");
        Assert.Equal("WaitingForClusterDeletion", Assert.Single(ClusterTransitions.Between([first], [next])).Reason);
    }
}
