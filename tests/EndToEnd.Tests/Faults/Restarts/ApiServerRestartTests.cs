using System.Text;
using System.Text.Json.Nodes;
using Fleet.Contracts.Clusters;
using Fleet.Control.Kinds;
using Fleet.ControlPlane.Hosting;
using Fleet.Kubernetes;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Testing;
using Fleet.Testing.ApiServers;

namespace Fleet.EndToEnd.Tests.Faults.Restarts;

/// <summary>
/// The management API is killed and comes back while a cluster is in each phase of its life. The manager goes on by itself, no status ever says Failed, and
/// nothing is made a second time.
/// </summary>
public sealed class ApiServerRestartTests
{
    private static readonly string[] Creation = ["before helm", "during helm", "while machines come"];
    private static readonly string[] Deletion = ["before the first step", "while load balancers go", "while the release goes", "while machines go"];

    [Fact]
    public async Task The_embedded_server_dies_in_every_phase_of_a_creation()
    {
        await using var stage = await EmbeddedAsync();
        foreach (var phase in Creation)
        {
            var name = $"create{Array.IndexOf(Creation, phase)}";
            await stage.ApplyAsync(TwoVersions.Cluster(name));
            await WaitAsync(phase, async () => phase switch
            {
                "during helm" => (await stage.RecordsAsync(name)).Count > 0,
                "while machines come" => (await stage.MachinesAsync(name)).Count > 0,
                _ => true,
            });
            await stage.RestartAsync();
            await stage.UntilAsync(name, cluster => RestartStage.IsCompleted(cluster, "aws-33"));
            await WellAsync(stage, name, phase, revisions: 1);
            Assert.Equal(2, (await stage.MachinesAsync(name)).Count);
        }
    }

    [Fact]
    public async Task The_embedded_server_dies_in_every_phase_of_an_upgrade_and_of_its_rollback()
    {
        await using var stage = await EmbeddedAsync();
        await stage.ApplyAsync(TwoVersions.Cluster("up"));
        await stage.UntilAsync("up", cluster => RestartStage.IsCompleted(cluster, "aws-33"));
        var uid = (await stage.ListAsync("cluster.x-k8s.io", "Cluster"))[0].Metadata.Uid;

        await ChangeAsync(stage, "up", """{"spec":{"template":"aws-34"}}""");
        await WaitAsync("helm", async () => (await stage.RecordsAsync("up")).Count > 1);
        await stage.RestartAsync();
        await stage.UntilAsync("up", cluster => cluster?.Status?.Upgrade is { Template: "aws-34", Phase: UpgradePhases.ControlPlane or UpgradePhases.Workers or UpgradePhases.Completed });
        await stage.RestartAsync();
        await stage.UntilAsync("up", cluster => cluster?.Status?.Upgrade is { Template: "aws-34", Phase: UpgradePhases.Workers or UpgradePhases.Completed });
        await stage.RestartAsync();
        await stage.UntilAsync("up", cluster => RestartStage.IsCompleted(cluster, "aws-34"));
        await WellAsync(stage, "up", "upgrade", revisions: 2);
        Assert.All(await stage.MachinesAsync("up"), machine => Assert.Equal("v1.34.0", (string?)machine.At("spec", "version")));

        // The cloud gives no more machines, so that the way back is taken.
        var infrastructure = (await stage.ListAsync("infrastructure.cluster.x-k8s.io", "AWSCluster"))[0];
        await stage.Client.Dynamic((await stage.Client.FindKindAsync(new("infrastructure.cluster.x-k8s.io", "v1beta2", "AWSCluster"), CancellationToken.None))!).PatchAsync(
            infrastructure.Key, Patch.Merge((JsonObject)JsonNode.Parse("""{"metadata":{"annotations":{"simulation.fleet.dev/machine-quota":"2"}}}""")!), PatchOptions.Default, CancellationToken.None);
        await ChangeAsync(stage, "up", """{"metadata":{"annotations":{"k0rdent.mirantis.com/upgrade-rollback":"true","k0rdent.mirantis.com/upgrade-deadline":"4s"}},"spec":{"config":{"worker":{"instanceType":"m5.large"}}}}""");
        await stage.UntilAsync("up", cluster => cluster?.Status?.Upgrade?.Rollback is not null);
        await stage.RestartAsync();
        await stage.UntilAsync("up", cluster => cluster?.Status?.Upgrade is { Rollback: not null, Phase: UpgradePhases.Completed });
        Assert.Equal(uid, Assert.Single(await stage.ListAsync("cluster.x-k8s.io", "Cluster")).Metadata.Uid);
        await FaultFleet.UntilAsync(async () => (await stage.MachinesAsync("up")).Count == 2, "the machine that did not come is gone");
    }

