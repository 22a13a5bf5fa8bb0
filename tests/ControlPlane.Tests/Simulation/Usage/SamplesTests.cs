using System.Text.Json.Nodes;
using Fleet.ControlPlane.Simulation;
using Fleet.ControlPlane.Simulation.Objects;
using Fleet.ControlPlane.Tests.ClusterApi;
using Fleet.Testing;

namespace Fleet.ControlPlane.Tests.Simulation.Usage;

/// <summary>The cluster of deploy/samples/simulated/finops has what its comments say.</summary>
public sealed class SamplesTests
{
    [Fact]
    public async Task The_sample_shows_a_gpu_waste_a_leak_volumes_and_a_load_balancer()
    {
        await using var harness = await SimulationHarness.StartAsync();
        await SimulationHarness.ApplyAsync(harness.Management, SimulatedManifests.Cluster(1, 2, region: "eu-west-1"));
        await SimulationHarness.ApplyAsync(harness.Management, Sample("2-machines.yaml").Replace("team-a", "default", StringComparison.Ordinal)
            .Replace("clusterName: finops", "clusterName: sim", StringComparison.Ordinal));
        await harness.AvailableAsync();
        await harness.UntilAsync(() => harness.Nodes().Count == 5, "five nodes");
        var cluster = harness.Workload();
        await SimulationHarness.ApplyAsync(cluster, Sample("3-workloads.yaml"));
        await harness.UntilAsync(() => cluster.List(CoreKinds.Deployment).All(d => d.Number("status", "availableReplicas") == d.Number("spec", "replicas"))
            && cluster.List(CoreKinds.Pod).All(p => p.IsTrue("Ready")), "everything runs");

        var gpu = Assert.Single(cluster.List(CoreKinds.Node, labelSelector: "nvidia.com/gpu.present=true"));
        Assert.Equal(("g4dn.xlarge", "Tesla-T4", "eu-west-1", "1"), (gpu.Label("node.kubernetes.io/instance-type"), gpu.Label("nvidia.com/gpu.product"),
            gpu.Label("topology.kubernetes.io/region"), gpu.Text("status", "allocatable", "nvidia.com/gpu")));
        Assert.Equal("gpu", gpu.Label("node.cluster.x-k8s.io/pool"));
        Assert.Equal(gpu.NameOf(), Assert.Single(cluster.List(CoreKinds.Pod, "research")).Text("spec", "nodeName"));
        Assert.True(harness.Nodes().Select(n => n.Text("status", "capacity", "memory")).Distinct().Count() >= 3);
        Assert.NotEmpty(cluster.Get(CoreKinds.Service, new("shop", "web"))!.Items("status", "loadBalancer", "ingress"));
        Assert.Equal("Bound", cluster.Get(CoreKinds.PersistentVolumeClaim, new("legacy", "old-backups"))!.Text("status", "phase"));
        Assert.DoesNotContain(cluster.List(CoreKinds.Pod), p => p.Items("spec", "volumes").Any(v => v.Text("persistentVolumeClaim", "claimName") == "old-backups"));
        Assert.NotNull(cluster.Get(CoreKinds.PersistentVolume, new("", "left-behind")));

        harness.Clock.Advance(TimeSpan.FromHours(3));
        var metrics = FleetSimulation.Metrics(harness.Clock);
        Assert.InRange(Cores(metrics.Pods(cluster, "reporting", "app=reports")[0]), 0.01, 0.12);
        Assert.InRange(Cores(metrics.Pods(cluster, "legacy")[0]), 0, 0.01);
        // A second GPU pod finds no room.
        await cluster.ChangeAsync(CoreKinds.Deployment, new("research", "training"), d => d.Ensure("spec").Put("replicas", 2), status: false, CancellationToken.None);
        await harness.UntilAsync(() => cluster.List(CoreKinds.Pod, "research").Any(p => p.FindCondition("PodScheduled")?.Text("message")?.Contains("Insufficient nvidia.com/gpu", StringComparison.Ordinal) == true), "no room");
    }

    private static double Cores(JsonObject pod) => Quantities.Milli(pod.Items("containers").First().Text("usage", "cpu")) / 1_000d;

    private static string Sample(string file) => File.ReadAllText(Path.Combine(TestLogs.RepositoryRoot, "deploy", "samples", "simulated", "finops", file));
}
