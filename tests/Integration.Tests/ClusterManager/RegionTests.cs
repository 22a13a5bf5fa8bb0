using System.Text;
using System.Text.Json.Nodes;
using Fleet.Contracts.Clusters;
using Fleet.Contracts.Conditions;
using Fleet.Contracts.Credentials;
using Fleet.Contracts.Regions;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.Integration.Tests.ClusterManager;

/// <summary>Clusters whose CAPI objects are in another cluster than the management cluster: two API servers, real helm.</summary>
public class RegionTests
{
    [Fact]
    public async Task A_cluster_of_a_region_is_made_scaled_and_deleted_there_and_nothing_of_it_is_in_the_management_cluster()
    {
        await using var east = await RegionalCluster.StartAsync("east");
        await using var management = await SimulatedFleet.StartAsync();
        // In any order: the cluster comes first.
        await management.ApplyAsync(east.ClusterManifest("one"));
        await management.ApplyAsync(east.Manifest());
        var ready = await management.ReadyAsync("one");
        Assert.Equal("east", ready.Status!.Region);
        Assert.NotNull(await east.CapiClusterAsync("one"));
        Assert.Equal(["sh.helm.release.v1.one.v1"], await east.SecretsAsync("owner=helm"));
        Assert.Empty((await management.Client.Dynamic(SimulatedFleet.Clusters).ListAsync(new(), CancellationToken.None)).Items);
        Assert.Empty((await management.Client.Dynamic(CoreKinds.Secrets).ListAsync(new() { LabelSelector = "owner=helm" }, CancellationToken.None)).Items);
        var region = await management.RegionIsReadyAsync("east");
        Assert.Equal(1, region!.Status!.Clusters);

        // The kubeconfig is where every cluster has it, and belongs to its ClusterDeployment.
        using (var inside = await management.OpenAsync("one"))
            Assert.Equal(2, (await inside.Resource(Fleet.Kubernetes.Core.CoreTypes.Nodes).ListAsync(new(), CancellationToken.None)).Items.Count);
        var copy = await KubeconfigAsync(management);
        Assert.Equal(ready.Metadata.Uid, Assert.Single(copy!.Metadata.OwnerReferences!).Uid);
        Assert.Equal("east", copy.Metadata.Labels!["k0rdent.mirantis.com/region"]);

        await management.PatchClusterAsync("one", """{"spec":{"config":{"workersNumber":3}}}""");
        await management.UntilAsync("one", cluster => cluster.Is(SharedConditions.Ready, ConditionStatus.True) && cluster.Find(ClusterDeploymentConditions.NodesReady)!.Message.StartsWith("4/4", StringComparison.Ordinal));

        await management.DeleteAsync("one");
        await management.UntilAsync("one", cluster => cluster is null);
        Assert.Null(await east.CapiClusterAsync("one"));
        Assert.Empty(await east.SecretsAsync("owner=helm"));
        Assert.Null(await KubeconfigAsync(management));
    }

    [Fact]
    public async Task A_kubeconfig_that_changes_in_the_region_changes_at_home()
    {
        await using var east = await RegionalCluster.StartAsync("east");
        await using var management = await SimulatedFleet.StartAsync();
        await management.ApplyAsync(east.Manifest());
        await management.ApplyAsync(east.ClusterManifest("one"));
        await management.ReadyAsync("one");
        var key = new ObjectKey(SimulatedFleet.Namespace, "one-kubeconfig");
        var text = Encoding.UTF8.GetString(Convert.FromBase64String((string)(await east.Client.Dynamic(CoreKinds.Secrets).GetAsync(key, CancellationToken.None))!.At("data", "value")!));
        var changed = RegionalCluster.Encode(text + "\n# another\n");
        await east.Client.Dynamic(CoreKinds.Secrets).PatchAsync(key, Patch.Merge(new() { ["data"] = new JsonObject { ["value"] = changed } }), PatchOptions.Default, CancellationToken.None);
        await ManagementCluster.UntilAsync(() => KubeconfigAsync(management), seen => (string?)seen?.At("data", "value") == changed, _ => "the old one");

        // Deleted at home it comes back.
        await management.Client.Dynamic(CoreKinds.Secrets).DeleteAsync(key, DeleteOptions.Background, CancellationToken.None);
        await ManagementCluster.UntilAsync(() => KubeconfigAsync(management), seen => (string?)seen?.At("data", "value") == changed, _ => "nothing");
    }

