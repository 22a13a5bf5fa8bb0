using System.Text.Json.Nodes;
using Fleet.ControlPlane.Machinery;
using Fleet.ControlPlane.Simulation.Objects;
using Fleet.ControlPlane.Simulation.Pods;
using Fleet.ControlPlane.Tests.Simulation;

namespace Fleet.ControlPlane.Tests.ClusterApi;

/// <summary>What users see when they ask for a fault.</summary>
public sealed class FaultTests
{
    private const string Prefix = "simulation.fleet.dev/";

    [Fact]
    public async Task Failing_infrastructure_says_reason_and_message_and_recovers()
    {
        await using var harness = await StartAsync(c => c.Replace("metadata: {name: sim, namespace: default}\nspec:\n  infrastructureRef",
            "metadata:\n  name: sim\n  namespace: default\n  annotations: {simulation.fleet.dev/fail: no address space left, simulation.fleet.dev/fail-reason: VpcLimitExceeded}\nspec:\n  infrastructureRef", StringComparison.Ordinal));
        await harness.PassAsync(TimeSpan.FromSeconds(20));

        var ready = harness.Get("SimulatedCluster", "sim").FindCondition("Ready")!;
        Assert.Equal(("False", "VpcLimitExceeded", "no address space left"), (ready.Text("status"), ready.Text("reason"), ready.Text("message")));
        Assert.Equal("no address space left", harness.Get("Cluster", "sim").FindCondition("InfrastructureReady")!.Text("message"));
        Assert.Contains(Events(harness), e => e.Text("reason") == "VpcLimitExceeded" && e.Text("involvedObject", "kind") == "SimulatedCluster");

        await harness.AnnotateAsync("Cluster", "sim", Prefix + "fail", null);
        await harness.AvailableAsync();
        Assert.Null(harness.Get("SimulatedCluster", "sim").Text("status", "failureMessage"));
    }

    [Fact]
    public async Task A_terminal_failure_stays_until_the_machine_is_replaced()
    {
        await using var harness = await StartAsync();
        await harness.AvailableAsync();
        await harness.AnnotateAsync("SimulatedCluster", "sim", Prefix + "slow", "10s");
        await harness.ChangeAsync("MachineDeployment", "sim-md", d => d.Ensure("spec").Put("replicas", 3));
        await harness.UntilAsync(() => harness.All("SimulatedMachine").Count == 4, "a fourth machine");
        var machine = harness.All("SimulatedMachine").Single(m => !m.Flag("status", "initialization", "provisioned")).NameOf();
        await harness.ChangeAsync("SimulatedMachine", machine, m => m.Ensure("metadata", "annotations").Put(Prefix + "fail", "the disk image is corrupt")
            | m.Ensure("metadata", "annotations").Put(Prefix + "fail-terminal", "true"));
        await harness.UntilAsync(() => harness.Get("SimulatedMachine", machine).Text("status", "failureMessage") == "the disk image is corrupt", "failed");
        await harness.ChangeAsync("SimulatedMachine", machine, m => m.Ensure("metadata", "annotations").Put(Prefix + "fail", null));
        await harness.PassAsync(TimeSpan.FromSeconds(30));

        Assert.Equal("InstanceProvisionFailed", harness.Get("SimulatedMachine", machine).Text("status", "failureReason"));
        Assert.Contains("the disk image is corrupt", harness.Get("Machine", machine).FindCondition("InfrastructureReady")!.Text("message"));
        await harness.DeleteAsync("Machine", machine);
        await harness.UntilAsync(() => harness.Machines(controlPlane: false).Count(m => m.IsTrue("Ready")) == 3, "replaced");
    }

    [Fact]
    public async Task A_share_of_the_workers_never_starts_and_the_control_plane_is_spared()
    {
        await using var harness = await StartAsync(c => c, workers: 4, controlPlanes: 3, annotation: "fail-machines", value: "50%");
        await harness.UntilAsync(() => harness.Machines(controlPlane: true).Count(m => m.IsTrue("Ready")) == 3
            && harness.Machines(controlPlane: false).Count(m => m.IsTrue("Ready")) == 2, "half of them");
        await harness.PassAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(2, harness.Machines(controlPlane: false).Count(m => !m.IsTrue("Ready")));
        Assert.False(harness.Get("Cluster", "sim").IsTrue("WorkersAvailable"));

        await harness.AnnotateAsync("SimulatedCluster", "sim", Prefix + "fail-machines", null);
        await harness.UntilAsync(() => harness.Machines(controlPlane: false).Count(m => m.IsTrue("Ready")) == 4, "all of them");
    }

