using Fleet.ClusterManager.Upgrades;
using Fleet.Contracts.Upgrades;
using static Fleet.ClusterManager.Tests.Upgrades.UpgradeExamples;

namespace Fleet.ClusterManager.Tests.Upgrades;

public class VersionSkewTests
{
    // now: oldest and newest API server, oldest kubelet; wanted: control plane, workers; the rule that is broken.
    [Theory]
    [InlineData("v1.33.1", "v1.33.1", "v1.33.1", "v1.34.0", "v1.34.0", null)]
    [InlineData("v1.33.1", "v1.33.1", "v1.33.1", "v1.33.9", "v1.33.9", null)]
    [InlineData("v1.33.1", "v1.33.1", "v1.33.1", "v1.35.0", "v1.35.0", PlanRules.ControlPlaneSkipsMinor)]
    [InlineData("v1.33.1", "v1.34.0", "v1.33.1", "v1.35.0", "v1.35.0", PlanRules.ControlPlaneSkipsMinor)]
    [InlineData("v1.34.0", "v1.34.0", "v1.33.1", "v1.33.1", "v1.33.1", PlanRules.ControlPlaneDowngrade)]
    [InlineData("v1.33.1", "v1.34.0", "v1.33.1", "v1.33.1", "v1.33.1", PlanRules.ControlPlaneDowngrade)]
    [InlineData("v1.33.9", "v1.33.9", "v1.33.9", "v1.33.1", "v1.33.1", null)]
    [InlineData("v1.33.1", "v1.33.1", "v1.33.1", "v1.33.1", "v1.34.0", PlanRules.WorkersNewerThanControlPlane)]
    [InlineData("v1.33.1", "v1.33.1", "v1.31.0", "v1.34.0", "v1.34.0", null)]
    [InlineData("v1.33.1", "v1.33.1", "v1.30.0", "v1.34.0", "v1.34.0", PlanRules.WorkersTooOld)]
    [InlineData("v1.33.1", "v1.33.1", "v1.33.1", "v1.34.0", "v1.30.0", PlanRules.WorkersTooOld)]
    [InlineData("v1.26.0", "v1.26.0", "v1.24.0", "v1.27.0", "v1.27.0", PlanRules.WorkersTooOld)]
    [InlineData("v1.33.1+k0s.0", "v1.33.1+k0s.0", "v1.33.1+k0s.0", "v1.34.0+k0s.0", "v1.34.0+k0s.0", null)]
    public void Rules_of_Kubernetes_hold_an_upgrade(string oldest, string newest, string kubelet, string controlPlane, string workers, string? rule)
    {
        var blockers = VersionSkew.Blockers(Versions(oldest, newest, kubelet), Owners(controlPlane, workers));
        Assert.Equal(rule, blockers.Select(blocker => blocker.Rule).FirstOrDefault());
    }

    [Fact]
    public void Nothing_is_held_where_versions_are_not_known() =>
        Assert.Empty(VersionSkew.Blockers(ClusterVersions.Unknown, Owners("v1.35.0", "v1.35.0")));

    [Theory]
    [InlineData("v1.33.1", "v1.34.0", true)]
    [InlineData("v1.33.1", "v1.33.2", true)]
    [InlineData("v1.34.0", "v1.34.0", false)]
    [InlineData("v1.34.0", "v1.33.1", false)]
    public void Workers_wait_for_a_control_plane_that_is_older_than_they_will_be(string controlPlane, string workers, bool wait) =>
        Assert.Equal(wait, VersionSkew.HaveToWait(Versions(controlPlane), Owners("v1.34.0", workers)).Count > 0);

    private static List<MachineOwner> Owners(string controlPlane, string workers) =>
        [.. Rendered(controlPlane, workers).Select(MachineOwner.Of).OfType<MachineOwner>()];
}
