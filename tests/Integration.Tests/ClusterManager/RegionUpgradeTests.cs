using Fleet.Contracts.Clusters;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Objects;
using static Fleet.Integration.Tests.ClusterManager.UpgradeStage;

namespace Fleet.Integration.Tests.ClusterManager;

public class RegionUpgradeTests
{
    private static readonly ResourceKind Identities = new("infrastructure.cluster.x-k8s.io", "v1beta2", "AWSClusterStaticIdentity", "awsclusterstaticidentities", Namespaced: false);

    [Fact]
    public async Task An_upgrade_is_planned_rolls_in_the_region_in_order_and_leaves_no_template_behind()
    {
        await using var east = await RegionalCluster.StartAsync("east");
        await using var stage = await StartAsync(region: east);
        // The identity is for the whole cluster, its Secret in another namespace: both are where the provider looks for them.
        Assert.NotNull(await east.Client.Dynamic(Identities).GetAsync(ObjectKey.Cluster("aws-identity"), CancellationToken.None));
        Assert.NotNull(await east.Client.Dynamic(CoreKinds.Secrets).GetAsync(new("kcm-system", "aws-secret"), CancellationToken.None));
        var plan = await stage.PlanAsync("""{"template":"aws-34","set":{"worker.instanceType":"m5.large"}}""");
        Assert.Equal(["ControlPlane", "Workers"], plan["rollouts"]!.AsArray().Select(rollout => (string?)rollout!["role"]));
        await using var watch = await SkewWatch.StartAsync(stage);

        await stage.ChangeAsync("""{"spec":{"template":"aws-34","config":{"worker":{"instanceType":"m5.large"}}}}""");
        await stage.UntilAsync(cluster => Condition(cluster, ClusterDeploymentConditions.Upgrading)?.Reason.Value == UpgradePhases.ControlPlane);
        // What machines are still made of stays: it has no owner in the region that would not be there.
        Assert.Equal(3, (await stage.ListAsync("infrastructure.cluster.x-k8s.io", "AWSMachineTemplate")).Count);
        await stage.UntilAsync(cluster => IsCompleted(cluster, "aws-34"));

        Assert.Empty(watch.Breaches);
        Assert.Equal(2, (await stage.ListAsync("infrastructure.cluster.x-k8s.io", "AWSMachineTemplate")).Count);
        Assert.Empty((await stage.Client.Dynamic(SimulatedFleet.Clusters).ListAsync(new(), CancellationToken.None)).Items);
    }

    [Fact]
    public async Task A_plan_of_a_cluster_whose_region_is_away_says_so_and_an_upgrade_waits_for_the_region()
    {
        await using var east = await RegionalCluster.StartAsync("east");
        await using var stage = await StartAsync(region: east);
        east.Path.Cut();
        await stage.UntilAsync(cluster => Condition(cluster, ClusterDeploymentConditions.HelmReleaseReady)?.Reason == ClusterDeploymentConditions.RegionUnavailable);
        var plan = await stage.PlanAsync("""{"template":"aws-34"}""");
        Assert.Equal("RegionUnavailable", (string?)plan["blockers"]![0]!["rule"]);
        await stage.ChangeAsync("""{"spec":{"template":"aws-34"}}""");
        east.Path.Mend();
        await stage.UntilAsync(cluster => IsCompleted(cluster, "aws-34"));
    }
}
