using Fleet.ControlPlane.Simulation.Objects;
using Fleet.ControlPlane.Tests.Simulation;

namespace Fleet.ControlPlane.Tests.ClusterApi;

public sealed class MachineDeploymentTests
{
    /// <summary>Strategy (of either contract), fewest available and most machines that may be seen while three are replaced.</summary>
    public static TheoryData<string, int, int> Strategies => new()
    {
        { "", 3, 4 },
        { "rollout: {strategy: {type: RollingUpdate, rollingUpdate: {maxSurge: 0, maxUnavailable: 1}}}", 2, 3 },
        { "rollout: {strategy: {type: RollingUpdate, rollingUpdate: {maxSurge: 2, maxUnavailable: 0}}}", 3, 5 },
        { "rollout: {strategy: {type: RollingUpdate, rollingUpdate: {maxSurge: '34%', maxUnavailable: '34%'}}}", 2, 5 },
        { "strategy: {type: RollingUpdate, rollingUpdate: {maxSurge: 0, maxUnavailable: 2}}", 1, 3 },
    };

    [Theory, MemberData(nameof(Strategies))]
    public async Task A_rollout_keeps_to_its_strategy(string strategy, int fewest, int most)
    {
        await using var harness = await SimulationHarness.StartAsync();
        await SimulationHarness.ApplyAsync(harness.Management, SimulatedManifests.Cluster(workers: 3, strategy: strategy));
        await harness.AvailableAsync();
        await harness.UntilAsync(() => Ready(harness) == 3, "three");
        var before = harness.Machines(controlPlane: false).Select(m => m.NameOf()).ToList();

        await harness.ChangeAsync("MachineDeployment", "sim-md", d => d.Ensure("spec", "template", "spec", "infrastructureRef").Put("name", "sim-bigger"));
        var (least, peak) = (3, 3);
        await harness.UntilAsync(() =>
        {
            var machines = harness.Machines(controlPlane: false).Where(m => !m.IsDeleting()).ToList();
            least = Math.Min(least, machines.Count(m => m.IsTrue("Available")));
            peak = Math.Max(peak, machines.Count);
            return machines.Count == 3 && machines.TrueForAll(m => !before.Contains(m.NameOf()) && m.IsTrue("Ready"));
        }, "rolled out");

        Assert.InRange(least, fewest, 3);
        Assert.InRange(peak, 3, most);
        await harness.UntilAsync(() => harness.All("MachineSet").Count == 1, "the old set is gone");
        Assert.Equal("2", harness.Get("MachineDeployment", "sim-md").Annotation("machinedeployment.clusters.x-k8s.io/revision"));
        await harness.UntilAsync(() => harness.Nodes().Count(n => n.Text("status", "capacity", "cpu") == "8") == 3, "nodes of the new size");
    }

    [Fact]
    public async Task With_OnDelete_only_deleted_machines_come_back_new()
    {
        await using var harness = await SimulationHarness.StartAsync();
        await SimulationHarness.ApplyAsync(harness.Management, SimulatedManifests.Cluster(workers: 3, strategy: "rollout: {strategy: {type: OnDelete}}"));
        await harness.UntilAsync(() => Ready(harness) == 3, "three");

        await SetVersionAsync(harness, "v1.34.0");
        await harness.PassAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(3, WithVersion(harness, "v1.33.1"));
        Assert.All(harness.Machines(controlPlane: false), m => Assert.Equal("False", m.FindCondition("UpToDate")!.Text("status")));

        await harness.DeleteAsync("Machine", harness.Machines(controlPlane: false)[0].NameOf());
        await harness.UntilAsync(() => Ready(harness) == 3 && WithVersion(harness, "v1.34.0") == 1, "one new");
        await harness.PassAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(2, WithVersion(harness, "v1.33.1"));

        await harness.ChangeAsync("MachineDeployment", "sim-md", d => d.Ensure("spec").Put("replicas", 1));
        await harness.UntilAsync(() => harness.Machines(controlPlane: false).Count == 1, "scaled in");
        await harness.ChangeAsync("MachineDeployment", "sim-md", d => d.Ensure("spec").Put("replicas", 2));
        await harness.UntilAsync(() => Ready(harness) == 2 && WithVersion(harness, "v1.34.0") >= 1, "scaled out with new ones");
    }

    [Fact]
    public async Task Labels_and_time_outs_flow_down_without_a_rollout()
    {
        await using var harness = await SimulationHarness.StartAsync();
        await SimulationHarness.ApplyAsync(harness.Management, SimulatedManifests.Cluster());
        await harness.AvailableAsync();
        var before = harness.Machines(controlPlane: false).Select(m => m.NameOf()).Order().ToList();

        await harness.ChangeAsync("MachineDeployment", "sim-md", d =>
            d.Ensure("spec", "template", "metadata", "labels").Put("node.cluster.x-k8s.io/tier", "front")
            | d.Ensure("spec", "template", "spec", "deletion").Put("nodeDrainTimeoutSeconds", 30));
        await harness.UntilAsync(() => harness.Nodes().Count(n => n.Label("node.cluster.x-k8s.io/tier") == "front") == 2, "labels on the nodes");

        Assert.Equal(before, harness.Machines(controlPlane: false).Select(m => m.NameOf()).Order());
        Assert.All(harness.Machines(controlPlane: false), m => Assert.Equal(30, m.Number("spec", "deletion", "nodeDrainTimeoutSeconds")));
        Assert.Single(harness.All("MachineSet"));
    }