    [Fact]
    public async Task The_identity_of_a_credential_is_in_the_region_follows_its_source_and_goes_with_the_last_credential()
    {
        await using var east = await RegionalCluster.StartAsync("east");
        await using var management = await SimulatedFleet.StartAsync();
        await management.ApplyAsync(east.Manifest());
        await management.ApplyAsync($$"""
            apiVersion: k0rdent.mirantis.com/v1beta1
            kind: Credential
            metadata: {name: second, namespace: {{SimulatedFleet.Namespace}} }
            spec: {region: east, identityRef: {apiVersion: v1, kind: Secret, name: east-keys, namespace: {{SimulatedFleet.Namespace}} } }
            """);
        await UntilWordAsync(east, "first");
        await CredentialIsReadyAsync(management, "east");
        await CredentialIsReadyAsync(management, "second");

        await management.ApplyAsync($"{{apiVersion: v1, kind: Secret, metadata: {{name: east-keys, namespace: {SimulatedFleet.Namespace}}}, stringData: {{word: second}}}}");
        await UntilWordAsync(east, "second");

        await DeleteCredentialAsync(management, "east");
        Assert.NotNull(await KeysAsync(east));
        await DeleteCredentialAsync(management, "second");
        Assert.Null(await KeysAsync(east));
        Assert.NotNull(await management.Client.Dynamic(CoreKinds.Secrets).GetAsync(new(SimulatedFleet.Namespace, "east-keys"), CancellationToken.None));
    }

    [Fact]
    public async Task A_region_that_is_wrong_says_why_and_what_waits_for_it_goes_on_when_it_is_right()
    {
        await using var east = await RegionalCluster.StartAsync("east");
        await using var management = await SimulatedFleet.StartAsync();
        await management.ApplyAsync(east.ClusterManifest("one"));
        await management.ApplyAsync(east.Manifest("not a kubeconfig"));
        var wrong = await management.UntilRegionAsync("east", region => region.Find(SharedConditions.Ready)?.Reason == Contracts.Components.ComponentsConditions.ConfigurationError);
        Assert.Equal(ConditionStatus.False, wrong.Find(SharedConditions.Ready)!.Status);
        var waiting = await management.UntilAsync("one", cluster => cluster.Find(ClusterDeploymentConditions.HelmReleaseReady)?.Reason == ClusterDeploymentConditions.RegionUnavailable);
        Assert.Contains("Region east", waiting.Find(ClusterDeploymentConditions.HelmReleaseReady)!.Message, StringComparison.Ordinal);
        Assert.Null(waiting!.Status!.Region);

        await management.ApplyAsync(east.Manifest());
        await management.ReadyAsync("one");
    }

