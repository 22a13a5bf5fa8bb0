using System.Text.Json.Nodes;
using Fleet.ControlPlane.ClusterApi.Core;
using Fleet.ControlPlane.Machinery;
using Fleet.ControlPlane.Simulation.Objects;
using Fleet.ControlPlane.Tests.Simulation;

namespace Fleet.ControlPlane.Tests.ClusterApi;

public sealed class MachineDeletionTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch;

    private const string Web = """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web, namespace: default}
        spec:
          replicas: 4
          selector: {matchLabels: {app: web}}
          template:
            metadata: {labels: {app: web}}
            spec: {containers: [{name: web, image: "nginx:1.27"}]}
        """;

    private const string Budget = """
        apiVersion: policy/v1
        kind: PodDisruptionBudget
        metadata: {name: web, namespace: default}
        spec:
          maxUnavailable: NUMBER
          selector: {matchLabels: {app: web}}
        """;

    [Fact]
    public void A_drain_evicts_what_budgets_allow_and_leaves_daemons_and_finished_pods()
    {
        JsonObject[] pods = [Pod("a1", "n1"), Pod("a2", "n1"), Pod("a3", "n2"), Pod("daemon", "n1", owner: "DaemonSet"), Pod("done", "n1", phase: "Succeeded")];
        JsonObject[] budgets = [new() { ["metadata"] = Named("web"), ["spec"] = new JsonObject { ["minAvailable"] = 2, ["selector"] = Selector() } }];

        var plan = DrainPlan.Of("n1", pods, budgets, (_, found) => found.Count, Now);

        Assert.Equal(["a1"], plan.Evict.Select(k => k.Name));
        Assert.Contains("Pod default/a2: cannot evict pod as it would violate the pod's disruption budget web", Assert.Single(plan.Waits));
        Assert.True(DrainPlan.Of("n3", pods, budgets, (_, found) => found.Count, Now).IsDone);
    }

    [Fact]
    public void A_pod_that_is_going_is_waited_for_and_not_evicted_again()
    {
        var going = Pod("a1", "n1");
        going["metadata"]!["deletionTimestamp"] = "2026-01-01T00:00:00Z";
        var plan = DrainPlan.Of("n1", [going], [], (_, found) => found.Count, Now);

        Assert.Empty(plan.Evict);
        Assert.False(plan.IsDone);
    }

    [Fact]
    public async Task Pods_move_before_the_machine_goes_and_never_more_than_the_budget_allows()
    {
        await using var harness = await SimulationHarness.StartAsync();
        var work = await RunningWebAsync(harness, allowed: 1);
        var machine = harness.Machines(controlPlane: false)[0];
        var node = machine.Text("status", "nodeRef", "name")!;
        var fewest = 4;

        await harness.DeleteAsync("Machine", machine.NameOf());
        await harness.UntilAsync(() =>
        {
            fewest = Math.Min(fewest, WebPods(work).Count(p => p.IsTrue("Ready") && !p.IsDeleting()));
            if (harness.Find("SimulatedMachine", machine.NameOf())?.IsDeleting() == true)
                Assert.DoesNotContain(WebPods(work), p => p.Text("spec", "nodeName") == node);
            return harness.Find("Machine", machine.NameOf()) is null;
        }, "machine gone");

        Assert.Equal(3, fewest);
        Assert.DoesNotContain(harness.Nodes(), n => n.NameOf() == node);
        await harness.UntilAsync(() => WebPods(work).Count(p => p.IsTrue("Ready")) == 4, "all pods again");
    }

    [Fact]
    public async Task A_budget_that_allows_nothing_holds_the_deletion_until_the_time_out()
    {
        await using var harness = await SimulationHarness.StartAsync();
        await RunningWebAsync(harness, allowed: 0);
        var machine = harness.Machines(controlPlane: false)[0].NameOf();
        await harness.DeleteAsync("Machine", machine);
        await harness.PassAsync(TimeSpan.FromSeconds(40));

        var deleting = harness.Get("Machine", machine).FindCondition("Deleting")!;
        Assert.Equal(("True", "DrainingNode"), (deleting.Text("status"), deleting.Text("reason")));
        Assert.Contains("violate the pod's disruption budget web", deleting.Text("message"));
        Assert.Equal("Deleting", harness.Get("Machine", machine).Text("status", "phase"));

        await harness.ChangeAsync("Machine", machine, m => m.Ensure("spec", "deletion").Put("nodeDrainTimeoutSeconds", 60));
        await harness.UntilAsync(() => harness.Find("Machine", machine) is null, "gone after the time-out");
    }

    [Theory]
    [InlineData("pre-drain.delete.hook.machine.cluster.x-k8s.io/backup", "WaitingForPreDrainHook")]
    [InlineData("pre-terminate.delete.hook.machine.cluster.x-k8s.io/backup", "WaitingForPreTerminateHook")]
    public async Task A_hook_holds_the_deletion_until_it_is_taken_away(string hook, string reason)
    {
        await using var harness = await SimulationHarness.StartAsync();
        await SimulationHarness.ApplyAsync(harness.Management, SimulatedManifests.Cluster());
        await harness.AvailableAsync();
        var machine = harness.Machines(controlPlane: false)[0].NameOf();
        await harness.AnnotateAsync("Machine", machine, hook, "me");

        await harness.DeleteAsync("Machine", machine);
        await harness.UntilAsync(() => harness.Get("Machine", machine).FindCondition("Deleting")?.Text("reason") == reason, reason);
        await harness.PassAsync(TimeSpan.FromSeconds(30));
        Assert.False(harness.Get("SimulatedMachine", machine).IsDeleting());

        await harness.AnnotateAsync("Machine", machine, hook, null);
        await harness.UntilAsync(() => harness.Find("Machine", machine) is null, "gone");
    }

    [Fact]
    public async Task With_the_cluster_nodes_are_not_drained()
    {
        await using var harness = await SimulationHarness.StartAsync();
        await RunningWebAsync(harness, allowed: 0);

        await harness.DeleteAsync("Cluster", "sim");
        await harness.UntilAsync(() => harness.Find("Cluster", "sim") is null, "cluster gone");
    }

    private static async Task<IClusterApi> RunningWebAsync(SimulationHarness harness, int allowed)
    {
        await SimulationHarness.ApplyAsync(harness.Management, SimulatedManifests.Cluster());
        await harness.AvailableAsync();
        var work = harness.Workload();
        // Pods that come before the second worker would all be on the first one.
        await harness.UntilAsync(() => harness.Nodes().Count(node => node.IsTrue("Ready")) >= 3, "all nodes are ready");
        await SimulationHarness.ApplyAsync(work, Web + "\n---\n" + Budget.Replace("NUMBER", allowed.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal));
        await harness.UntilAsync(() => WebPods(work).Count(p => p.IsTrue("Ready")) == 4, "four pods");
        Assert.Equal(2, WebPods(work).Select(p => p.Text("spec", "nodeName")).Distinct().Count());
        return work;
    }

    private static IReadOnlyList<JsonObject> WebPods(IClusterApi work) => work.List(CoreKinds.Pod, "default", "app=web");

    private static JsonObject Selector() => new() { ["matchLabels"] = new JsonObject { ["app"] = "web" } };

    private static JsonObject Named(string name) => new() { ["name"] = name, ["namespace"] = "default", ["labels"] = new JsonObject { ["app"] = "web" } };

    private static JsonObject Pod(string name, string node, string owner = "ReplicaSet", string phase = "Running")
    {
        var pod = new JsonObject
        {
            ["metadata"] = Named(name),
            ["spec"] = new JsonObject { ["nodeName"] = node },
            ["status"] = new JsonObject { ["phase"] = phase, ["conditions"] = new JsonArray(new JsonObject { ["type"] = "Ready", ["status"] = "True" }) },
        };
        pod["metadata"]!["ownerReferences"] = new JsonArray(new JsonObject { ["kind"] = owner, ["controller"] = true });
        if (owner == "DaemonSet")
            pod["metadata"]!["labels"]!["app"] = "daemon";
        return pod;
    }
}