    [Fact]
    public async Task A_restart_at_a_time_replaces_machines_of_the_same_template()
    {
        await using var harness = await SimulationHarness.StartAsync();
        await SimulationHarness.ApplyAsync(harness.Management, SimulatedManifests.Cluster());
        await harness.AvailableAsync();
        await harness.PassAsync(TimeSpan.FromSeconds(3));
        var before = harness.Machines(controlPlane: false).Select(m => m.NameOf()).ToList();

        await harness.ChangeAsync("MachineDeployment", "sim-md", d => d.Ensure("spec", "rollout").Put("after", harness.Clock.GetUtcNow().AddSeconds(10).Rfc3339()));
        await harness.PassAsync(TimeSpan.FromSeconds(8));
        Assert.Equal(before.Order(), harness.Machines(controlPlane: false).Select(m => m.NameOf()).Order());
        await harness.UntilAsync(() => Ready(harness) == 2 && harness.Machines(controlPlane: false).TrueForAll(m => !before.Contains(m.NameOf())), "replaced");
    }

    [Fact]
    public async Task A_paused_deployment_scales_but_does_not_roll_out()
    {
        await using var harness = await SimulationHarness.StartAsync();
        await SimulationHarness.ApplyAsync(harness.Management, SimulatedManifests.Cluster());
        await harness.AvailableAsync();

        await harness.ChangeAsync("MachineDeployment", "sim-md", d => d.Ensure("spec").Put("paused", true) | d.Ensure("spec").Put("replicas", 3));
        await SetVersionAsync(harness, "v1.34.0");
        await harness.UntilAsync(() => Ready(harness) == 3, "three");
        await harness.PassAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(3, WithVersion(harness, "v1.33.1"));

        await harness.ChangeAsync("MachineDeployment", "sim-md", d => d.Ensure("spec").Put("paused", false));
        await harness.UntilAsync(() => WithVersion(harness, "v1.34.0") == 3 && Ready(harness) == 3 && WithVersion(harness, "v1.33.1") == 0, "rolled out");
    }

    [Fact]
    public async Task Scaled_to_zero_it_is_available_and_comes_back()
    {
        await using var harness = await SimulationHarness.StartAsync();
        await SimulationHarness.ApplyAsync(harness.Management, SimulatedManifests.Cluster());
        await harness.AvailableAsync();

        await harness.ChangeAsync("MachineDeployment", "sim-md", d => d.Ensure("spec").Put("replicas", 0));
        await harness.UntilAsync(() => harness.Nodes().Count == 1, "no workers");
        await harness.AvailableAsync();
        Assert.True(harness.Get("MachineDeployment", "sim-md").IsTrue("Available"));

        await harness.ChangeAsync("MachineDeployment", "sim-md", d => d.Ensure("spec").Put("replicas", 2));
        await harness.UntilAsync(() => harness.Nodes().Count == 3, "workers again");
    }

    [Theory]
    [InlineData("Oldest", "old")]
    [InlineData("Newest", "new")]
    public async Task Scaling_in_goes_by_the_order_of_deletion_after_marked_machines(string order, string first)
    {
        await using var harness = await SimulationHarness.StartAsync();
        await SimulationHarness.ApplyAsync(harness.Management, SimulatedManifests.Cluster(workers: 1, strategy: $"deletion: {{order: {order}}}"));
        await harness.AvailableAsync();
        var old = harness.Machines(controlPlane: false).Single().NameOf();
        await harness.PassAsync(TimeSpan.FromSeconds(5));
        await harness.ChangeAsync("MachineDeployment", "sim-md", d => d.Ensure("spec").Put("replicas", 3));
        await harness.UntilAsync(() => Ready(harness) == 3, "three");
        var marked = harness.Machines(controlPlane: false).First(m => m.NameOf() != old).NameOf();
        await harness.AnnotateAsync("Machine", marked, "cluster.x-k8s.io/delete-machine", "yes");

        await harness.ChangeAsync("MachineDeployment", "sim-md", d => d.Ensure("spec").Put("replicas", 2));
        await harness.UntilAsync(() => harness.Machines(controlPlane: false).Count == 2, "two");
        Assert.DoesNotContain(harness.Machines(controlPlane: false), m => m.NameOf() == marked);
        await harness.ChangeAsync("MachineDeployment", "sim-md", d => d.Ensure("spec").Put("replicas", 1));
        await harness.UntilAsync(() => harness.Machines(controlPlane: false).Count == 1, "one");

        Assert.Equal(first == "new", harness.Machines(controlPlane: false).Single().NameOf() == old);
    }

    private static Task SetVersionAsync(SimulationHarness harness, string version) =>
        harness.ChangeAsync("MachineDeployment", "sim-md", d => d.Ensure("spec", "template", "spec").Put("version", version));

    private static int Ready(SimulationHarness harness) => harness.Machines(controlPlane: false).Count(m => m.IsTrue("Ready") && !m.IsDeleting());

    private static int WithVersion(SimulationHarness harness, string version) =>
        harness.Machines(controlPlane: false).Count(m => m.Text("spec", "version") == version);
}
