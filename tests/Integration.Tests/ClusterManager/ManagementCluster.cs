using System.Text.Json.Nodes;
using Fleet.ClusterManager;
using Fleet.ClusterManager.Api;
using Fleet.Contracts.CustomResourceDefinitions;
using Fleet.Control.Kinds;
using Fleet.Control.Metrics;
using Fleet.ControlPlane.Hosting;
using Fleet.ControlPlane.Machinery;
using Fleet.ControlPlane.Simulation;
using Fleet.Helm;
using Fleet.Helm.Catalog;
using Fleet.Kubernetes;
using Fleet.Kubernetes.Configuration;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Kubernetes.Yaml;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Fleet.Integration.Tests.ClusterManager;

/// <summary>An embedded management cluster with simulated infrastructure, the catalog, and a ClusterManager that can be stopped and started again.</summary>
internal sealed class ManagementCluster : IAsyncDisposable
{
    /// <summary>Two cores on which everything else runs as well need minutes for what else takes seconds.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    private static readonly ApplyOptions Apply = new("test") { Force = true };

    private readonly string folder = Directory.CreateTempSubdirectory("fleet-clusters-").FullName;
    private readonly Stack<Func<ValueTask>> toStop = new();
    private WebApplication? manager;
    private ControlPlaneHost host = null!;

    public IKubernetesClient Client { get; private set; } = null!;

    public string KubeconfigPath { get; private set; } = "";

    /// <summary>The management API from inside, where no write is missed.</summary>
    public IClusterApi Inside => host.Clusters.Management;

    /// <summary>Where the ClusterManager serves its REST API.</summary>
    public Uri Api => new(manager!.Urls.First());

    private Func<ClusterManagerOptions, ClusterManagerOptions> configure = options => options;

    public static async Task<ManagementCluster> StartAsync(Func<ClusterManagerOptions, ClusterManagerOptions>? configure = null)
    {
        var cluster = new ManagementCluster();
        cluster.configure = configure ?? cluster.configure;
        var host = cluster.host = await ControlPlaneHost.StartAsync(new()
        {
            Metrics = FleetSimulation.Metrics(TimeProvider.System), PodLogs = FleetSimulation.PodLogs(TimeProvider.System),
        });
        cluster.toStop.Push(host.DisposeAsync);
        var simulation = await FleetSimulation.StartAsync(host.Clusters, new(), TimeProvider.System, null, CancellationToken.None);
        cluster.toStop.Push(simulation.DisposeAsync);
        cluster.KubeconfigPath = host.KubeconfigPath;
        cluster.Client = KubernetesClient.Create(KubeConfig.LoadEndpoint(new() { Paths = [host.KubeconfigPath] }));
        cluster.toStop.Push(() =>
        {
            cluster.Client.Dispose();
            return ValueTask.CompletedTask;
        });
        await cluster.DefineAsync();
        await cluster.StartManagerAsync();
        return cluster;
    }

    /// <summary>The catalog's templates and the repository that serves their charts.</summary>
    public async Task ServeCatalogAsync()
    {
        var published = Path.Combine(folder, "charts");
        await CatalogFolder.PublishAsync(RepositoryFile("deploy", "catalog", "charts"), published, CancellationToken.None);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var web = builder.Build();
        web.MapHelmRepository("/charts", published);
        await web.StartAsync();
        toStop.Push(web.DisposeAsync);
        foreach (var file in Directory.EnumerateFiles(RepositoryFile("deploy", "catalog", "templates"), "*.yaml"))
            await ApplyAsync((await File.ReadAllTextAsync(file)).Replace("CATALOG_URL", web.Urls.First() + "/charts", StringComparison.Ordinal));
    }

    /// <summary>The chart for AWS in one version for each ClusterTemplate, which differ in the version of Kubernetes.</summary>
    public async Task ServeVersionsAsync(string @namespace, params (string Template, string Kubernetes)[] versions)
    {
        foreach (var (template, kubernetes) in versions)
        {
            var chart = CopyChart(template);
            Replace(Path.Combine(chart, "Chart.yaml"), "^version: .*$", $"version: {kubernetes.TrimStart('v')}");
            Replace(Path.Combine(chart, "values.yaml"), @"^  version: v1\..*$", $"  version: {kubernetes}");
            await ServeAsync(@namespace, template, kubernetes.TrimStart('v'));
        }
    }

    /// <summary>A version of the chart with an object that no API server takes.</summary>
    public async Task ServeBrokenVersionAsync(string @namespace, string template)
    {
        var chart = CopyChart(template);
        Replace(Path.Combine(chart, "Chart.yaml"), "^version: .*$", "version: 9.9.9");
        await File.WriteAllTextAsync(Path.Combine(chart, "templates", "broken.yaml"), "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: Not_A_Name}\n");
        await ServeAsync(@namespace, template, "9.9.9");
    }

    /// <summary>Copies of the catalog's charts, changed, in a repository of their own in the system namespace.</summary>
    public async Task ServeChartsAsync(string repository, IEnumerable<string> charts, Action<string, string> change)
    {
        // The library charts lie beside the others.
        foreach (var chart in charts.Append("provider-parts"))
        {
            var copy = CopyChart(chart, Path.Combine(folder, "sources", repository, chart));
            if (chart != "provider-parts")
                change(chart, copy);
        }
        var url = await PublishAsync(repository);
        await ApplyAsync($"{{apiVersion: source.toolkit.fluxcd.io/v1, kind: HelmRepository, metadata: {{name: {repository}, namespace: kcm-system}}, spec: {{url: \"{url}\", interval: 10m}}}}");
    }

    private string CopyChart(string template) => CopyChart("aws-standalone-cp-0.1.0", Path.Combine(folder, "sources", template, "aws-standalone-cp"));

