using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Fleet.Contracts.CustomResourceDefinitions;
using Fleet.ControlPlane.Hosting;
using Fleet.ControlPlane.Machinery;
using Fleet.ControlPlane.Simulation;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Kubernetes.Yaml;

namespace Fleet.EndToEnd.Tests.Faults.Kills;

/// <summary>An embedded management cluster in this process, so that every write is seen the moment it is made, with two templates that follow each other.</summary>
internal sealed class KillStage : IAsyncDisposable
{
    public const string Team = TwoVersions.Team;

    private static readonly SimulationTimings Timings = new()
    {
        NetworkReady = TimeSpan.FromMilliseconds(200), MachineBoot = TimeSpan.FromMilliseconds(200), NodeJoin = TimeSpan.FromMilliseconds(100),
        Deprovision = TimeSpan.FromMilliseconds(200), PodGrace = TimeSpan.Zero,
    };

    private readonly ConcurrentDictionary<string, int> machines = new();
    private ControlPlaneHost host = null!;
    private FleetSimulation simulation = null!;
    private TwoVersions charts = null!;
    private IDisposable? counting;

    public string KubeconfigPath => host.KubeconfigPath;

    public IClusterApi Api => host.Clusters.Management;

    public int Clusters => host.Clusters.Clusters.Count;

    public static async Task<KillStage> StartAsync()
    {
        var stage = new KillStage
        {
            host = await ControlPlaneHost.StartAsync(new() { Metrics = FleetSimulation.Metrics(TimeProvider.System), PodLogs = FleetSimulation.PodLogs(TimeProvider.System) }),
        };
        stage.simulation = await FleetSimulation.StartAsync(stage.host.Clusters, new() { Timings = Timings }, TimeProvider.System, null, CancellationToken.None);
        stage.counting = stage.Api.Subscribe(change =>
        {
            if (change is { Type: WatchEventType.Added, Kind: { Kind: "Machine", Group: "cluster.x-k8s.io" } })
                stage.machines.AddOrUpdate(change.Key.Name[..change.Key.Name.IndexOf('-', StringComparison.Ordinal)], 1, (_, before) => before + 1);
        });
        foreach (var definition in CustomResourceDefinition.OfAllKinds())
            await stage.ApplyAsync(definition);
        foreach (var definition in CustomResourceDefinition.OfAllKinds())
            await FaultFleet.UntilAsync(() => stage.Find((string)definition["spec"]!["group"]!, (string)definition["spec"]!["names"]!["kind"]!) is not null, "kinds are served");
        stage.charts = await TwoVersions.ServeAsync();
        foreach (var manifest in KubernetesYaml.ReadAll(stage.charts.Manifests))
            await stage.ApplyAsync(manifest);
        return stage;
    }

    /// <summary>Machines that were ever made for the cluster.</summary>
    public int MachinesMade(string cluster) => machines.GetValueOrDefault(cluster);

    public JsonObject? Cluster(string name) => Api.Get(Deployments, new(Team, name));

    public ResourceKind Deployments => Find("k0rdent.mirantis.com", "ClusterDeployment")!;

    /// <summary>Kind and name of everything in the namespace but events; what is there before a cluster and after it is the same.</summary>
    public IReadOnlyList<string> Everything() =>
    [
        .. from definition in Api.List(Find("apiextensions.k8s.io", "CustomResourceDefinition")!)
           let kind = definition["spec"]!["versions"]!.AsArray().Select(version => Api.FindKind(new((string)definition["spec"]!["group"]!, (string)version!["name"]!, (string)definition["spec"]!["names"]!["kind"]!))).OfType<ResourceKind>().FirstOrDefault()
           where kind is not null
           from item in Api.List(kind)
           select $"{kind.Kind} {item["metadata"]!["namespace"]}/{item["metadata"]!["name"]}",
        .. from kind in (string[])["Secret", "ConfigMap", "Service", "Pod", "ServiceAccount"]
           from item in Api.List(Find("", kind)!, Team)
           select $"{kind} {item["metadata"]!["name"]}",
    ];

    /// <summary>Records of helm, by revision: state, fingerprint.</summary>
    public IReadOnlyList<(int Revision, string State, string Fingerprint)> Records(string cluster) =>
    [
        .. Api.List(Find("", "Secret")!, Team, $"owner=helm,name={cluster}").Select(secret => secret["metadata"]!["labels"]!)
            .Select(labels => (int.Parse((string)labels["version"]!, System.Globalization.CultureInfo.InvariantCulture), (string)labels["status"]!, (string?)labels["fleet-fingerprint"] ?? ""))
            .OrderBy(record => record.Item1),
    ];

    public IReadOnlyList<JsonObject> Machines(string cluster) => Api.List(Find("cluster.x-k8s.io", "Machine")!, Team, $"cluster.x-k8s.io/cluster-name={cluster}");

    public IReadOnlyList<JsonObject> List(string group, string kind) => Find(group, kind) is { } found ? Api.List(found, Team) : [];

    public Task DeclareAsync(string name) => ApplyAsync(TwoVersions.Cluster(name));

    public async Task UpgradeAsync(string name, string template) =>
        await Api.ChangeAsync(Deployments, new(Team, name), cluster =>
        {
            cluster["spec"]!["template"] = template;
            return true;
        }, status: false, CancellationToken.None);

    public async Task DeleteAsync(string name) => await Api.DeleteAsync(Deployments, new(Team, name), DeleteOptions.Background, CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        counting?.Dispose();
        await charts.DisposeAsync();
        await simulation.DisposeAsync();
        await host.DisposeAsync();
    }

    private ResourceKind? Find(string group, string kind) =>
        ((string[])["v1", "v1beta2", "v1beta1"]).Select(version => Api.FindKind(new(group, version, kind))).FirstOrDefault(found => found is not null);

    private async Task ApplyAsync(JsonObject manifest)
    {
        var kind = Api.FindKind(GroupVersionKind.Parse((string)manifest["apiVersion"]!, (string)manifest["kind"]!))!;
        if (Api.Get(kind, new((string?)manifest["metadata"]!["namespace"] ?? "", (string)manifest["metadata"]!["name"]!)) is null)
            await Api.CreateAsync(kind, (JsonObject)manifest.DeepClone(), CancellationToken.None);
    }
}
