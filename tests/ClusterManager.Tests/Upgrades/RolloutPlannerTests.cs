using Fleet.ClusterManager.Upgrades;
using Fleet.Contracts.Clusters;
using static Fleet.ClusterManager.Tests.Upgrades.UpgradeExamples;

namespace Fleet.ClusterManager.Tests.Upgrades;

public class RolloutPlannerTests
{
    [Fact]
    public void Workers_that_wait_stay_paused_until_every_control_plane_machine_has_the_version()
    {
        var live = new LiveMachines
        {
            ControlPlane = KubeadmControlPlane("v1.34.0", updated: 2, reported: "v1.33.1"),
            Pools = [Pool("v1.34.0", updated: 0, isHeld: true)],
            Machines = [Machine("v1.34.0", true), Machine("v1.34.0", true), Machine("v1.33.1", true), Machine("v1.33.1", false), Machine("v1.33.1", false)],
        };
        var plan = RolloutPlanner.Plan(new() { Machines = live });
        Assert.Equal((UpgradePhases.ControlPlane, 0), (plan.Phase, plan.Continue.Count));
        Assert.Equal("control plane: 2/3 machines at v1.34.0; web-md waits for it", plan.Waits);

        // The old machine is counted no more, but is still there: its API server may still answer.
        var going = live with { ControlPlane = KubeadmControlPlane("v1.34.0", updated: 3) };
        Assert.Equal(UpgradePhases.ControlPlane, RolloutPlanner.Plan(new() { Machines = going }).Phase);

        var gone = going with { Machines = [Machine("v1.34.0", true), Machine("v1.33.1", false)] };
        var next = RolloutPlanner.Plan(new() { Machines = gone });
        Assert.Equal((UpgradePhases.Workers, 1), (next.Phase, next.Continue.Count));
    }

    [Fact]
    public void A_control_plane_whose_controller_has_not_looked_yet_is_not_done() =>
        Assert.Equal(
            UpgradePhases.ControlPlane,
            RolloutPlanner.Plan(new() { Machines = new() { ControlPlane = KubeadmControlPlane("v1.33.1", updated: 3, generation: 2, observed: 1) } }).Phase);

    [Fact]
    public void Everything_as_wanted_is_completed()
    {
        var plan = RolloutPlanner.Plan(new()
        {
            Machines = new() { ControlPlane = KubeadmControlPlane("v1.34.0", 3), Pools = [Pool("v1.34.0", 2)], Machines = [Machine("v1.34.0", true), Machine("v1.34.0", false)] },
        });
        Assert.Equal((UpgradePhases.Completed, 3, 2, "v1.34.0"), (plan.Phase, plan.ControlPlane!.Updated, plan.Workers!.Updated, plan.Workers.Version));
        Assert.Equal("", plan.Waits);
    }

    [Fact]
    public void A_cluster_without_machines_is_completed() => Assert.Equal(UpgradePhases.Completed, RolloutPlanner.Plan(new() { Machines = new() }).Phase);

    [Fact]
    public void Old_templates_go_when_no_set_makes_machines_of_them_and_not_before()
    {
        var live = new LiveMachines
        {
            ControlPlane = KubeadmControlPlane("v1.34.0", 3), Pools = [Pool("v1.34.0", 2, template: "web-m5")], Sets = [Set("web-t3-small", 0, running: 1)],
        };
        var facts = new RolloutFacts { Machines = live, Superseded = [Template("web-t3-small")] };
        var waiting = RolloutPlanner.Plan(facts);
        Assert.Equal((UpgradePhases.Workers, 0), (waiting.Phase, waiting.Delete.Count));

        var rolling = RolloutPlanner.Plan(facts with { Machines = live with { Pools = [Pool("v1.34.0", 1, template: "web-m5")], Sets = [Set("web-t3-small", 0, 0)] } });
        Assert.Empty(rolling.Delete);

        var done = RolloutPlanner.Plan(facts with { Machines = live with { Sets = [Set("web-t3-small", 0, 0)] } });
        Assert.Equal((UpgradePhases.Completed, 1), (done.Phase, done.Delete.Count));
    }

    [Fact]
    public void A_template_that_the_release_has_again_is_no_longer_marked_and_stays()
    {
        var plan = RolloutPlanner.Plan(new()
        {
            Machines = new() { ControlPlane = KubeadmControlPlane("v1.34.0", 3), Pools = [Pool("v1.34.0", 2)] }, Superseded = [Template("web-t3-small")],
        });
        Assert.Equal((0, 1), (plan.Delete.Count, plan.Restore.Count));
    }

    [Fact]
    public void Versions_are_those_of_the_oldest_machines_also_of_such_that_are_going()
    {
        var versions = new LiveMachines
        {
            Pools = [Pool("v1.34.0", 0)],
            Machines = [Machine("v1.34.0", true, hasNode: false), Machine("v1.33.1", true), Machine("v1.32.0", false), Machine("v1.33.0", false)],
        }.Versions;
        Assert.Equal(("v1.33.1", "v1.33.1", "v1.32.0"), (versions.ControlPlane!.Original, versions.NewestControlPlane!.Original, versions.Workers["web-md"].Original));
    }
}