    private static string CopyChart(string chart, string target)
    {
        var source = RepositoryFile("deploy", "catalog", "charts", chart);
        foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(target, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
        return target;
    }

    private static void Replace(string file, string pattern, string text) =>
        File.WriteAllText(file, System.Text.RegularExpressions.Regex.Replace(File.ReadAllText(file), pattern, text, System.Text.RegularExpressions.RegexOptions.Multiline));

    /// <summary>The address of a repository with the charts of a folder of sources.</summary>
    private async Task<string> PublishAsync(string sources)
    {
        var published = Path.Combine(folder, "versions", sources);
        await CatalogFolder.PublishAsync(Path.Combine(folder, "sources", sources), published, CancellationToken.None);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var web = builder.Build();
        web.MapHelmRepository("/charts", published);
        await web.StartAsync();
        toStop.Push(web.DisposeAsync);
        return web.Urls.First() + "/charts";
    }

    private async Task ServeAsync(string @namespace, string template, string version)
    {
        var url = await PublishAsync(template);
        await ApplyAsync($"""
            apiVersion: source.toolkit.fluxcd.io/v1
            kind: HelmRepository
            metadata: {"{"}name: {template}, namespace: {@namespace}{"}"}
            spec: {"{"}url: "{url}", interval: 10m{"}"}
            ---
            apiVersion: k0rdent.mirantis.com/v1beta1
            kind: ClusterTemplate
            metadata: {"{"}name: {template}, namespace: {@namespace}{"}"}
            spec:
              helm:
                chartSpec:
                  chart: aws-standalone-cp
                  version: "{version}"
                  sourceRef: {"{"}kind: HelmRepository, name: {template}{"}"}
            """);
    }

    public async Task StartManagerAsync() => manager = await NewManagerAsync("helm");

    /// <summary>A second one beside the first, as after a mistake, or while one takes over from another. It stops with the test.</summary>
    public async Task StartAnotherManagerAsync()
    {
        var another = await NewManagerAsync("helm-of-another");
        toStop.Push(async () =>
        {
            await another.StopAsync();
            await another.DisposeAsync();
        });
    }

    private async Task<WebApplication> NewManagerAsync(string helm)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(Client);
        builder.Services.AddHelm(new() { Folder = Path.Combine(folder, helm), BinaryPath = Testing.RealParts.Helm3.Path });
        builder.Services.AddClusterManager(configure(
            new() { Management = new(await File.ReadAllTextAsync(KubeconfigPath)), ProbeInterval = TimeSpan.FromSeconds(5) }));
        var started = builder.Build();
        started.MapClusterManagerApi();
        started.MapMetrics();
        await started.StartAsync();
        return started;
    }

    /// <summary>Kubeconfig of a cluster that exists already.</summary>
    public string ExistingCluster(string name)
    {
        host.Clusters.Add(name);
        return host.Clusters.AdminKubeconfig(name);
    }

    public async Task StopManagerAsync()
    {
        if (manager is null)
            return;
        await manager.StopAsync();
        await manager.DisposeAsync();
        manager = null;
    }

    public async Task ApplyAsync(string yaml)
    {
        foreach (var document in KubernetesYaml.ReadAll(yaml))
        {
            var kind = await Client.FindKindAsync(GroupVersionKind.Parse((string)document["apiVersion"]!, (string)document["kind"]!), CancellationToken.None)
                ?? throw new InvalidOperationException($"{document["kind"]} is not served");
            await Client.Dynamic(kind).ApplyAsync(document, Apply, CancellationToken.None);
        }
    }

    public Task<CustomResource<Contracts.Clusters.ClusterDeploymentSpec, Contracts.Clusters.ClusterDeploymentStatus>?> ClusterAsync(string @namespace, string name) =>
        Client.Resource(FleetKinds.ClusterDeployments).GetAsync(new(@namespace, name), CancellationToken.None);

    /// <summary>Asks until the answer is right; the last answer tells what was there instead.</summary>
    public static async Task<T> UntilAsync<T>(Func<Task<T>> ask, Func<T, bool> isRight, Func<T, string> describe)
    {
        var deadline = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var answer = await ask();
            if (isRight(answer))
                return answer;
            if (TimeProvider.System.GetElapsedTime(deadline) > Patience)
                throw new TimeoutException($"not within {Patience}; last seen: {describe(answer)}");
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopManagerAsync();
        while (toStop.TryPop(out var stop))
            await stop();
        Directory.Delete(folder, recursive: true);
    }

    public static string RepositoryFile(params string[] parts)
    {
        var root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "Fleet.sln")))
            root = Directory.GetParent(root)?.FullName ?? throw new InvalidOperationException("Fleet.sln is in no folder above the tests");
        return Path.Combine([root, .. parts]);
    }

    private async Task DefineAsync()
    {
        var definitions = CustomResourceDefinition.OfAllKinds();
        foreach (var definition in definitions)
            await Client.Dynamic(CoreKinds.Definitions).ApplyAsync(definition, Apply, CancellationToken.None);
        foreach (var definition in definitions)
            await UntilAsync(
                () => Client.Dynamic(CoreKinds.Definitions).GetAsync(ObjectKey.Cluster((string)definition["metadata"]!["name"]!), CancellationToken.None),
                seen => (seen?.At("status", "conditions") as JsonArray ?? []).Any(c => (string?)c?["type"] == "Established" && (string?)c["status"] == "True"),
                seen => seen?.Root["status"]?.ToJsonString() ?? "nothing");
        foreach (var name in (string[])["kcm-system", "k0rdent-system", "mon-organisation"])
            await ApplyAsync($"{{apiVersion: v1, kind: Namespace, metadata: {{name: {name}}}}}");
    }
}