    [Fact]
    public async Task A_cluster_of_the_fleet_can_be_a_region_and_a_region_in_use_stays()
    {
        await using var east = await RegionalCluster.StartAsync("east");
        await using var management = await SimulatedFleet.StartAsync();
        // The adopted cluster is the region.
        await management.ApplyAsync($$"""
            apiVersion: v1
            kind: Secret
            metadata: {name: home-access, namespace: {{SimulatedFleet.Namespace}} }
            data: {value: {{RegionalCluster.Encode(east.Kubeconfig)}} }
            ---
            apiVersion: k0rdent.mirantis.com/v1beta1
            kind: Credential
            metadata: {name: home, namespace: {{SimulatedFleet.Namespace}} }
            spec: {identityRef: {apiVersion: v1, kind: Secret, name: home-access, namespace: {{SimulatedFleet.Namespace}} } }
            ---
            apiVersion: k0rdent.mirantis.com/v1beta1
            kind: ClusterDeployment
            metadata: {name: home, namespace: {{SimulatedFleet.Namespace}} }
            spec: {template: adopted-cluster-0-1-0, credential: home}
            ---
            apiVersion: k0rdent.mirantis.com/v1beta1
            kind: Region
            metadata: {name: east}
            spec: {clusterDeployment: {name: home, namespace: {{SimulatedFleet.Namespace}} } }
            ---
            apiVersion: k0rdent.mirantis.com/v1beta1
            kind: Credential
            metadata: {name: east, namespace: {{SimulatedFleet.Namespace}} }
            spec: {region: east, identityRef: {apiVersion: v1, kind: Secret, name: home-access, namespace: {{SimulatedFleet.Namespace}} } }
            """);
        await management.ApplyAsync(east.ClusterManifest("one"));
        await management.ReadyAsync("one");
        Assert.NotNull(await east.CapiClusterAsync("one"));

        // Without admission in this test the finalizer holds it, and says for whom.
        await management.Client.Resource(FleetKinds.Regions).DeleteAsync(ObjectKey.Cluster("east"), DeleteOptions.Background, CancellationToken.None);
        var held = await management.UntilRegionAsync("east", region => region.Find(SharedConditions.Deleting)?.Reason == RegionConditions.InUse);
        Assert.Contains($"ClusterDeployment {SimulatedFleet.Namespace}/one", held.Find(SharedConditions.Deleting)!.Message, StringComparison.Ordinal);
        await management.DeleteAsync("one");
        await management.UntilAsync("one", cluster => cluster is null);
        await DeleteCredentialAsync(management, "east");
        await management.UntilRegionAsync("east", region => region is null);
    }

    private static Task<DynamicObject?> KubeconfigAsync(ManagementCluster management) =>
        management.Client.Dynamic(CoreKinds.Secrets).GetAsync(new(SimulatedFleet.Namespace, "one-kubeconfig"), CancellationToken.None);

    private static Task<DynamicObject?> KeysAsync(RegionalCluster region) =>
        region.Client.Dynamic(CoreKinds.Secrets).GetAsync(new(SimulatedFleet.Namespace, "east-keys"), CancellationToken.None);

    private static Task UntilWordAsync(RegionalCluster region, string word) =>
        ManagementCluster.UntilAsync(() => KeysAsync(region), seen => (string?)seen?.At("data", "word") == RegionalCluster.Encode(word), seen => (string?)seen?.At("data", "word") ?? "nothing");

    private static Task CredentialIsReadyAsync(ManagementCluster management, string name) => ManagementCluster.UntilAsync(
        () => management.Client.Resource(FleetKinds.Credentials).GetAsync(new(SimulatedFleet.Namespace, name), CancellationToken.None),
        seen => seen?.Status is { Ready: true, Conditions: { } conditions } && conditions.Find(condition => condition.Type == CredentialConditions.IdentityInRegion)?.Status == ConditionStatus.True,
        seen => string.Join("\n", (seen?.Status?.Conditions ?? []).Select(c => $"{c.Type}={c.Status} {c.Reason}: {c.Message}")));

    private static async Task DeleteCredentialAsync(ManagementCluster management, string name)
    {
        await management.Client.Resource(FleetKinds.Credentials).DeleteAsync(new(SimulatedFleet.Namespace, name), DeleteOptions.Background, CancellationToken.None);
        await ManagementCluster.UntilAsync(
            () => management.Client.Resource(FleetKinds.Credentials).GetAsync(new(SimulatedFleet.Namespace, name), CancellationToken.None), seen => seen is null, _ => "still there");
    }
}