    [Fact]
    public async Task The_embedded_server_dies_in_every_phase_of_a_deletion()
    {
        await using var stage = await EmbeddedAsync();
        foreach (var phase in Deletion)
            await stage.ApplyAsync(Cluster($"delete{Array.IndexOf(Deletion, phase)}"));
        foreach (var phase in Deletion)
        {
            var name = $"delete{Array.IndexOf(Deletion, phase)}";
            await stage.UntilAsync(name, cluster => RestartStage.IsCompleted(cluster, "aws-33"));
            using var inside = phase == "while load balancers go" ? await HoldBalancerAsync(stage, name) : null;
            await stage.Client.Resource(FleetKinds.ClusterDeployments).DeleteAsync(new(TwoVersions.Team, name), DeleteOptions.Background, CancellationToken.None);
            await WaitAsync(phase, async () => phase switch
            {
                "while load balancers go" => (await stage.UntilAsync(name, _ => true))?.Status?.Deletion?.Phase == "Workloads",
                "while the release goes" => (await stage.RecordsAsync(name)).All(record => record.Metadata.Labels?["status"] != "deployed"),
                "while machines go" => (await stage.RecordsAsync(name)).Count == 0,
                _ => true,
            });
            await stage.RestartAsync();
            if (inside is not null)
                await ReleaseBalancerAsync(inside);
            await stage.UntilAsync(name, cluster => cluster is null);
            Assert.Empty(await stage.RecordsAsync(name));
            Assert.Empty(await stage.MachinesAsync(name));
            Assert.True(stage.FailuresOf(name).Count == 0, $"{phase}: {string.Join("; ", stage.FailuresOf(name))}");
        }
        Assert.Empty(await stage.ListAsync("cluster.x-k8s.io", "Cluster"));
        Assert.Empty(await stage.ListAsync("infrastructure.cluster.x-k8s.io", "AWSMachineTemplate"));
    }

    [Fact]
    public async Task A_real_server_dies_while_a_cluster_is_made_and_while_it_goes()
    {
        await using var managed = await ControlPlaneHost.StartAsync(new());
        await using var stage = await RestartStage.StartAsync(new KillableRealServer(await RealApiServer.StartAsync()));
        TestLogs.NoteUsed("restarts of a real management API");
        await using var repository = await Fleet.Testing.Servers.HelmHttpRepository.StartAsync();
        await repository.AddAsync(Path.Combine(TestLogs.RepositoryRoot, "deploy", "catalog", "charts", "adopted-cluster"));
        var kubeconfig = Convert.ToBase64String(Encoding.UTF8.GetBytes(await File.ReadAllTextAsync(managed.KubeconfigPath, TestContext.Current.CancellationToken)));
        await stage.ApplyAsync(await SveltosAsync());
        await stage.ApplyAsync(Adoption(repository.Address, kubeconfig));
        await stage.StartManagerAsync();
        foreach (var name in (string[])["early", "late"])
        {
            await stage.ApplyAsync(Adopted(name));
            await WaitAsync(name, async () => name == "early" || (await stage.RecordsAsync(name)).Count > 0);
            await stage.RestartAsync();
            await stage.UntilAsync(name, RestartStage.IsReady);
            await WellAsync(stage, name, name, revisions: 1);

            await stage.Client.Resource(FleetKinds.ClusterDeployments).DeleteAsync(new(TwoVersions.Team, name), DeleteOptions.Background, CancellationToken.None);
            await WaitAsync(name, async () => name == "early" || (await stage.RecordsAsync(name)).All(record => record.Metadata.Labels?["status"] != "deployed"));
            await stage.RestartAsync();
            await stage.UntilAsync(name, cluster => cluster is null);
            Assert.Empty(await stage.RecordsAsync(name));
            Assert.Empty(stage.FailuresOf(name));
        }
    }

    private static async Task<RestartStage> EmbeddedAsync()
    {
        var stage = await RestartStage.StartAsync(await KillableEmbeddedServer.StartAsync());
        await stage.ApplyAsync(stage.Charts.Manifests);
        await stage.StartManagerAsync();
        return stage;
    }

    private static JsonObject Cluster(string name)
    {
        var cluster = TwoVersions.Cluster(name);
        cluster["spec"]!["cleanupOnDeletion"] = true;
        return cluster;
    }

    /// <summary>Often: the moment is short.</summary>
    private static Task WaitAsync(string phase, Func<Task<bool>> isThere) => FaultFleet.UntilAsync(isThere, $"the moment '{phase}' comes", pause: TimeSpan.FromMilliseconds(5));

