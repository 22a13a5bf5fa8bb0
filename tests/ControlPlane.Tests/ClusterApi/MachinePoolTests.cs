using System.Text.Json.Nodes;
using Fleet.ControlPlane.ClusterApi.Providers;
using Fleet.ControlPlane.Simulation.Objects;
using Fleet.ControlPlane.Tests.Simulation;

namespace Fleet.ControlPlane.Tests.ClusterApi;

public sealed class MachinePoolTests
{
    [Theory]
    [InlineData("", 0, 0, "")]
    [InlineData("", 3, 3, "")]
    [InlineData("a b", 3, 1, "")]
    [InlineData("a b c", 3, 0, "")]
    [InlineData("a b c", 1, 0, "a b")]
    [InlineData("a-old b-old", 2, 1, "")]
    [InlineData("a-old b-old c", 2, 0, "a-old")]
    [InlineData("a b-old", 1, 0, "b-old")]
    [InlineData("a b", 0, 0, "a b")]
    public void The_next_step_of_a_pool(string nodes, int wanted, int add, string remove)
    {
        var present = nodes.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(n => new JsonObject { ["metadata"] = new JsonObject { ["name"] = n } }).ToList();
        var plan = PoolPlan.Of(present, wanted, n => !n.NameOf().EndsWith("-old", StringComparison.Ordinal));

        Assert.Equal((add, remove), (plan.Add, string.Join(' ', plan.Remove)));
    }

    [Fact]
    public async Task A_pool_has_its_nodes_and_shows_them_as_the_contract_asks()
    {
        await using var harness = await StartAsync();

        var infrastructure = harness.Get("SimulatedMachinePool", "sim-pool");
        var pool = harness.Get("MachinePool", "sim-pool");
        var nodes = PoolNodes(harness);
        Assert.Equal(2, infrastructure.Number("status", "replicas"));
        Assert.True(infrastructure.Flag("status", "initialization", "provisioned"));
        Assert.Equal(nodes.Select(n => n.Text("spec", "providerID")).Order(), infrastructure.Texts("spec", "providerIDList").Order());
        Assert.Equal(nodes.Select(n => n.Text("spec", "providerID")).Order(), pool.Texts("spec", "providerIDList").Order());
        Assert.Equal(nodes.Select(n => n.NameOf()).Order(), pool.Items("status", "nodeRefs").Select(r => r.Text("name")).Order());
        Assert.Equal("sim-pool", pool.Text("spec", "template", "spec", "bootstrap", "dataSecretName"));
        Assert.All(nodes, n => Assert.Equal(("back", "4"), (n.Label("node.cluster.x-k8s.io/tier"), n.Text("status", "capacity", "cpu"))));
    }

    [Fact]
    public async Task A_new_version_replaces_the_instances_one_by_one()
    {
        await using var harness = await StartAsync();
        var before = PoolNodes(harness).Select(n => n.NameOf()).ToList();

        await harness.ChangeAsync("MachinePool", "sim-pool", p => p.Ensure("spec", "template", "spec").Put("version", "v1.34.0"));
        var fewest = 2;
        await harness.UntilAsync(() =>
        {
            fewest = Math.Min(fewest, PoolNodes(harness).Count);
            return PoolNodes(harness) is { Count: 2 } nodes && nodes.TrueForAll(n => n.Version() == "v1.34.0");
        }, "replaced");

        Assert.Equal(2, fewest);
        Assert.DoesNotContain(PoolNodes(harness), n => before.Contains(n.NameOf()));
        await harness.UntilAsync(() => harness.Get("MachinePool", "sim-pool").IsTrue("Available"), "available");
    }

    [Fact]
    public async Task A_pool_scales_in_both_directions_and_to_nothing()
    {
        await using var harness = await StartAsync();
        foreach (var size in new[] { 4, 1, 0, 2 })
        {
            await harness.ChangeAsync("MachinePool", "sim-pool", p => p.Ensure("spec").Put("replicas", size));
            await harness.UntilAsync(() => PoolNodes(harness).Count == size && harness.Get("MachinePool", "sim-pool").Number("status", "readyReplicas") == size
                && harness.Get("MachinePool", "sim-pool").IsTrue("Available"), $"{size} instances");
            Assert.Equal(size, harness.Get("SimulatedMachinePool", "sim-pool").Texts("spec", "providerIDList").Count());
        }
        await harness.DeleteAsync("MachinePool", "sim-pool");
        await harness.UntilAsync(() => harness.Find("MachinePool", "sim-pool") is null && PoolNodes(harness).Count == 0, "gone");
    }

    private static async Task<SimulationHarness> StartAsync()
    {
        var harness = await SimulationHarness.StartAsync();
        await SimulationHarness.ApplyAsync(harness.Management, SimulatedManifests.Cluster(workers: 0) + "\n---\n" + SimulatedManifests.Pool);
        await harness.UntilAsync(() => harness.Find("MachinePool", "sim-pool")?.IsTrue("Available") == true, "pool available");
        return harness;
    }

    private static List<JsonObject> PoolNodes(SimulationHarness harness) =>
        [.. harness.Nodes().Where(n => n.Label("cluster.x-k8s.io/pool-name") == "sim-pool")];
}