    [Fact]
    public async Task Beyond_the_quota_machines_wait_and_say_so()
    {
        await using var harness = await StartAsync(c => c, annotation: "machine-quota", value: "2");
        await harness.UntilAsync(() => harness.Machines(controlPlane: false).Count(m => m.IsTrue("Ready")) == 1, "one worker");
        await harness.PassAsync(TimeSpan.FromSeconds(20));

        var waiting = harness.Machines(controlPlane: false).Single(m => !m.IsTrue("Ready"));
        Assert.Contains("quota exceeded: 2 of 2 machines are in use", waiting.FindCondition("InfrastructureReady")!.Text("message"));
        await harness.AnnotateAsync("SimulatedCluster", "sim", Prefix + "machine-quota", "3");
        await harness.AvailableAsync();
    }

    [Fact]
    public async Task Slow_steps_take_that_much_longer()
    {
        await using var harness = await StartAsync(c => c, annotation: "slow", value: "20s");
        var start = harness.Clock.GetUtcNow();
        await harness.UntilAsync(() => harness.Get("SimulatedCluster", "sim").Flag("status", "initialization", "provisioned"), "network");
        Assert.InRange(harness.Clock.GetUtcNow() - start, TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(22));
    }

    [Theory]
    [InlineData("500ms", 0.5)]
    [InlineData("2m", 120.0)]
    [InlineData("1h", 3600.0)]
    [InlineData("1h30m", 5400.0)]
    [InlineData("99999999h", 365 * 86400.0)]
    [InlineData("-1s", null)]
    [InlineData("soon", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void Times_are_written_as_Go_writes_them(string? text, double? seconds) => Assert.Equal(seconds, PodFaults.Duration(text)?.TotalSeconds);

    [Fact]
    public async Task On_the_Cluster_slow_counts_for_every_machine()
    {
        await using var harness = await StartAsync();
        await harness.AvailableAsync();
        await harness.AnnotateAsync("Cluster", "sim", Prefix + "slow", "30s");
        await harness.ChangeAsync("MachineDeployment", "sim-md", d => d.Ensure("spec").Put("replicas", 3));
        var start = harness.Clock.GetUtcNow();
        await harness.UntilAsync(() => harness.Machines(controlPlane: false).Count(m => m.IsTrue("Ready")) == 3, "third worker");
        Assert.InRange(harness.Clock.GetUtcNow() - start, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(33));
    }

    [Fact]
    public async Task A_flapping_machine_comes_and_goes_with_its_node()
    {
        await using var harness = await StartAsync();
        await harness.AvailableAsync();
        var machine = harness.Machines(controlPlane: false)[0].NameOf();
        await harness.AnnotateAsync("SimulatedMachine", machine, Prefix + "flap", "20s/10s");
        var seen = new List<bool>();
        for (var i = 0; i < 4; i++)
        {
            var before = harness.Get("Machine", machine).IsTrue("Ready");
            seen.Add(before);
            await harness.UntilAsync(() => harness.Get("Machine", machine).IsTrue("Ready") != before, "turned");
        }

        Assert.Equal([seen[0], !seen[0], seen[0], !seen[0]], seen);
        var node = harness.Get("Machine", machine).Text("status", "nodeRef", "name")!;
        await harness.UntilAsync(() => !harness.Get("Machine", machine).IsTrue("Ready"), "down");
        Assert.Equal("Unknown", harness.Nodes().Single(n => n.NameOf() == node).FindCondition("Ready")!.Text("status"));
        await harness.AnnotateAsync("SimulatedMachine", machine, Prefix + "flap", null);
        await harness.UntilAsync(() => harness.Get("Machine", machine).IsTrue("Ready"), "up");
        await harness.PassAsync(TimeSpan.FromMinutes(2));
        Assert.True(harness.Get("Machine", machine).IsTrue("Ready"));
        Assert.Null(harness.Nodes().Single(n => n.NameOf() == node).Items("spec", "taints").FirstOrDefault());
    }

    [Theory]
    [InlineData("SimulatedCluster", "sim")]
    [InlineData("Cluster", "sim")]
    public async Task Expired_credentials_stop_making_and_deleting_but_not_what_runs(string kind, string name)
    {
        await using var harness = await StartAsync();
        await harness.AvailableAsync();
        await harness.AnnotateAsync(kind, name, Prefix + "credentials", "expired");
        await harness.UntilAsync(() => harness.Get("SimulatedCluster", "sim").FindCondition("Ready")!.Text("message")!.StartsWith("ExpiredToken:", StringComparison.Ordinal), "noticed");
        await harness.ChangeAsync("MachineDeployment", "sim-md", d => d.Ensure("spec").Put("replicas", 3));
        await harness.PassAsync(TimeSpan.FromSeconds(20));

        Assert.Equal(3, harness.Nodes().Count);
        Assert.True(harness.Get("SimulatedCluster", "sim").Flag("status", "initialization", "provisioned"));
        Assert.Contains(harness.Machines(controlPlane: false), m => m.FindCondition("InfrastructureReady")!.Text("message")!.Contains("ExpiredToken", StringComparison.Ordinal));

        await harness.DeleteAsync("Cluster", "sim");
        await harness.PassAsync(TimeSpan.FromSeconds(30));
        Assert.Contains(harness.All("Machine"), m => m.FindCondition("Deleting")?.Text("message")?.Contains("ExpiredToken", StringComparison.Ordinal) == true);
        await harness.AnnotateAsync(kind, name, Prefix + "credentials", null);
        await harness.UntilAsync(() => harness.Find("Cluster", "sim") is null, "gone");
    }

    [Fact]
    public async Task Credentials_that_expire_on_their_Secret_are_noticed_within_a_minute()
    {
        await using var harness = await SimulationHarness.StartAsync();
        await SimulationHarness.ApplyAsync(harness.Management, """
            apiVersion: v1
            kind: Secret
            metadata: {name: keys, namespace: default}
            """);
        await SimulationHarness.ApplyAsync(harness.Management, SimulatedManifests.Cluster().Replace("spec: {  }", "spec: {identityRef: {kind: Secret, name: keys}}", StringComparison.Ordinal));
        await harness.AvailableAsync();

        await harness.Management.ChangeAsync(CoreKinds.Secret, new("default", "keys"), s => s.Ensure("metadata", "annotations").Put(Prefix + "credentials", "denied"), status: false, CancellationToken.None);
        await harness.UntilAsync(() => harness.Get("SimulatedCluster", "sim").FindCondition("Ready")!.Text("message") == "AccessDenied: the credentials of Secret keys do not allow this", "noticed");
    }

    [Fact]
    public async Task A_deletion_that_fails_is_named_where_users_look()
    {
        await using var harness = await StartAsync();
        await harness.AvailableAsync();
        await harness.AnnotateAsync("SimulatedCluster", "sim", Prefix + "fail-delete", "the network is still in use");
        await harness.DeleteAsync("Cluster", "sim");
        await harness.UntilAsync(() => harness.Get("Cluster", "sim").FindCondition("Deleting")?.Text("message")?.Contains("the network is still in use", StringComparison.Ordinal) == true, "named");
        await harness.AnnotateAsync("SimulatedCluster", "sim", Prefix + "fail-delete", null);
        await harness.UntilAsync(() => harness.Find("Cluster", "sim") is null, "gone");
    }

    [Fact]
    public async Task An_unreachable_api_shows_on_the_cluster_and_comes_back()
    {
        await using var harness = await StartAsync();
        await harness.AvailableAsync();
        await harness.AnnotateAsync("SimulatedCluster", "sim", Prefix + "api", "unreachable");
        await harness.UntilAsync(() => harness.Get("Cluster", "sim").FindCondition("RemoteConnectionProbe")!.Text("status") == "False", "probe");
        await harness.UntilAsync(() => harness.Workload().Fault == new ApiFault(ApiFaultMode.Unreachable, TimeSpan.Zero), "fault set");
        await harness.AnnotateAsync("SimulatedCluster", "sim", Prefix + "api", null);
        await harness.AvailableAsync();
        await harness.UntilAsync(() => harness.Workload().Fault is null, "fault gone");
    }

    [Fact]
    public async Task A_value_that_means_nothing_is_told_by_an_event()
    {
        await using var harness = await StartAsync(c => c, annotation: "slow", value: "soon");
        await harness.AvailableAsync();
        Assert.Contains(Events(harness), e => e.Text("reason") == "InvalidAnnotation" && e.Text("message")!.Contains("\"soon\" has no effect", StringComparison.Ordinal));
    }

    private static IReadOnlyList<JsonObject> Events(SimulationHarness harness) => harness.Management.List(CoreKinds.Event);

    private static async Task<SimulationHarness> StartAsync(Func<string, string>? edit = null, int workers = 2, int controlPlanes = 1, string? annotation = null, string? value = null)
    {
        var harness = await SimulationHarness.StartAsync();
        var yaml = SimulatedManifests.Cluster(controlPlanes, workers);
        if (annotation is not null)
            yaml = yaml.Replace("kind: SimulatedCluster\nmetadata: {name: sim, namespace: default}",
                $"kind: SimulatedCluster\nmetadata:\n  name: sim\n  namespace: default\n  annotations: {{{Prefix}{annotation}: \"{value}\"}}", StringComparison.Ordinal);
        var edited = edit?.Invoke(yaml) ?? yaml;
        Assert.True(edit is null || annotation is not null || edited != yaml);
        await SimulationHarness.ApplyAsync(harness.Management, edited);
        return harness;
    }
}
