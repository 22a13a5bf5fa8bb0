using System.Text.Json.Nodes;
using Fleet.ControlPlane.Machinery;
using Fleet.ControlPlane.Simulation;
using Fleet.ControlPlane.Simulation.Objects;

namespace Fleet.ControlPlane.Tests.Simulation.Usage;

/// <summary>A container that is killed for its memory, in its pod's status and in the figures of its kubelet.</summary>
public sealed class LeakTests
{
    private const string Leaking = """
        apiVersion: v1
        kind: Pod
        metadata: {name: leaks, namespace: default, annotations: {simulation.fleet.dev/usage: leak/1h}}
        spec:
          containers:
          - {name: app, image: "app:1", resources: {requests: {cpu: 500m, memory: 256Mi}, limits: {memory: 512Mi}}}
          - {name: beside, image: "beside:1"}
        """;

    [Fact]
    public async Task A_leak_is_killed_at_its_limit_and_the_pod_says_so()
    {
        await using var harness = await SimulationHarness.StartAsync();
        var api = await harness.ClusterAsync();
        await SimulationHarness.ApplyAsync(api, Leaking);
        await harness.UntilAsync(() => Pod(api).IsTrue("Ready"), "ready");
        var metrics = FleetSimulation.Metrics(harness.Clock);
        var early = Memory(metrics, api);

        harness.Clock.Advance(TimeSpan.FromMinutes(59));
        Assert.Equal(0, Status(api).Number("restartCount"));
        Assert.True(Memory(metrics, api) > 1.7 * early);

        await harness.UntilAsync(() => Status(api).Number("restartCount") == 1, "killed", TimeSpan.FromMinutes(3));
        Assert.Equal(("OOMKilled", 137), (Status(api).Text("lastState", "terminated", "reason"), Status(api).Number("lastState", "terminated", "exitCode")));
        Assert.True(Pod(api).IsTrue("Ready"));
        Assert.Equal(0, Pod(api).Items("status", "containerStatuses").Last().Number("restartCount"));
        Assert.True(Memory(metrics, api) < 1.2 * early);
    }

    [Fact]
    public async Task What_was_missed_while_the_process_was_away_is_caught_up()
    {
        await using var harness = await SimulationHarness.StartAsync();
        var api = await harness.ClusterAsync();
        await SimulationHarness.ApplyAsync(api, Leaking);
        await harness.UntilAsync(() => Pod(api).IsTrue("Ready"), "ready");
        await harness.RestartAsync(away: TimeSpan.FromHours(10.5));
        // The figures do not wait for the status.
        Assert.InRange(Memory(FleetSimulation.Metrics(harness.Clock), api), 1, 450 * 1024);
        var again = await harness.Simulation.StartClusterAsync("work", 3, CancellationToken.None);
        await harness.UntilAsync(() => Status(again).Number("restartCount") == 10, "ten times");
    }

    private static JsonObject Pod(IClusterApi api) => api.Get(CoreKinds.Pod, new("default", "leaks"))!;

    private static JsonObject Status(IClusterApi api) => Pod(api).Items("status", "containerStatuses").First();

    /// <summary>In KiB.</summary>
    private static long Memory(ISimulatedMetrics metrics, IClusterApi api) =>
        long.Parse(metrics.Pod(api, "default", "leaks")!.Items("containers").First().Text("usage", "memory")![..^2], System.Globalization.CultureInfo.InvariantCulture);
}
