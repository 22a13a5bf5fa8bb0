using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Fleet.Contracts.CustomResourceDefinitions;
using Fleet.ControlPlane.Hosting;
using Fleet.ControlPlane.Machinery;
using Fleet.ControlPlane.Simulation;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Kubernetes.Yaml;
using Fleet.Testing;
using Fleet.Testing.Servers;

namespace Fleet.EndToEnd.Tests.Faults.Kills;

/// <summary>An embedded management cluster with simulated clusters in this process, so that every write is seen the moment it is made, and a chart in two versions.</summary>
internal sealed class ServiceKillStage : IAsyncDisposable
{
    public const string Team = "team";

    public const string Apps = "apps";

    private static readonly ResourceKind Sets = new("k0rdent.mirantis.com", "v1beta1", "ServiceSet", "servicesets", true);
    private static readonly ResourceKind Secrets = new("", "v1", "Secret", "secrets", true);
    private static readonly ResourceKind Deployments = new("apps", "v1", "Deployment", "deployments", true);

    private readonly TemporaryFolder charts = new("kill-charts");
    private ControlPlaneHost host = null!;
    private FleetSimulation simulation = null!;
    private HelmHttpRepository repository = null!;

    public string KubeconfigPath => host.KubeconfigPath;

    /// <summary>To every change in any cluster.</summary>
    public IDisposable Subscribe(Action<ClusterChange> seen) => new Subscriptions([.. host.Clusters.Clusters.Select(cluster => cluster.Subscribe(seen))]);

    public static async Task<ServiceKillStage> StartAsync(int clusters)
    {
        var stage = new ServiceKillStage
        {
            host = await ControlPlaneHost.StartAsync(new() { Metrics = FleetSimulation.Metrics(TimeProvider.System), PodLogs = FleetSimulation.PodLogs(TimeProvider.System) }),
            repository = await HelmHttpRepository.StartAsync(),
        };
        stage.simulation = await FleetSimulation.StartAsync(stage.host.Clusters, new() { Timings = new() { PodGrace = TimeSpan.Zero } }, TimeProvider.System, null, CancellationToken.None);
        await WebChart.PublishAsync(stage.charts, stage.repository, "1.0.0", "2.0.0");
        foreach (var definition in CustomResourceDefinition.OfAllKinds())
            await stage.ApplyAsync(definition);
        foreach (var kind in (string[])["ServiceSet", "ServiceTemplate"])
            await FaultFleet.UntilAsync(() => stage.Management.FindKind(new("k0rdent.mirantis.com", "v1beta1", kind)) is not null, "kinds are served");
        await FaultFleet.UntilAsync(() => stage.Management.FindKind(new("source.toolkit.fluxcd.io", "v1", "HelmRepository")) is not null, "kinds are served");
        foreach (var manifest in KubernetesYaml.ReadAll(stage.Manifests))
            await stage.ApplyAsync(manifest);
        for (var i = 0; i < clusters; i++)
        {
            await stage.simulation.StartClusterAsync($"c{i}", 2, CancellationToken.None);
            await stage.ApplyAsync(Kubeconfig($"c{i}", stage.host.Clusters.AdminKubeconfig($"c{i}")));
        }

        return stage;
    }

    public IReadOnlyList<JsonObject> Templates => Management.List(Management.FindKind(new("k0rdent.mirantis.com", "v1beta1", "ServiceTemplate"))!, Team);

    public JsonObject? Set(string cluster) => Management.Get(Sets, new(Team, cluster));

    /// <summary>One more cluster, which is somewhere else.</summary>
    public Task AddClusterAsync(string name, string kubeconfig) => ApplyAsync(Kubeconfig(name, kubeconfig));

    /// <param name="cluster">Its name.</param>
    /// <param name="services">Name and template.</param>
    public Task DeclareAsync(string cluster, params (string Name, string Template)[] services) => DeclareAsync(cluster, "", services);

