using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using Fleet.Contracts.Clusters;
using Fleet.Contracts.Conditions;
using Fleet.Kubernetes;
using Fleet.Kubernetes.Configuration;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Testing;
using Fleet.Testing.ApiServers;

namespace Fleet.Integration.Tests.ClusterManager;

/// <summary>Adopted clusters on a real API server: nobody but Fleet's own connection tells how they are.</summary>
public class AdoptedContactTests
{
    private static readonly ResourceKind Nodes = new("", "v1", "Node", "nodes", Namespaced: false);

    /// <summary>Sooner than the next probe, also on a slow machine.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(40);

    [Fact]
    public async Task A_server_that_dies_is_noticed_at_once_and_so_is_its_return()
    {
        await using var server = await RealApiServer.StartAsync(withControllers: false);
        await using var management = await AdoptAsync(await File.ReadAllTextAsync(server.KubeconfigPath));
        await management.ReadyAsync("edge");

        await server.KillAsync();
        var watch = Stopwatch.StartNew();
        var lost = await management.UntilAsync("edge", cluster => cluster.Is(ClusterDeploymentConditions.ClusterReachable, ConditionStatus.False));
        TestLogs.NoteUsed($"dead API server of an adopted cluster noticed after {watch.Elapsed.TotalSeconds:0.0} s");
        Assert.True(watch.Elapsed < Soon, $"noticed after {watch.Elapsed}");
        Assert.Contains("; last answered ", lost.Find(ClusterDeploymentConditions.ClusterReachable)!.Message, StringComparison.Ordinal);
        Assert.True(lost.Is(SharedConditions.Ready, ConditionStatus.False));
        Assert.True(lost.Is(ClusterDeploymentConditions.NodesReady, ConditionStatus.Unknown));

        await server.StartAgainAsync();
        watch.Restart();
        await management.ReadyAsync("edge");
        Assert.True(watch.Elapsed < Soon, $"back after {watch.Elapsed}");
    }

    [Fact]
    public async Task A_path_that_dies_silently_is_noticed_within_its_bounds()
    {
        var server = await RealApiServer.SharedAsync();
        await using var path = new StallingPath(server.Server);
        var kubeconfig = (await File.ReadAllTextAsync(server.KubeconfigPath)).Replace(server.Server.Authority, path.Authority, StringComparison.Ordinal);
        await using var management = await AdoptAsync(kubeconfig, TimeSpan.FromSeconds(5));
        await management.ReadyAsync("edge");
        path.Stall();
        var lost = await management.UntilAsync("edge", cluster => cluster.Is(ClusterDeploymentConditions.ClusterReachable, ConditionStatus.False));
        Assert.Contains("no answer within 5 s", lost.Find(ClusterDeploymentConditions.ClusterReachable)!.Message.Replace("did not answer", "no answer", StringComparison.Ordinal), StringComparison.Ordinal);

        // The old connection never answers again: it has to be given up.
        path.Recover();
        await management.ReadyAsync("edge");
    }

    [Fact]
    public async Task A_node_that_breaks_makes_the_cluster_not_ready_and_is_named()
    {
        var server = await RealApiServer.SharedAsync();
        using var inside = KubernetesClient.Create(KubeConfig.LoadEndpoint(new() { Paths = [server.KubeconfigPath] }));
        var name = $"node-{Guid.NewGuid():N}"[..20];
        await using var management = await AdoptAsync(await File.ReadAllTextAsync(server.KubeconfigPath));
        await management.ReadyAsync("edge");
        await inside.Dynamic(Nodes).CreateAsync(
            new(new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Node", ["metadata"] = new JsonObject { ["name"] = name } }), CancellationToken.None);
        try
        {
            await management.UntilAsync("edge", cluster => cluster.Find(ClusterDeploymentConditions.NodesReady)?.Message.Contains($"{name} (its kubelet has not reported yet)", StringComparison.Ordinal) == true);
            await ReportAsync(inside, name, "True", "KubeletReady", "kubelet is posting ready status");
            await management.ReadyAsync("edge");
            await ReportAsync(inside, name, "False", "KubeletNotReady", "container runtime is down");
            var broken = await management.UntilAsync("edge", cluster => cluster.Is(ClusterDeploymentConditions.NodesReady, ConditionStatus.False));
            Assert.Contains($"{name} (KubeletNotReady: container runtime is down)", broken.Find(SharedConditions.Ready)!.Message, StringComparison.Ordinal);
        }
        finally
        {
            await inside.Dynamic(Nodes).DeleteAsync(ObjectKey.Cluster(name), DeleteOptions.Background, CancellationToken.None);
        }
    }

    private static async Task<ManagementCluster> AdoptAsync(string kubeconfig, TimeSpan? probe = null)
    {
        // As long as by default: what is noticed sooner is noticed by the open connection.
        var management = await ManagementCluster.StartAsync(options => options with { ProbeInterval = probe ?? TimeSpan.FromMinutes(1) });
        await management.ApplyAsync(await File.ReadAllTextAsync(
            ManagementCluster.RepositoryFile("deploy", "crds-foreign", "lib.projectsveltos.io_sveltosclusters.yaml")));
        await management.ServeCatalogAsync();
        await management.ApplyAsync($$"""
            apiVersion: v1
            kind: Secret
            metadata: {name: edge-access, namespace: {{SimulatedFleet.Namespace}} }
            data: {value: {{Convert.ToBase64String(Encoding.UTF8.GetBytes(kubeconfig))}}}
            ---
            apiVersion: k0rdent.mirantis.com/v1beta1
            kind: Credential
            metadata: {name: edge, namespace: {{SimulatedFleet.Namespace}} }
            spec: {identityRef: {apiVersion: v1, kind: Secret, name: edge-access} }
            ---
            apiVersion: k0rdent.mirantis.com/v1beta1
            kind: ClusterDeployment
            metadata: {name: edge, namespace: {{SimulatedFleet.Namespace}} }
            spec: {template: adopted-cluster-0-1-0, credential: edge}
            """);
        return management;
    }

    private static Task ReportAsync(IKubernetesClient cluster, string node, string status, string reason, string message) => cluster.Dynamic(Nodes).PatchAsync(
        ObjectKey.Cluster(node),
        Patch.Merge(new()
        {
            ["status"] = new JsonObject
            {
                ["conditions"] = new JsonArray(new JsonObject { ["type"] = "Ready", ["status"] = status, ["reason"] = reason, ["message"] = message }),
            },
        }),
        new() { Subresource = "status" }, CancellationToken.None);
}
