using Fleet.ClusterManager.Tests.Clusters;

namespace Fleet.ClusterManager.Tests;

public class ClusterManagerSettingsTests
{
    private static ClusterManagerOptions Apply(Dictionary<string, string> variables) =>
        ClusterManagerSettings.Apply(ClusterExamples.Options, name => variables.GetValueOrDefault(name));

    [Fact]
    public void Nothing_set_changes_nothing() => Assert.Equal(ClusterExamples.Options, Apply([]));

    [Fact]
    public void What_is_set_is_taken()
    {
        var options = Apply(new() { ["FLEET_BREAKER_SHARE"] = "0.5", ["FLEET_BREAKER_AT_LEAST"] = "7", ["FLEET_DELETION_CLUSTER"] = "1h30m" });
        Assert.Equal((0.5, 7, TimeSpan.FromMinutes(90)), (options.Deletion.Breaker.Share, options.Deletion.Breaker.AtLeast, options.Deletion.Cluster));
    }

    [Fact]
    public void Everything_wrong_is_told_at_once()
    {
        var wrong = Assert.Throws<FormatException>(() => Apply(new()
        {
            ["FLEET_BREAKER_SHARE"] = "20%", ["FLEET_BREAKER_AT_LEAST"] = "-1", ["FLEET_BREAKER_WINDOW"] = "soon", ["FLEET_DELETION_SERVICES"] = "99999999999h",
        }));
        Assert.Equal(
            "FLEET_DELETION_SERVICES is \"99999999999h\", which is no duration: for example 10m or 1h30m; "
            + "FLEET_BREAKER_SHARE is \"20%\", which is no number from 0 to 1: for example 0.2; "
            + "FLEET_BREAKER_AT_LEAST is \"-1\", which is no number from 0 to 1000000: for example 3; "
            + "FLEET_BREAKER_WINDOW is \"soon\", which is no duration: for example 10m or 1h30m",
            wrong.Message);
    }
}