    /// <param name="cluster">Its name.</param>
    /// <param name="mode">How the services are followed; "" is as usual.</param>
    /// <param name="services">Name and template.</param>
    public async Task DeclareAsync(string cluster, string mode, params (string Name, string Template)[] services)
    {
        var wanted = new JsonArray([.. services.Select(service => new JsonObject { ["name"] = service.Name, ["namespace"] = Apps, ["template"] = service.Template })]);
        if (Set(cluster) is null)
            await ApplyAsync(new()
            {
                ["apiVersion"] = "k0rdent.mirantis.com/v1beta1",
                ["kind"] = "ServiceSet",
                ["metadata"] = new JsonObject { ["name"] = cluster, ["namespace"] = Team },
                ["spec"] = new JsonObject { ["cluster"] = cluster, ["provider"] = new JsonObject { ["config"] = new JsonObject { ["syncMode"] = mode } }, ["services"] = wanted },
            });
        else
            await Management.ChangeAsync(Sets, new(Team, cluster), set =>
            {
                set["spec"]!["services"] = wanted;
                return true;
            }, status: false, CancellationToken.None);
    }

    public async Task DeleteAsync(string cluster) => await Management.DeleteAsync(Sets, new(Team, cluster), DeleteOptions.Background, CancellationToken.None);

    /// <summary>Records of helm in a cluster: release, revision, state; in the order of revisions.</summary>
    public IReadOnlyList<(string Release, int Revision, string State)> Records(string cluster) =>
    [
        .. Of(cluster).List(Secrets, Apps, "owner=helm").Select(secret => secret["metadata"]!["labels"]!)
            .Select(labels => ((string)labels["name"]!, int.Parse((string)labels["version"]!, CultureInfo.InvariantCulture), (string)labels["status"]!))
            .OrderBy(record => record.Item1, StringComparer.Ordinal).ThenBy(record => record.Item2),
    ];

    /// <summary>What runs: name, version, and the uid, which a service that is installed anew would not keep.</summary>
    public IReadOnlyDictionary<string, (string Version, string Uid)> Running(string cluster) => Of(cluster).List(Deployments, Apps)
        .ToDictionary(item => (string)item["metadata"]!["name"]!, item => ((string)item["metadata"]!["annotations"]!["version"]!, (string)item["metadata"]!["uid"]!));

    public async ValueTask DisposeAsync()
    {
        await repository.DisposeAsync();
        await simulation.DisposeAsync();
        await host.DisposeAsync();
        charts.Dispose();
    }

    private IClusterApi Management => host.Clusters.Management;

    private string Manifests => $$"""
        apiVersion: v1
        kind: Namespace
        metadata: { name: {{Team}} }
        ---
        apiVersion: source.toolkit.fluxcd.io/v1
        kind: HelmRepository
        metadata: { name: charts, namespace: {{Team}} }
        spec: { url: "{{repository.Address}}", interval: 10m }
        ---
        {{FaultFleet.ServiceTemplate(Team, "web", "1.0.0")}}{{FaultFleet.ServiceTemplate(Team, "web", "2.0.0")}}
        """;

    private IClusterApi Of(string cluster) => host.Clusters.Find(cluster)!;

    private static JsonObject Kubeconfig(string cluster, string kubeconfig) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Secret",
        ["metadata"] = new JsonObject { ["name"] = $"{cluster}-kubeconfig", ["namespace"] = Team, ["labels"] = new JsonObject { ["cluster.x-k8s.io/cluster-name"] = cluster } },
        ["data"] = new JsonObject { ["value"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(kubeconfig)) },
    };

    private async Task ApplyAsync(JsonObject manifest)
    {
        var kind = Management.FindKind(GroupVersionKind.Parse((string)manifest["apiVersion"]!, (string)manifest["kind"]!))!;
        await Management.CreateAsync(kind, (JsonObject)manifest.DeepClone(), CancellationToken.None);
    }

    private sealed class Subscriptions(IReadOnlyList<IDisposable> all) : IDisposable
    {
        public void Dispose()
        {
            foreach (var one in all)
                one.Dispose();
        }
    }
}
