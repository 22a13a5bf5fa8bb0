using System.Text.Json.Nodes;
using Fleet.ControlPlane.ClusterApi.Core;
using Fleet.ControlPlane.Simulation.Objects;
using Fleet.ControlPlane.Tests.Simulation;
using Fleet.Kubernetes.Yaml;

namespace Fleet.ControlPlane.Tests.ClusterApi;

public sealed class MachineHealthCheckTests
{
    private const string Check = """
        apiVersion: cluster.x-k8s.io/v1beta2
        kind: MachineHealthCheck
        metadata: {name: sim-check, namespace: default}
        spec:
          clusterName: sim
          selector: {matchLabels: {pool: workers}}
          checks:
            nodeStartupTimeoutSeconds: 600
            unhealthyNodeConditions: [{type: Ready, status: Unknown, timeoutSeconds: 60}]
          remediation: {triggerIf: {unhealthyLessThanOrEqualTo: 50%}}
        """;

    [Theory]
    [InlineData("remediation: {triggerIf: {unhealthyLessThanOrEqualTo: 50%}}", 2, 4, true)]
    [InlineData("remediation: {triggerIf: {unhealthyLessThanOrEqualTo: 50%}}", 3, 4, false)]
    [InlineData("remediation: {triggerIf: {unhealthyLessThanOrEqualTo: 1}}", 2, 4, false)]
    [InlineData("remediation: {triggerIf: {unhealthyInRange: '[2-3]'}}", 1, 4, false)]
    [InlineData("remediation: {triggerIf: {unhealthyInRange: '[2-3]'}}", 3, 4, true)]
    [InlineData("maxUnhealthy: 40%", 2, 4, false)]
    [InlineData("unhealthyRange: '[0-1]'", 2, 4, false)]
    [InlineData("clusterName: sim", 4, 4, true)]
    public void Remediation_stops_where_the_limit_is(string spec, int unhealthy, int total, bool allowed) =>
        Assert.Equal(allowed, MachineHealth.MayRemediate(KubernetesYaml.Parse($"spec: {{{spec}}}")!.AsObject(), unhealthy, total));

    /// <summary>Seconds since the machine was made or the condition turned, state of the node, and what is found.</summary>
    [Theory]
    [InlineData("checks: {nodeStartupTimeoutSeconds: 60}", 59, null, null, 1)]
    [InlineData("checks: {nodeStartupTimeoutSeconds: 60}", 60, null, "NodeStartupTimeout", null)]
    [InlineData("checks: {nodeStartupTimeoutSeconds: 0}", 9999, null, null, null)]
    [InlineData("nodeStartupTimeout: 2m", 120, null, "NodeStartupTimeout", null)]
    [InlineData("{}", 601, null, "NodeStartupTimeout", null)]
    [InlineData("checks: {unhealthyNodeConditions: [{type: Ready, status: Unknown, timeoutSeconds: 30}]}", 29, "Unknown", null, 1)]
    [InlineData("checks: {unhealthyNodeConditions: [{type: Ready, status: Unknown, timeoutSeconds: 30}]}", 30, "Unknown", "UnhealthyNode", null)]
    [InlineData("checks: {unhealthyNodeConditions: [{type: Ready, status: Unknown, timeoutSeconds: 30}]}", 99, "True", null, null)]
    [InlineData("unhealthyConditions: [{type: Ready, status: 'False', timeout: 5m}]", 300, "False", "UnhealthyNode", null)]
    public void A_machine_is_judged_by_its_node(string spec, int seconds, string? ready, string? reason, int? again)
    {
        var start = DateTimeOffset.UnixEpoch;
        var machine = new JsonObject { ["metadata"] = new JsonObject { ["creationTimestamp"] = start.Rfc3339() }, ["status"] = new JsonObject() };
        var node = ready is null ? null : new JsonObject();
        if (node is not null)
        {
            node.Ensure("status").SetCondition(new("Ready", ready!, "R"), start);
            machine["status"]!["nodeRef"] = new JsonObject { ["name"] = "n" };
        }
        var check = KubernetesYaml.Parse(spec == "{}" ? "spec: {}" : $"spec: {{{spec}}}")!.AsObject();

        var health = MachineHealth.Of(check, machine, node, start.AddSeconds(seconds));

        Assert.Equal((reason, again), (health.Reason, (int?)health.Again?.TotalSeconds));
    }

    [Fact]
    public async Task A_worker_whose_node_stays_away_is_replaced()
    {
        await using var harness = await StartAsync();
        var machine = harness.Machines(controlPlane: false)[0].NameOf();
        await harness.AnnotateAsync("SimulatedMachine", machine, "simulation.fleet.dev/flap", "10s/2m");
        await harness.UntilAsync(() => harness.Find("Machine", machine) is null && harness.Machines(controlPlane: false).Count(m => m.IsTrue("Ready")) == 2,
            "replaced", TimeSpan.FromMinutes(10));
        var word = harness.Management.List(CoreKinds.Event).Single(e => e.Text("reason") == "MachineMarkedUnhealthy").Text("message");
        Assert.EndsWith("Condition Ready on Node is reporting status Unknown for more than 60s", word);
        await harness.UntilAsync(() => harness.Get("MachineHealthCheck", "sim-check").Number("status", "currentHealthy") == 2, "healthy again");
    }

    [Fact]
    public async Task The_remediation_annotation_replaces_a_machine_at_once()
    {
        await using var harness = await StartAsync();
        var machine = harness.Machines(controlPlane: false)[0].NameOf();
        await harness.AnnotateAsync("Machine", machine, "cluster.x-k8s.io/remediate-machine", "");
        await harness.UntilAsync(() => harness.Find("Machine", machine) is null && harness.Machines(controlPlane: false).Count(m => m.IsTrue("Ready")) == 2, "replaced");
    }

    [Fact]
    public async Task More_than_the_limit_are_left_alone()
    {
        await using var harness = await StartAsync();
        var machines = harness.Machines(controlPlane: false).Select(m => m.NameOf()).Order().ToList();
        await harness.ChangeAsync("MachineHealthCheck", "sim-check", c => c.Ensure("spec", "remediation", "triggerIf").Put("unhealthyLessThanOrEqualTo", 0));
        await harness.UntilAsync(() => harness.Get("MachineHealthCheck", "sim-check").Number("status", "observedGeneration") == 2, "seen");
        await harness.AnnotateAsync("Machine", machines[0], "cluster.x-k8s.io/remediate-machine", "");
        await harness.UntilAsync(() => harness.Get("MachineHealthCheck", "sim-check").FindCondition("RemediationAllowed")!.Text("status") == "False", "judged");
        await harness.PassAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(machines, harness.Machines(controlPlane: false).Where(m => !m.IsDeleting()).Select(m => m.NameOf()).Order());
        Assert.Equal("False", harness.Get("Machine", machines[0]).FindCondition("HealthCheckSucceeded")!.Text("status"));
    }

    private static async Task<SimulationHarness> StartAsync()
    {
        var harness = await SimulationHarness.StartAsync();
        await SimulationHarness.ApplyAsync(harness.Management, SimulatedManifests.Cluster() + "\n---\n" + Check);
        await harness.AvailableAsync();
        await harness.UntilAsync(() => harness.Get("MachineHealthCheck", "sim-check").Number("status", "currentHealthy") == 2, "two healthy");
        return harness;
    }
}
