using Fleet.ClusterManager.Connections;
using Fleet.Kubernetes.Core;

namespace Fleet.ClusterManager.Tests.Connections;

public class NodeRowTests
{
    private static NodeRow Row(params Condition[] conditions) => NodeRow.Of(new() { Metadata = new() { Name = "n" }, Status = new() { Conditions = [.. conditions] } });

    [Fact]
    public void A_heartbeat_is_no_change() =>
        Assert.Equal(
            Row(new Condition { Type = "Ready", Status = "True", LastUpdateTime = DateTimeOffset.UnixEpoch }),
            Row(new Condition { Type = "Ready", Status = "True", LastUpdateTime = DateTimeOffset.UnixEpoch.AddMinutes(5) }));

    [Theory]
    [InlineData("False", "KubeletNotReady", "container runtime is down", "KubeletNotReady: container runtime is down")]
    [InlineData("Unknown", "NodeStatusUnknown", "", "NodeStatusUnknown")]
    [InlineData("Unknown", "", "", "Ready is Unknown")]
    public void The_kubelets_reason_is_kept(string status, string reason, string message, string expected) =>
        Assert.Equal(expected, Row(new Condition { Type = "Ready", Status = status, Reason = reason, Message = message }).Problem);

    [Fact]
    public void A_node_without_conditions_is_not_ready() => Assert.False(Row().IsReady);

    [Fact]
    public void A_long_message_is_cut() => Assert.Equal(200, Row(new Condition { Type = "Ready", Status = "False", Message = new('x', 10_000) }).Problem!.Length);
}
