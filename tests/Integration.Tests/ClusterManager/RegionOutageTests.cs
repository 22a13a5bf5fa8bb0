using Fleet.Contracts.Clusters;
using Fleet.Contracts.Conditions;
using Fleet.Contracts.Regions;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Objects;

namespace Fleet.Integration.Tests.ClusterManager;

/// <summary>Regions that are away, paused or another cluster than before: only their own clusters notice.</summary>
public class RegionOutageTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Clusters_of_a_region_that_is_away_are_unknown_and_all_others_go_on(bool isSilent)
    {
        await using var east = await RegionalCluster.StartAsync("east");
        await using var west = await RegionalCluster.StartAsync("west");
        await using var management = await SimulatedFleet.StartAsync();
        await management.ApplyAsync(east.Manifest());
        await management.ApplyAsync(west.Manifest());
        await management.ApplyAsync(east.ClusterManifest("one"));
        await management.ReadyAsync("one");
        var uid = (await east.CapiClusterAsync("one"))!.Metadata.Uid;

        if (isSilent)
            east.Path.Stall();
        else
            east.Path.Cut();
        var away = await management.UntilAsync("one", cluster => cluster.Find(ClusterDeploymentConditions.CapiClusterSummary)?.Reason == ClusterDeploymentConditions.RegionUnavailable);
        var ready = away.Find(SharedConditions.Ready)!;
        Assert.Equal((ConditionStatus.Unknown, Reason.Progressing), (ready.Status, ready.Reason));
        Assert.Matches(@"Region east does not answer: .*; last answered 20\d\d-\d\d-\d\d \d\d:\d\d:\d\dZ; last seen: Helm release", away.Find(ClusterDeploymentConditions.HelmReleaseReady)!.Message);
        Assert.Equal(ConditionStatus.Unknown, away.Find(ClusterDeploymentConditions.HelmReleaseReady)!.Status);
        // The cluster itself has nothing to do with it.
        Assert.True(away.Is(ClusterDeploymentConditions.ClusterReachable, ConditionStatus.True));
        Assert.True(away.Is(ClusterDeploymentConditions.NodesReady, ConditionStatus.True));
        await management.UntilRegionAsync("east", region => region.Find(SharedConditions.Ready)?.Reason == RegionConditions.ProbeFailed);

        await management.ApplyAsync(west.ClusterManifest("two"));
        await management.ApplyAsync(SimulatedFleet.Manifest("three"));
        await management.ReadyAsync("two");
        await management.ReadyAsync("three");

        // What is asked for meanwhile, and a manager that knows nothing of before, change nothing and lose nothing.
        await management.PatchClusterAsync("one", """{"spec":{"config":{"workersNumber":2}}}""");
        await management.StopManagerAsync();
        await management.StartManagerAsync();
        var still = await management.UntilAsync("one", cluster => cluster?.Status?.ObservedGeneration == cluster?.Metadata.Generation);
        Assert.Equal(ConditionStatus.Unknown, still.Find(SharedConditions.Ready)!.Status);
        Assert.Equal("east", still!.Status!.Region);
        Assert.Contains("; last seen: ", still.Find(ClusterDeploymentConditions.CapiClusterSummary)!.Message, StringComparison.Ordinal);

        if (isSilent)
            east.Path.Recover();
        else
            east.Path.Mend();
        await management.UntilAsync("one", cluster => cluster.Is(SharedConditions.Ready, ConditionStatus.True) && cluster.Find(ClusterDeploymentConditions.NodesReady)!.Message.StartsWith("3/3", StringComparison.Ordinal));
        Assert.Equal(uid, (await east.CapiClusterAsync("one"))!.Metadata.Uid);
        Assert.Equal(2, (await east.SecretsAsync("owner=helm")).Count);
    }

    [Fact]
    public async Task A_cluster_that_is_deleted_while_its_region_is_away_says_what_it_waits_for_and_goes_when_the_region_is_back()
    {
        await using var east = await RegionalCluster.StartAsync("east");
        await using var management = await SimulatedFleet.StartAsync();
        await management.ApplyAsync(east.Manifest());
        await management.ApplyAsync(east.ClusterManifest("one"));
        await management.ReadyAsync("one");
        east.Path.Cut();
        await management.DeleteAsync("one");
        var waiting = await management.UntilAsync("one", cluster => cluster?.Status?.Deletion is { Phase: "Release", Blockers: [{ Kind: "Region" }] });
        Assert.Equal(("east", true), (waiting!.Status!.Deletion!.Blockers![0].Name, waiting.Status.Deletion.Blockers[0].Reason!.StartsWith("Region east does not answer", StringComparison.Ordinal)));
        Assert.Equal(ClusterDeploymentConditions.WaitingForRegion, waiting.Find(SharedConditions.Deleting)!.Reason);

        east.Path.Mend();
        await management.UntilAsync("one", cluster => cluster is null);
        Assert.Null(await east.CapiClusterAsync("one"));
        Assert.Empty(await east.SecretsAsync("owner=helm"));
    }

    [Theory]
    [InlineData("Orphan")]
    [InlineData("Force")]
    public async Task Orphan_and_force_do_not_wait_for_a_region_that_is_away(string policy)
    {
        await using var east = await RegionalCluster.StartAsync("east");
        await using var management = await SimulatedFleet.StartAsync(options => options with { Deletion = options.Deletion with { ForceGrace = TimeSpan.FromSeconds(2) } });
        await management.ApplyAsync(east.Manifest());
        await management.ApplyAsync(east.ClusterManifest("one"));
        await management.ReadyAsync("one");
        east.Path.Cut();
        await management.DeleteAsync("one");
        await management.UntilAsync("one", cluster => cluster?.Status?.Deletion is { Blockers: [{ Kind: "Region" }] });
        await management.AnnotateAsync("one", "deletion-policy", policy);
        await management.UntilAsync("one", cluster => cluster is null);
        if (policy == "Force")
            await management.HasEventAsync("one", "ReleaseAbandoned");

        // What was left there is another's: a new object of the name does not take it over by accident.
        var left = (await east.CapiClusterAsync("one"))!;
        east.Path.Mend();
        await management.ApplyAsync(east.ClusterManifest("one"));
        var refused = await management.UntilAsync("one", cluster => cluster.Is(ClusterDeploymentConditions.HelmReleaseReady, ConditionStatus.False));
        Assert.Contains("take-over", refused.Find(ClusterDeploymentConditions.HelmReleaseReady)!.Message, StringComparison.Ordinal);
        Assert.Equal(left.Metadata.Uid, (await east.CapiClusterAsync("one"))!.Metadata.Uid);
    }

    [Fact]
    public async Task Nothing_is_written_to_a_paused_region_and_what_was_asked_for_is_done_when_it_goes_on()
    {
        await using var east = await RegionalCluster.StartAsync("east");
        await using var management = await SimulatedFleet.StartAsync();
        await management.ApplyAsync(east.Manifest());
        await management.ApplyAsync(east.ClusterManifest("one"));
        await management.ReadyAsync("one");
        await management.PatchRegionAsync("east", """{"metadata":{"annotations":{"k0rdent.mirantis.com/region-pause":""}}}""");
        var paused = await management.UntilAsync("one", cluster => cluster.Is(SharedConditions.Paused, ConditionStatus.True));
        Assert.Equal("Related Region east is paused", paused.Find(SharedConditions.Paused)!.Message);

        await management.PatchClusterAsync("one", """{"spec":{"config":{"workersNumber":2}}}""");
        await management.ApplyAsync(east.ClusterManifest("two"));
        await management.UntilAsync("one", cluster => cluster.Find(ClusterDeploymentConditions.HelmReleaseReady)?.Reason == Reason.Paused);
        await management.UntilAsync("two", cluster => cluster.Is(SharedConditions.Paused, ConditionStatus.True));
        await management.DeleteAsync("two");
        await management.UntilAsync("two", cluster => cluster?.Status?.Deletion is { Phase: "Held" });
        Assert.Equal(["sh.helm.release.v1.one.v1"], await east.SecretsAsync("owner=helm"));

        await management.PatchRegionAsync("east", """{"metadata":{"annotations":{"k0rdent.mirantis.com/region-pause":null}}}""");
        await management.UntilAsync("two", cluster => cluster is null);
        await management.UntilAsync("one", cluster => cluster.Is(SharedConditions.Ready, ConditionStatus.True) && cluster.Find(ClusterDeploymentConditions.NodesReady)!.Message.StartsWith("3/3", StringComparison.Ordinal));
        Assert.Null((await management.ClusterAsync(SimulatedFleet.Namespace, "one")).Find(SharedConditions.Paused));
    }

    [Fact]
    public async Task Another_cluster_behind_the_kubeconfig_is_told_and_nothing_is_made_there_until_somebody_says_that_it_is_meant()
    {
        await using var east = await RegionalCluster.StartAsync("east");
        await using var other = await RegionalCluster.StartAsync("east");
        await using var management = await SimulatedFleet.StartAsync();
        await management.ApplyAsync(east.Manifest());
        await management.ApplyAsync(east.ClusterManifest("one"));
        await management.ReadyAsync("one");

        await management.ApplyAsync(east.Manifest(other.Kubeconfig));
        var replaced = await management.UntilRegionAsync("east", region => region.Find(SharedConditions.Ready)?.Reason == RegionConditions.ClusterReplaced);
        var uid = (await other.Client.Dynamic(CoreKinds.Namespaces).GetAsync(ObjectKey.Cluster("kube-system"), CancellationToken.None))!.Metadata.Uid;
        Assert.Contains($"region-accept-cluster: {uid}", replaced.Find(SharedConditions.Ready)!.Message, StringComparison.Ordinal);
        var waiting = await management.UntilAsync("one", cluster => cluster.Find(ClusterDeploymentConditions.HelmReleaseReady)?.Reason == ClusterDeploymentConditions.RegionUnavailable);
        Assert.Equal(ConditionStatus.Unknown, waiting.Find(SharedConditions.Ready)!.Status);
        Assert.Empty(await other.SecretsAsync("owner=helm"));

        await management.PatchRegionAsync("east", $$"""{"metadata":{"annotations":{"k0rdent.mirantis.com/region-accept-cluster":"{{uid}}"} } }""");
        await ManagementCluster.UntilAsync(() => other.CapiClusterAsync("one"), cluster => cluster is not null, _ => "no Cluster in the new region");
        await management.ReadyAsync("one");
    }

    [Fact]
    public async Task A_cluster_does_not_move_when_its_credential_is_changed_to_another_region()
    {
        await using var east = await RegionalCluster.StartAsync("east");
        await using var west = await RegionalCluster.StartAsync("west");
        await using var management = await SimulatedFleet.StartAsync();
        await management.ApplyAsync(east.Manifest());
        await management.ApplyAsync(west.Manifest());
        await management.ApplyAsync(east.ClusterManifest("one"));
        await management.ApplyAsync(SimulatedFleet.Manifest("home"));
        await management.ReadyAsync("one");
        await management.ReadyAsync("home");
        foreach (var name in (string[])["one", "home"])
        {
            await management.PatchClusterAsync(name, """{"spec":{"credential":"west"}}""");
            var refused = await management.UntilAsync(name, cluster => cluster.Is(ClusterDeploymentConditions.CredentialReady, ConditionStatus.False));
            Assert.Contains("clusters do not move", refused.Find(ClusterDeploymentConditions.CredentialReady)!.Message, StringComparison.Ordinal);
            Assert.Equal(name == "one" ? "east" : null, refused!.Status!.Region);
        }
        Assert.Empty(await west.SecretsAsync("owner=helm"));
        // And goes from where it is.
        await management.DeleteAsync("one");
        await management.UntilAsync("one", cluster => cluster is null);
        Assert.Null(await east.CapiClusterAsync("one"));
    }
}
