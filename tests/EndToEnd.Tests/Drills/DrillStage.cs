using System.Globalization;
using System.Text.Json.Nodes;
using Fleet.Contracts.Conditions;
using Fleet.ControlPlane.Hosting;
using Fleet.ControlPlane.Machinery;
using Fleet.ControlPlane.Simulation;
using Fleet.Control.Kinds;
using Fleet.EndToEnd.Tests.Faults;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Kubernetes.Yaml;
using Fleet.Sources.Buckets;
using Fleet.Testing;
using Fleet.Testing.Processes;
using Fleet.Testing.Servers;
using ClusterDeployment = Fleet.Kubernetes.Objects.CustomResource<Fleet.Contracts.Clusters.ClusterDeploymentSpec, Fleet.Contracts.Clusters.ClusterDeploymentStatus>;

namespace Fleet.EndToEnd.Tests.Drills;

/// <summary>Clusters in a cloud that outlives management planes, charts for them in two versions, a real S3 server, and the CLI as a process.</summary>
internal sealed class DrillStage : IAsyncDisposable
{
    public const string Team = TwoVersions.Team;
    public const string Apps = "apps";

    private static readonly ResourceKind Secrets = CoreKinds.Secrets;
    private static readonly ResourceKind Nodes = new("", "v1", "Node", "nodes", Namespaced: false);
    private static readonly ResourceKind Deployments = new("apps", "v1", "Deployment", "deployments", Namespaced: true);

    private readonly TemporaryFolder folder = new("drill");
    private ControlPlaneHost clouds = null!;
    private TwoVersions charts = null!;
    private HelmHttpRepository repository = null!;

    public IClusterRegistry Clouds => clouds.Clusters;

    public string Key => folder.File("backup.key");

    /// <summary>Where <c>--to</c> and <c>--from</c> go to.</summary>
    public string Bucket { get; private set; } = "";

    private Dictionary<string, string?> Environment { get; } = new() { ["NO_COLOR"] = "1" };

    public static async Task<DrillStage> StartAsync()
    {
        var stage = new DrillStage
        {
            clouds = await ControlPlaneHost.StartAsync(new() { Metrics = FleetSimulation.Metrics(TimeProvider.System), PodLogs = FleetSimulation.PodLogs(TimeProvider.System) }),
            charts = await TwoVersions.ServeAsync(),
            repository = await HelmHttpRepository.StartAsync(),
        };
        await WebChart.PublishAsync(stage.folder, stage.repository, "1.0.0", "2.0.0");
        stage.folder.Write("backup.key", new string('7', 64));
        return stage;
    }

    /// <summary>A bucket of its own in a real S3 server.</summary>
    public async Task StartBucketAsync()
    {
        var ceph = await MiniCeph.SharedAsync();
        var name = $"drill-{Guid.NewGuid():N}";
        using var s3 = BucketClients.Create(new(ceph.Endpoint, name) { Insecure = true, Region = "default", Access = new(ceph.AccessKey, ceph.SecretKey) });
        await s3.PutBucketAsync(name);
        Bucket = $"s3://{name}/fleet?endpoint={ceph.Endpoint}&insecure=true&region=default";
        (Environment["AWS_ACCESS_KEY_ID"], Environment["AWS_SECRET_ACCESS_KEY"]) = (ceph.AccessKey, ceph.SecretKey);
    }

    /// <summary>What clusters need, in a plane with Fleet's kinds.</summary>
    public Task FillAsync(ManagementPlane plane) => ApplyAsync(plane, $$"""
        {{charts.Manifests}}
        ---
        apiVersion: source.toolkit.fluxcd.io/v1
        kind: HelmRepository
        metadata: {name: services, namespace: {{Team}} }
        spec: {url: "{{repository.Address}}", interval: 10m}
        ---
        {{FaultFleet.ServiceTemplate(Team, "web", "1.0.0", "services")}}{{FaultFleet.ServiceTemplate(Team, "web", "2.0.0", "services")}}
        """);

    /// <summary>A cluster of two machines with one service.</summary>
    public static JsonObject Cluster(string name)
    {
        var cluster = TwoVersions.Cluster(name);
        cluster["spec"]!["serviceSpec"] = new JsonObject { ["services"] = new JsonArray(new JsonObject { ["name"] = "web", ["namespace"] = Apps, ["template"] = "web-1-0-0" }) };
        return cluster;
    }

    public static Task ApplyAsync(ManagementPlane plane, string yaml) => ApplyAsync(plane, [.. KubernetesYaml.ReadAll(yaml)]);

    public static async Task ApplyAsync(ManagementPlane plane, params JsonObject[] manifests)
    {
        foreach (var manifest in manifests)
        {
            var kind = (await plane.Client.FindKindAsync(GroupVersionKind.Parse((string)manifest["apiVersion"]!, (string)manifest["kind"]!), CancellationToken.None))!;
            await plane.Client.Dynamic(kind).ApplyAsync(manifest, new("test") { Force = true }, CancellationToken.None);
        }
    }

