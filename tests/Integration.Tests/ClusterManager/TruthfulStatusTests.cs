using System.Text.Json.Nodes;
using Fleet.Contracts.Clusters;
using Fleet.Contracts.Conditions;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Resources;

namespace Fleet.Integration.Tests.ClusterManager;

public class TruthfulStatusTests
{
    [Fact]
    public async Task A_cluster_that_somebody_deleted_behind_our_back_is_missing_and_comes_back()
    {
        await using var management = await SimulatedFleet.StartAsync();
        await management.ApplyAsync(SimulatedFleet.Manifest("one"));
        var ready = await management.ReadyAsync("one");
        Assert.Equal("2/2 nodes are Ready", ready.Find(ClusterDeploymentConditions.NodesReady)!.Message);
        Assert.Null(ready.Status!.Progress);
        var uid = (await management.Client.Dynamic(SimulatedFleet.Clusters).GetAsync(new(SimulatedFleet.Namespace, "one"), CancellationToken.None))!.Metadata.Uid;

        await management.Client.Dynamic(SimulatedFleet.Clusters).DeleteAsync(new(SimulatedFleet.Namespace, "one"), DeleteOptions.Background, CancellationToken.None);
        var missing = await management.UntilAsync("one", cluster => cluster.Find(ClusterDeploymentConditions.CapiClusterSummary)?.Reason == ClusterDeploymentConditions.CapiClusterMissing);
        Assert.True(missing.Is(SharedConditions.Ready, ConditionStatus.False));
        await management.ReadyAsync("one");
        Assert.NotEqual(uid, (await management.Client.Dynamic(SimulatedFleet.Clusters).GetAsync(new(SimulatedFleet.Namespace, "one"), CancellationToken.None))!.Metadata.Uid);
        await management.HasEventAsync("one", "ClusterRecreated");
    }

    [Fact]
    public async Task A_providers_words_reach_the_user_once_and_its_phase_fails_at_its_deadline()
    {
        await using var management = await SimulatedFleet.StartAsync();
        await management.ApplyAsync(SimulatedFleet.Manifest("one", annotations: "k0rdent.mirantis.com/deadline-workers: 2s"));
        await management.ReadyAsync("one");
        await management.AnnotateAsync(SimulatedFleet.Infrastructure, "one", "simulation.fleet.dev/machine-quota", "2");
        await management.Client.Resource(FleetKinds.ClusterDeployments).PatchAsync(
            new(SimulatedFleet.Namespace, "one"), Patch.Merge((JsonObject)JsonNode.Parse("""{"spec":{"config":{"workersNumber":3}}}""")!), PatchOptions.Default, CancellationToken.None);

        // The deadline may pass before the provider has said why, and before all nodes are wanted.
        var failed = await management.UntilAsync("one", cluster => cluster.Find(SharedConditions.Ready)?.Reason == Reason.Failed
            && cluster.Find(ClusterDeploymentConditions.CapiClusterSummary)?.Message.Contains("quota exceeded", StringComparison.Ordinal) == true
            && cluster.Find(ClusterDeploymentConditions.NodesReady)?.Message.Contains("2/4 nodes are Ready", StringComparison.Ordinal) == true);
        var message = failed.Find(ClusterDeploymentConditions.CapiClusterSummary)!.Message;
        Assert.StartsWith("Workers takes longer than 2 s: ", message, StringComparison.Ordinal);
        Assert.Single(message.Split("quota exceeded: 2 of 2 machines are in use").Skip(1));
        Assert.Equal("Workers", failed!.Status!.Progress!.Phase);
        Assert.StartsWith("2/4 nodes are Ready", failed.Find(ClusterDeploymentConditions.NodesReady)!.Message.Split(": ").Last(), StringComparison.Ordinal);

        await management.AnnotateAsync(SimulatedFleet.Infrastructure, "one", "simulation.fleet.dev/machine-quota", null);
        await management.ReadyAsync("one");
    }

    [Fact]
    public async Task Clusters_of_one_name_in_two_namespaces_do_not_touch_each_other()
    {
        await using var management = await SimulatedFleet.StartAsync();
        await management.ApplyAsync("{apiVersion: v1, kind: Namespace, metadata: {name: other}}");
        await management.ApplyAsync(SimulatedFleet.Manifest("one"));
        await management.ApplyAsync(SimulatedFleet.Manifest("one", @namespace: "other"));
        await management.ReadyAsync("one");
        await management.ReadyAsync("one", "other");
        await management.DeleteAsync("one", "other");
        await management.UntilAsync("one", cluster => cluster is null, "other");
        var left = await management.Client.Dynamic(SimulatedFleet.Clusters).GetAsync(new(SimulatedFleet.Namespace, "one"), CancellationToken.None);
        Assert.False(left!.Metadata.IsBeingDeleted);
        Assert.True((await management.ClusterAsync(SimulatedFleet.Namespace, "one")).Is(SharedConditions.Ready, ConditionStatus.True));
    }

    [Fact]
    public async Task A_storm_of_other_writers_holds_up_neither_creation_nor_deletion()
    {
        await using var management = await SimulatedFleet.StartAsync();
        await management.ApplyAsync(SimulatedFleet.Manifest("one"));
        using var calm = new CancellationTokenSource();
        var storm = StormAsync(management, calm.Token);
        await management.ReadyAsync("one");
        await management.DeleteAsync("one");
        await management.UntilAsync("one", cluster => cluster is null);
        await calm.CancelAsync();
        Assert.True(await storm > 20);
    }

    [Fact]
    public async Task A_cluster_of_somebody_else_that_has_the_name_is_neither_taken_nor_deleted()
    {
        await using var management = await SimulatedFleet.StartAsync();
        await management.ApplyAsync($$"""
            apiVersion: cluster.x-k8s.io/v1beta2
            kind: Cluster
            metadata: { name: edge, namespace: {{SimulatedFleet.Namespace}} }
            spec: { paused: true }
            """);
        await management.ApplyAsync(SimulatedFleet.Manifest("edge").Replace("simulated-standalone-cp-0-1-0", "no-such-template", StringComparison.Ordinal));
        await management.UntilAsync("edge", cluster => cluster.Is(ClusterDeploymentConditions.TemplateReady, ConditionStatus.False));
        await management.DeleteAsync("edge");
        await management.UntilAsync("edge", cluster => cluster is null);
        var other = await management.Client.Dynamic(SimulatedFleet.Clusters).GetAsync(new(SimulatedFleet.Namespace, "edge"), CancellationToken.None);
        Assert.False(other!.Metadata.IsBeingDeleted);
    }

    private static async Task<int> StormAsync(ManagementCluster management, CancellationToken ct)
    {
        var writes = 0;
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await management.AnnotateAsync("one", "storm", $"{writes++}");
            }
            catch (KubeApiException e) when (e.IsNotFound)
            {
                break;
            }
        }
        return writes;
    }
}
