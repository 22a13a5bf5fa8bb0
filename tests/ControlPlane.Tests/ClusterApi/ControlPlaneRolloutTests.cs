using System.Text.Json.Nodes;
using Fleet.ControlPlane.Simulation.Objects;
using Fleet.ControlPlane.Tests.Simulation;

namespace Fleet.ControlPlane.Tests.ClusterApi;

public sealed class ControlPlaneRolloutTests
{
    [Theory]
    [InlineData("Kubeadm")]
    [InlineData("K0s")]
    [InlineData("Simulated")]
    public async Task A_new_version_goes_out_by_one_machine_and_in_by_one_until_all_have_it(string kind)
    {
        await using var harness = await SimulationHarness.StartAsync();
        await SimulationHarness.ApplyAsync(harness.Management, SimulatedManifests.Cluster(controlPlanes: 3, controlPlane: kind));
        await UntilReadyAsync(harness, 3);
        var before = harness.Machines(controlPlane: true).Select(m => m.NameOf()).ToList();

        await SetAsync(harness, kind, cp => cp.Ensure("spec").Put("version", "v1.34.0"));
        var (fewestReady, most) = (3, 3);
        await harness.UntilAsync(() =>
        {
            var machines = harness.Machines(controlPlane: true);
            fewestReady = Math.Min(fewestReady, machines.Count(m => m.IsTrue("Ready") && !m.IsDeleting()));
            most = Math.Max(most, machines.Count);
            // The lowest version counts until the last old machine is gone.
            if (machines.Exists(m => m.Text("spec", "version") == "v1.33.1" && !m.IsDeleting()))
                Assert.Equal("v1.33.1", ControlPlane(harness, kind).Text("status", "version"));
            return machines.Count == 3 && machines.TrueForAll(m => m.Text("spec", "version") == "v1.34.0" && m.IsTrue("Ready"));
        }, "rolled out");

        Assert.Equal((3, 4), (fewestReady, most));
        Assert.DoesNotContain(harness.Machines(controlPlane: true), m => before.Contains(m.NameOf()));
        await harness.UntilAsync(() => ControlPlane(harness, kind).Text("status", "version") == "v1.34.0", "status.version");
        Assert.Equal(3, harness.Nodes().Count(n => n.Version() == "v1.34.0"));
        Assert.Equal(2, harness.Nodes().Count(n => n.Version() == "v1.33.1"));
        Assert.True(ControlPlane(harness, kind).IsTrue("MachinesUpToDate"));
    }

    [Fact]
    public async Task While_it_rolls_out_the_machines_say_in_what_they_differ()
    {
        await using var harness = await SimulationHarness.StartAsync();
        await SimulationHarness.ApplyAsync(harness.Management, SimulatedManifests.Cluster());
        await UntilReadyAsync(harness, 1);

        await SetAsync(harness, "Kubeadm", cp => cp.Ensure("spec").Put("version", "v1.34.0")
            | cp.Ensure("spec", "machineTemplate", "spec", "infrastructureRef").Put("name", "sim-bigger"));
        await harness.UntilAsync(() => harness.Machines(controlPlane: true).Exists(m => m.FindCondition("UpToDate")?.Text("status") == "False"), "not up to date");

        var old = harness.Machines(controlPlane: true).Single(m => m.FindCondition("UpToDate")?.Text("status") == "False");
        Assert.Equal("* Version v1.33.1, v1.34.0 required\n* SimulatedMachineTemplate sim-machine, sim-bigger required", old.FindCondition("UpToDate")!.Text("message"));
        await harness.UntilAsync(() => harness.Get("Cluster", "sim").IsTrue("RollingOut"), "the cluster says so");
        await harness.UntilAsync(() => harness.Machines(controlPlane: true).TrueForAll(m => m.IsTrue("UpToDate") && m.IsTrue("Ready")), "done");
        Assert.Equal("8", harness.Nodes().Single(n => n.Version() == "v1.34.0").Text("status", "capacity", "cpu"));
    }

