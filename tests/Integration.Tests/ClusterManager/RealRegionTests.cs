using System.Text.Json.Nodes;
using Fleet.Contracts.Clusters;
using Fleet.Contracts.Conditions;
using Fleet.Control.Kinds;
using Fleet.Kubernetes;
using Fleet.Kubernetes.Configuration;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Testing.ApiServers;

namespace Fleet.Integration.Tests.ClusterManager;

/// <summary>The region is a real kube-apiserver with etcd, which is killed and started again. There is no provider in it: the test says what one would say.</summary>
public class RealRegionTests
{
    private static readonly ObjectKey Kubeconfig = new(SimulatedFleet.Namespace, "one-kubeconfig");

    private static readonly ObjectKey One = new(SimulatedFleet.Namespace, "one");

    [Fact]
    public async Task A_cluster_lives_in_a_real_region_that_dies_and_comes_back()
    {
        await using var server = await RealApiServer.StartAsync(durable: true);
        using var region = KubernetesClient.Create(KubeConfig.LoadEndpoint(new() { Paths = [server.KubeconfigPath] }));
        await using var management = await SimulatedFleet.StartAsync();
        await DefineAsync(management.Client, region);
        await management.ApplyAsync($$"""
            apiVersion: v1
            kind: Secret
            metadata: {name: real-access, namespace: kcm-system}
            data: {value: {{RegionalCluster.Encode(await File.ReadAllTextAsync(server.KubeconfigPath))}} }
            ---
            apiVersion: k0rdent.mirantis.com/v1beta1
            kind: Region
            metadata: {name: real}
            spec: {kubeConfig: {name: real-access} }
            ---
            apiVersion: v1
            kind: Secret
            metadata: {name: keys, namespace: {{SimulatedFleet.Namespace}} }
            stringData: {word: first}
            ---
            apiVersion: k0rdent.mirantis.com/v1beta1
            kind: Credential
            metadata: {name: real, namespace: {{SimulatedFleet.Namespace}} }
            spec: {region: real, identityRef: {apiVersion: v1, kind: Secret, name: keys, namespace: {{SimulatedFleet.Namespace}} } }
            ---
            apiVersion: k0rdent.mirantis.com/v1beta1
            kind: ClusterAuditPolicy
            metadata: {name: audit, namespace: {{SimulatedFleet.Namespace}} }
            spec: {policy: {rules: [{level: Metadata}]} }
            """);
        await management.ApplyAsync(SimulatedFleet.Manifest("one", "credential: real, auditPolicy: audit"));
        await management.UntilAsync("one", cluster => cluster.Is(ClusterDeploymentConditions.HelmReleaseReady, ConditionStatus.True));
        var uid = (await region.Dynamic(SimulatedFleet.Clusters).GetAsync(One, CancellationToken.None))!.Metadata.Uid;
        // What the chart refers to by name lies beside it, and nobody collects it.
        var policy = await region.Dynamic(CoreKinds.ConfigMaps).GetAsync(One with { Name = "one-audit-policy" }, CancellationToken.None);
        Assert.Empty(policy!.Metadata.OwnerReferences ?? []);

        await ProvideAsync(region, management.ExistingCluster("workload"));
        await management.UntilAsync("one", cluster => cluster.Is(ClusterDeploymentConditions.CapiClusterSummary, ConditionStatus.True) && cluster.Is(ClusterDeploymentConditions.ClusterReachable, ConditionStatus.True));

        await server.KillAsync();
        var away = await management.UntilAsync("one", cluster => cluster.Find(ClusterDeploymentConditions.HelmReleaseReady)?.Reason == ClusterDeploymentConditions.RegionUnavailable);
        Assert.True(away.Is(ClusterDeploymentConditions.ClusterReachable, ConditionStatus.True));
        await server.StartAgainAsync();
        await management.UntilAsync("one", cluster => cluster.Is(ClusterDeploymentConditions.CapiClusterSummary, ConditionStatus.True) && cluster.Is(ClusterDeploymentConditions.HelmReleaseReady, ConditionStatus.True));
        Assert.Equal(uid, (await region.Dynamic(SimulatedFleet.Clusters).GetAsync(One, CancellationToken.None))!.Metadata.Uid);

        await management.DeleteAsync("one");
        await management.UntilAsync("one", cluster => cluster is null);
        Assert.Null(await region.Dynamic(SimulatedFleet.Clusters).GetAsync(One, CancellationToken.None));
        Assert.Null(await region.Dynamic(CoreKinds.ConfigMaps).GetAsync(One with { Name = "one-audit-policy" }, CancellationToken.None));
        Assert.Empty((await region.Dynamic(CoreKinds.Secrets).ListAsync(new() { Namespace = SimulatedFleet.Namespace, LabelSelector = "owner=helm" }, CancellationToken.None)).Items);
    }

    /// <summary>The kinds of Cluster API and the simulated provider, as the embedded server has them.</summary>
    private static async Task DefineAsync(IKubernetesClient from, IKubernetesClient to)
    {
        foreach (var definition in (await from.Dynamic(CoreKinds.Definitions).ListAsync(ListOptions.All, CancellationToken.None)).Items)
        {
            var kind = (string?)definition.At("spec", "names", "kind") ?? "";
            if ((string?)definition.At("spec", "group") != "cluster.x-k8s.io" && !kind.StartsWith("Simulated", StringComparison.Ordinal))
                continue;
            await to.Dynamic(CoreKinds.Definitions).ApplyAsync(
                new()
                {
                    ["apiVersion"] = "apiextensions.k8s.io/v1",
                    ["kind"] = "CustomResourceDefinition",
                    ["metadata"] = new JsonObject { ["name"] = definition.Key.Name },
                    ["spec"] = definition.Root["spec"]!.DeepClone(),
                },
                new("test") { Force = true }, CancellationToken.None);
        }
        await ManagementCluster.UntilAsync(async () => await to.FindKindAsync(new("cluster.x-k8s.io", "v1beta2", "Cluster"), CancellationToken.None), kind => kind is not null, _ => "no kind Cluster");
    }

    private static async Task ProvideAsync(IKubernetesClient region, string kubeconfig)
    {
        await region.Dynamic(CoreKinds.Secrets).CreateAsync(
            new(new JsonObject
            {
                ["apiVersion"] = "v1",
                ["kind"] = "Secret",
                ["type"] = "cluster.x-k8s.io/secret",
                ["metadata"] = new JsonObject { ["name"] = Kubeconfig.Name, ["namespace"] = Kubeconfig.Namespace, ["labels"] = new JsonObject { ["cluster.x-k8s.io/cluster-name"] = "one" } },
                ["data"] = new JsonObject { ["value"] = RegionalCluster.Encode(kubeconfig) },
            }),
            CancellationToken.None);
        var conditions = new JsonArray([.. ((string[])["InfrastructureReady", "ControlPlaneInitialized", "ControlPlaneAvailable", "WorkersAvailable"]).Select(type => new JsonObject
        {
            ["type"] = type, ["status"] = "True", ["reason"] = "Provided", ["message"] = "", ["lastTransitionTime"] = "2026-01-01T00:00:00Z",
        })]);
        await region.Dynamic(SimulatedFleet.Clusters).PatchAsync(
            One, Patch.Merge(new() { ["status"] = new JsonObject { ["conditions"] = conditions } }), new() { Subresource = "status" }, CancellationToken.None);
    }
}