    private static async Task WellAsync(RestartStage stage, string name, string phase, int revisions)
    {
        Assert.True(stage.FailuresOf(name).Count == 0, $"{phase}: {string.Join("; ", stage.FailuresOf(name))}");
        var records = (await stage.RecordsAsync(name)).Select(record => record.Metadata.Labels!["status"]).ToList();
        Assert.True(records.Count(state => state is "deployed" or "superseded") == revisions && !records.Exists(state => state.StartsWith("pending", StringComparison.Ordinal)), $"{phase}: {string.Join(", ", records)}");
    }

    private static Task ChangeAsync(RestartStage stage, string name, string patch) => stage.Client.Resource(FleetKinds.ClusterDeployments).PatchAsync(
        new(TwoVersions.Team, name), Patch.Merge((JsonObject)JsonNode.Parse(patch)!), PatchOptions.Default, CancellationToken.None);

    private static readonly ResourceKind Services = new("", "v1", "Service", "services", Namespaced: true);

    private static async Task<IKubernetesClient> HoldBalancerAsync(RestartStage stage, string name)
    {
        var secret = await stage.Client.Dynamic(CoreKinds.Secrets).GetAsync(new(TwoVersions.Team, name + "-kubeconfig"), CancellationToken.None);
        var inside = KubernetesClient.Create(Fleet.Kubernetes.Configuration.KubeConfig.Parse(Encoding.UTF8.GetString(Convert.FromBase64String((string)secret!.At("data", "value")!)), name).Endpoint(new()));
        await AnswersAsync(inside);
        await inside.Dynamic(Services).CreateAsync(
            new((JsonObject)JsonNode.Parse("""{"apiVersion":"v1","kind":"Service","metadata":{"name":"front","namespace":"default","finalizers":["example.com/cloud"]},"spec":{"type":"LoadBalancer","ports":[{"port":80}]}}""")!),
            CancellationToken.None);
        return inside;
    }

    private static async Task ReleaseBalancerAsync(IKubernetesClient inside)
    {
        await AnswersAsync(inside);
        try
        {
            await inside.Dynamic(Services).PatchAsync(
                new("default", "front"), Patch.Merge(new() { ["metadata"] = new JsonObject { ["finalizers"] = new JsonArray() } }), PatchOptions.Default, CancellationToken.None);
        }
        catch (KubeApiException e) when (e.IsNotFound)
        {
            // What is in a simulated cluster is kept a moment after it was written: the service may be of after that.
        }
    }

    /// <summary>Simulated clusters are served again a moment after their host.</summary>
    private static Task AnswersAsync(IKubernetesClient inside) => FaultFleet.UntilAsync(
        async () =>
        {
            try
            {
                await inside.Dynamic(Services).ListAsync(new(), CancellationToken.None);
                return true;
            }
            catch (KubeApiException e) when (e.IsNotFound)
            {
                return false;
            }
        },
        "the cluster answers");

    private static Task<string> SveltosAsync() =>
        File.ReadAllTextAsync(Path.Combine(TestLogs.RepositoryRoot, "deploy", "crds-foreign", "lib.projectsveltos.io_sveltosclusters.yaml"), TestContext.Current.CancellationToken);

    private static string Adoption(Uri charts, string kubeconfig) => $$"""
        {apiVersion: v1, kind: Namespace, metadata: {name: kcm-system } }
        ---
        {apiVersion: v1, kind: Namespace, metadata: {name: {{TwoVersions.Team}} } }
        ---
        apiVersion: v1
        kind: Secret
        metadata: {name: access, namespace: {{TwoVersions.Team}} }
        data: {value: {{kubeconfig}} }
        ---
        apiVersion: k0rdent.mirantis.com/v1beta1
        kind: Credential
        metadata: {name: access, namespace: {{TwoVersions.Team}} }
        spec: {identityRef: {apiVersion: v1, kind: Secret, name: access, namespace: {{TwoVersions.Team}} } }
        ---
        apiVersion: source.toolkit.fluxcd.io/v1
        kind: HelmRepository
        metadata: {name: charts, namespace: {{TwoVersions.Team}} }
        spec: {url: "{{charts}}", interval: 10m}
        ---
        apiVersion: k0rdent.mirantis.com/v1beta1
        kind: ClusterTemplate
        metadata: {name: adopted, namespace: {{TwoVersions.Team}} }
        spec: {helm: {chartSpec: {chart: adopted-cluster, version: 0.1.0, sourceRef: {kind: HelmRepository, name: charts } } } }
        """;

    private static string Adopted(string name) => $$"""
        apiVersion: k0rdent.mirantis.com/v1beta1
        kind: ClusterDeployment
        metadata: {name: {{name}}, namespace: {{TwoVersions.Team}} }
        spec: {template: adopted, credential: access}
        """;
}