    [Fact]
    public async Task A_changed_config_and_a_restart_roll_as_well()
    {
        await using var harness = await SimulationHarness.StartAsync();
        await SimulationHarness.ApplyAsync(harness.Management, SimulatedManifests.Cluster());
        await UntilReadyAsync(harness, 1);
        var first = Assert.Single(harness.Machines(controlPlane: true)).NameOf();

        await SetAsync(harness, "Kubeadm", cp => cp.Ensure("spec", "kubeadmConfigSpec").Put("files", new JsonArray()));
        await harness.UntilAsync(() => Alone(harness) is { } m && m.NameOf() != first, "another machine after the config");
        var second = Alone(harness)!.NameOf();
        Assert.NotNull(harness.Get("KubeadmConfig", second).At("spec", "files"));

        await harness.PassAsync(TimeSpan.FromSeconds(5));
        var after = harness.Clock.GetUtcNow().AddSeconds(20);
        await SetAsync(harness, "Kubeadm", cp => cp.Ensure("spec", "rollout").Put("after", after.Rfc3339()));
        await harness.PassAsync(TimeSpan.FromSeconds(15));
        Assert.Equal(second, Alone(harness)!.NameOf());
        await harness.UntilAsync(() => Alone(harness) is { } m && m.NameOf() != second, "another machine after the time");
    }

    [Fact]
    public async Task A_machine_that_never_becomes_ready_holds_the_rollout_and_going_back_removes_it()
    {
        await using var harness = await SimulationHarness.StartAsync();
        await SimulationHarness.ApplyAsync(harness.Management, SimulatedManifests.Cluster(controlPlanes: 3));
        await UntilReadyAsync(harness, 3);
        await SimulationHarness.ApplyAsync(harness.Management, """
            apiVersion: infrastructure.cluster.x-k8s.io/v1beta2
            kind: SimulatedMachineTemplate
            metadata: {name: sim-broken, namespace: default}
            spec: {template: {metadata: {annotations: {simulation.fleet.dev/fail: no such image}}, spec: {}}}
            """);

        await SetAsync(harness, "Kubeadm", cp => cp.Ensure("spec", "machineTemplate", "spec", "infrastructureRef").Put("name", "sim-broken"));
        await harness.PassAsync(TimeSpan.FromMinutes(5));

        Assert.Equal(4, harness.Machines(controlPlane: true).Count);
        Assert.Equal(3, harness.Machines(controlPlane: true).Count(m => m.IsTrue("Ready")));
        var broken = harness.Machines(controlPlane: true).Single(m => !m.IsTrue("Ready"));
        Assert.Contains($"blocked because:\n* Machine {broken.NameOf()} is not ready", ControlPlane(harness, "Kubeadm").FindCondition("RollingOut")!.Text("message"));

        await SetAsync(harness, "Kubeadm", cp => cp.Ensure("spec", "machineTemplate", "spec", "infrastructureRef").Put("name", "sim-machine"));
        await UntilReadyAsync(harness, 3);
        Assert.DoesNotContain(harness.Machines(controlPlane: true), m => m.NameOf() == broken.NameOf());
    }

    [Fact]
    public async Task K0s_in_place_changes_the_nodes_one_after_the_other_and_replaces_none()
    {
        await using var harness = await SimulationHarness.StartAsync();
        await SimulationHarness.ApplyAsync(harness.Management, SimulatedManifests.Cluster(controlPlanes: 3, controlPlane: "K0s"));
        await UntilReadyAsync(harness, 3);
        var before = harness.Machines(controlPlane: true).Select(m => m.NameOf()).Order().ToList();

        await SetAsync(harness, "K0s", cp => cp.Ensure("spec").Put("updateStrategy", "InPlace") | cp.Ensure("spec").Put("version", "v1.33.2+k0s.0"));
        await harness.UntilAsync(() => ControlPlane(harness, "K0s").Text("status", "version") == "v1.33.2+k0s.0", "all of the new version");

        Assert.Equal(before, harness.Machines(controlPlane: true).Select(m => m.NameOf()).Order());
        Assert.Equal(3, harness.Nodes().Count(n => n.Version() == "v1.33.2+k0s.0"));
    }

