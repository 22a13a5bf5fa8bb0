using System.Text.Json.Nodes;
using Fleet.ControlPlane.Simulation.Objects;
using Fleet.ControlPlane.Simulation.Policies;

namespace Fleet.ControlPlane.Tests.Simulation;

/// <summary>PodDisruptionBudgets, HorizontalPodAutoscalers and CronJobs of simulated clusters.</summary>
public sealed class PolicyTests
{
    /// <summary>Field and value of the budget, pods that should be there, healthy and unhealthy ones that are, and what the budget allows.</summary>
    [Theory]
    [InlineData("minAvailable", "2", 3, 3, 0, 1)]
    [InlineData("minAvailable", "50%", 4, 4, 0, 2)]
    [InlineData("minAvailable", "50%", 5, 5, 0, 2)]
    [InlineData("minAvailable", "100%", 3, 3, 0, 0)]
    [InlineData("maxUnavailable", "1", 3, 3, 0, 1)]
    [InlineData("maxUnavailable", "1", 3, 2, 1, 0)]
    [InlineData("maxUnavailable", "1", 3, 2, 0, 0)]
    [InlineData("maxUnavailable", "50%", 4, 4, 0, 2)]
    [InlineData("maxUnavailable", "0", 3, 3, 0, 0)]
    [InlineData("minAvailable", "1", 0, 0, 0, 0)]
    public void A_budget_allows_what_is_left_over(string field, string value, int expected, int healthy, int unhealthy, int allowed)
    {
        JsonNode typed = int.TryParse(value, out var number) ? number : value;
        var budget = new JsonObject { ["spec"] = new JsonObject { [field] = typed } };
        var pods = Enumerable.Range(0, healthy + unhealthy).Select(i => new JsonObject
        {
            ["status"] = new JsonObject { ["conditions"] = new JsonArray(new JsonObject { ["type"] = "Ready", ["status"] = i < healthy ? "True" : "False" }) },
        }).ToList();

        var status = DisruptionBudgetReconciler.Status(budget, pods, expected, DateTimeOffset.UnixEpoch);

        Assert.Equal((allowed, expected, healthy), (status.Number("disruptionsAllowed"), status.Number("expectedPods"), status.Number("currentHealthy")));
    }

    [Theory]
    [InlineData(1, 3, 5, 3)]
    [InlineData(9, 3, 5, 5)]
    [InlineData(4, 3, 5, 4)]
    [InlineData(0, 3, 5, 0)]
    public async Task An_autoscaler_keeps_its_target_within_the_bounds(int replicas, int minimum, int maximum, int wanted)
    {
        await using var harness = await SimulationHarness.StartAsync();
        var api = await harness.ClusterAsync(nodes: 1);
        await SimulationHarness.ApplyAsync(api, $$"""
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web, namespace: default}
            spec:
              replicas: {{replicas}}
              selector:
                matchLabels: {app: web}
              template:
                metadata:
                  labels: {app: web}
                spec: {containers: [{name: web, image: "nginx:1.27"}]}
            ---
            apiVersion: autoscaling/v2
            kind: HorizontalPodAutoscaler
            metadata: {name: web, namespace: default}
            spec:
              scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
              minReplicas: {{minimum}}
              maxReplicas: {{maximum}}
            """);
        await harness.UntilAsync(() => api.Get(CoreKinds.HorizontalPodAutoscaler, new("default", "web"))!.Number("status", "desiredReplicas") == wanted
            && api.Get(CoreKinds.Deployment, new("default", "web"))!.Number("spec", "replicas") == wanted, $"{wanted} replicas");
    }

    [Fact]
    public async Task A_cron_job_starts_a_job_every_minute_and_none_while_it_is_suspended()
    {
        await using var harness = await SimulationHarness.StartAsync();
        var api = await harness.ClusterAsync(nodes: 1);
        await SimulationHarness.ApplyAsync(api, """
            apiVersion: batch/v1
            kind: CronJob
            metadata: {name: tick, namespace: default}
            spec:
              schedule: "* * * * *"
              jobTemplate:
                spec:
                  template:
                    spec: {restartPolicy: Never, containers: [{name: tick, image: "busybox:1.36"}]}
            """);
        await harness.UntilAsync(() => Jobs(api).Count(j => j.IsTrue("Complete")) == 2, "two jobs", TimeSpan.FromMinutes(4));
        await api.ChangeAsync(CoreKinds.CronJob, new("default", "tick"), c => c.Ensure("spec").Put("suspend", true), status: false, CancellationToken.None);
        var before = Jobs(api).Count;
        await harness.PassAsync(TimeSpan.FromMinutes(5));
        Assert.Equal(before, Jobs(api).Count);
        Assert.All(Jobs(api), j => Assert.Equal("tick", j.Controller()!.Text("name")));
    }

    private static IReadOnlyList<JsonObject> Jobs(Fleet.ControlPlane.Machinery.IClusterApi api) => api.List(CoreKinds.Job, "default");
}