    public static Task ChangeAsync(ManagementPlane plane, string cluster, string patch) => plane.Client.Resource(FleetKinds.ClusterDeployments).PatchAsync(
        new(Team, cluster), Patch.Merge((JsonObject)JsonNode.Parse(patch)!), PatchOptions.Default, CancellationToken.None);

    public static async Task<IReadOnlyList<ClusterDeployment>> ClustersAsync(ManagementPlane plane) =>
        (await plane.Client.Resource(FleetKinds.ClusterDeployments).ListAsync(new() { Namespace = Team }, CancellationToken.None)).Items;

    /// <summary>Every cluster Ready in the generation that is declared, and its service Deployed.</summary>
    public static async Task UntilReadyAsync(ManagementPlane plane, int count, int seconds = 240)
    {
        IReadOnlyList<ClusterDeployment> seen = [];
        try
        {
            await FaultFleet.UntilAsync(async () => (seen = await ClustersAsync(plane)).Count(IsReady) == count, $"{count} clusters are Ready", seconds, TimeSpan.FromMilliseconds(500));
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"{e.Message}:\n{string.Join('\n', seen.Where(cluster => !IsReady(cluster)).Take(5).Select(cluster => $"{cluster.Metadata.Name}: {string.Join("; ", (cluster.Status?.Conditions ?? []).Where(c => c.Status != ConditionStatus.True).Select(c => $"{c.Type}={c.Status} {c.Reason} {c.Message}"))}"))}", e);
        }
    }

    public static bool IsReady(ClusterDeployment cluster) =>
        cluster.Status is { Conditions: { } conditions } status && status.ObservedGeneration == cluster.Metadata.Generation
        && conditions.Exists(c => c.Type == SharedConditions.Ready && c.Status == ConditionStatus.True) && status.Services is { Count: > 0 } services && services.All(service => service.State == "Deployed");

    /// <summary>What stands in the cloud: nodes by uid, running workloads by uid.</summary>
    public string Standing(string cluster)
    {
        var api = Clouds.Find($"{Team}-{cluster}")!;
        return string.Join('\n', api.List(Nodes).Select(node => $"node {node["metadata"]!["name"]} {node["metadata"]!["uid"]} {node["spec"]!["providerID"]}")
            .Concat(api.List(Deployments, Apps).Select(item => $"deployment {item["metadata"]!["name"]} {item["metadata"]!["uid"]}")));
    }

    /// <summary>Version of the chart that made what runs.</summary>
    public string? RunningVersion(string cluster) => (string?)Clouds.Find($"{Team}-{cluster}")!.List(Deployments, Apps).Single()["metadata"]!["annotations"]?["version"];

    /// <summary>Revision and state of every record of the service's release.</summary>
    public IReadOnlyList<(int Revision, string State)> Service(string cluster) => Records(Clouds.Find($"{Team}-{cluster}")!.List(Secrets, Apps, "owner=helm"));

    /// <summary>The same of the cluster's own release.</summary>
    public static async Task<IReadOnlyList<(int Revision, string State)>> ReleaseAsync(ManagementPlane plane, string cluster) =>
        Records((await plane.ListAsync("", "Secret", $"owner=helm,name={cluster}")).Select(item => item.Root));

    /// <summary>Names, providers' ids and nodes of its machines.</summary>
    public static async Task<string> MachinesAsync(ManagementPlane plane, string cluster) => string.Join('\n',
        (await plane.ListAsync("cluster.x-k8s.io", "Machine", $"cluster.x-k8s.io/cluster-name={cluster}"))
            .Select(machine => $"{machine.Key.Name} {machine.At("spec", "providerID")} {machine.At("status", "nodeRef", "name")}").Order(StringComparer.Ordinal));

    public Task<ProcessOutput> FleetAsync(ManagementPlane plane, params string[] arguments) => ProcessOutput.RunAsync(
        "dotnet", [Cli, .. arguments, "--kubeconfig", plane.KubeconfigPath, "--data", folder.File("data")], timeout: TimeSpan.FromMinutes(4), environment: Environment);

    /// <summary>The same, and somebody may kill it.</summary>
    public Task<ServerProcess> StartFleetAsync(ManagementPlane plane, params string[] arguments) =>
        ServerProcess.StartAsync("fleet", "dotnet", [Cli, .. arguments, "--kubeconfig", plane.KubeconfigPath, "--data", folder.File("data")], Environment);

    public async ValueTask DisposeAsync()
    {
        await repository.DisposeAsync();
        await charts.DisposeAsync();
        await clouds.DisposeAsync();
        folder.Dispose();
    }

    private static string Cli => Path.Combine(TestLogs.RepositoryRoot, "artifacts", "bin", "Cli", "release", "fleet.dll");

    private static IReadOnlyList<(int, string)> Records(IEnumerable<JsonObject> secrets) =>
    [
        .. secrets.Select(secret => secret["metadata"]!["labels"]!).Select(labels => (int.Parse((string)labels["version"]!, CultureInfo.InvariantCulture), (string)labels["status"]!)).OrderBy(record => record.Item1),
    ];
}