    [Fact]
    public async Task Control_plane_machines_are_spread_over_the_failure_domains_and_their_nodes_are_there()
    {
        await using var harness = await SimulationHarness.StartAsync();
        await SimulationHarness.ApplyAsync(harness.Management, SimulatedManifests.Cluster(controlPlanes: 3, region: "north"));
        await UntilReadyAsync(harness, 3);

        var machines = harness.Machines(controlPlane: true);
        Assert.Equal(["northa", "northb", "northc"], machines.Select(m => m.Text("spec", "failureDomain")).Order());
        foreach (var machine in machines)
        {
            var node = harness.Nodes().Single(n => n.NameOf() == machine.Text("status", "nodeRef", "name"));
            Assert.Equal(machine.Text("spec", "failureDomain"), node.Label("topology.kubernetes.io/zone"));
            Assert.Equal(machine.Text("spec", "failureDomain"), harness.Get("SimulatedMachine", machine.NameOf()).Text("status", "failureDomain"));
        }
    }

    [Fact]
    public async Task A_hosted_control_plane_is_rolling_out_until_it_runs_the_new_version()
    {
        await using var harness = await SimulationHarness.StartAsync();
        var hosted = SimulatedManifests.Cluster(controlPlane: "K0smotron").Split("---").Select(d =>
            d.Contains("kind: K0smotronControlPlane\nmetadata", StringComparison.Ordinal) ? d[..d.IndexOf("  machineTemplate", StringComparison.Ordinal)] : d);
        await SimulationHarness.ApplyAsync(harness.Management, string.Join("---", hosted));
        await harness.AvailableAsync();
        Assert.True(ControlPlane(harness, "K0smotron").Flag("status", "externalManagedControlPlane"));
        Assert.Equal("v1.33.1", ControlPlane(harness, "K0smotron").Text("status", "version"));
        Assert.Equal("v1.33.1", harness.Workload().KubernetesVersion);

        await SetAsync(harness, "K0smotron", cp => cp.Ensure("spec").Put("version", "v1.34.0"));
        await harness.UntilAsync(() => ControlPlane(harness, "K0smotron").IsTrue("RollingOut"), "rolling out");
        Assert.Equal("v1.33.1", ControlPlane(harness, "K0smotron").Text("status", "version"));
        Assert.True(ControlPlane(harness, "K0smotron").IsTrue("Available"));
        await harness.UntilAsync(() => ControlPlane(harness, "K0smotron").Text("status", "version") == "v1.34.0", "upgraded");
        Assert.False(ControlPlane(harness, "K0smotron").IsTrue("RollingOut"));
        Assert.Equal("v1.34.0", harness.Workload().KubernetesVersion);
    }

    private static JsonObject ControlPlane(SimulationHarness harness, string kind) => harness.Get($"{kind}ControlPlane", "sim-cp");

    private static Task SetAsync(SimulationHarness harness, string kind, Func<JsonObject, bool> change) => harness.ChangeAsync($"{kind}ControlPlane", "sim-cp", change);

    private static JsonObject? Alone(SimulationHarness harness) =>
        harness.Machines(controlPlane: true) is [var only] && only.IsTrue("Ready") ? only : null;

    private static Task UntilReadyAsync(SimulationHarness harness, int count) => harness.UntilAsync(() =>
        harness.Find("Cluster", "sim")?.IsTrue("Available") == true && harness.Machines(controlPlane: true).Count == count
        && harness.Machines(controlPlane: true).TrueForAll(m => m.IsTrue("Ready")), $"{count} control plane machines ready");
}
