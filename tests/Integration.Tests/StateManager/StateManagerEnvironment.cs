using System.Text.Json.Nodes;
using Fleet.Control.Health;
using Fleet.Control.Kinds;
using Fleet.Control.Metrics;
using Fleet.ControlPlane.Hosting;
using Fleet.ControlPlane.Simulation;
using Fleet.Kubernetes;
using Fleet.Kubernetes.Configuration;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Kubernetes.Yaml;
using Fleet.StateManager;
using Fleet.StateManager.Api;
using Fleet.Testing;
using Fleet.Testing.Processes;
using Fleet.Testing.Servers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Fleet.Integration.Tests.StateManager;

/// <summary>
/// StateManager over HTTPS against the embedded control plane: a management cluster, one simulated cluster named prod with two nodes, a Helm repository
/// with simple-nginx 1.0.0, and real helm.
/// </summary>
public class StateManagerEnvironment : IAsyncLifetime
{
    public const string Namespace = "team-a";

    /// <summary>Two cores on which everything else runs as well need minutes for what else takes seconds.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    private readonly TemporaryFolder folder = new("state-manager");
    private ControlPlaneHost? host;
    private FleetSimulation? simulation;
    private HelmHttpRepository? repository;
    private WebApplication? application;

    private readonly List<IKubernetesClient> clients = [];

    /// <summary>The helm that the service runs, and the tests.</summary>
    public virtual string Helm => Fleet.Testing.RealParts.Helm3.Path;

    /// <summary>Of the service; the API servers have their own.</summary>
    protected virtual TimeProvider Clock => TimeProvider.System;

    /// <summary>What the service has in place of its usual parts.</summary>
    protected virtual void AddBefore(IServiceCollection services)
    {
    }

    public IKubernetesClient Management { get; private set; } = null!;

    public IKubernetesClient Managed { get; private set; } = null!;

    public string ManagementKubeconfig => host!.KubeconfigPath;

    public string ManagedKubeconfig => folder.File("prod.kubeconfig");

    public Uri Address => new(application!.Urls.First());

    public virtual async ValueTask InitializeAsync()
    {
        host = await ControlPlaneHost.StartAsync(new ControlPlaneOptions { Metrics = FleetSimulation.Metrics(TimeProvider.System) });
        simulation = await FleetSimulation.StartAsync(host.Clusters, new SimulationOptions(), TimeProvider.System, null, default);
        await simulation.StartClusterAsync("prod", 2, default);
        Management = Client(await File.ReadAllTextAsync(host.KubeconfigPath));
        Managed = Client(host.Clusters.AdminKubeconfig("prod"));
        await File.WriteAllTextAsync(ManagedKubeconfig, host.Clusters.AdminKubeconfig("prod"));
        repository = await HelmHttpRepository.StartAsync();
        await repository.AddAsync(Path.Combine(Root, "deploy", "catalog", "charts", "simple-nginx"));
        foreach (var file in Directory.GetFiles(Path.Combine(Root, "deploy", "crds")))
            foreach (var definition in KubernetesYaml.ReadAll(await File.ReadAllTextAsync(file)))
                await ApplyAsync(definition);
        await ApplyAsync($$$"""
            {"apiVersion":"v1","kind":"Namespace","metadata":{"name":"{{{Namespace}}}"} }
            """);
        await SetKubeconfigAsync(host.Clusters.AdminKubeconfig("prod"));
        await ApplyAsync($$$"""
            {"apiVersion":"source.toolkit.fluxcd.io/v1","kind":"HelmRepository","metadata":{"name":"charts","namespace":"{{{Namespace}}}"},
             "spec":{"url":"{{{repository.Address}}}"} }
            """);
        await StartServiceAsync();
    }

    public Task SetKubeconfigAsync(string kubeconfig) => SetKubeconfigAsync("prod", kubeconfig);

    public Task SetKubeconfigAsync(string cluster, string kubeconfig) => ApplyAsync($$$"""
        {"apiVersion":"v1","kind":"Secret","metadata":{"name":"{{{cluster}}}-kubeconfig","namespace":"{{{Namespace}}}","labels":{"cluster.x-k8s.io/cluster-name":"{{{cluster}}}"}},
         "data":{"value":"{{{Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(kubeconfig))}}}"} }
        """);

    /// <summary>That of a cluster which was added.</summary>
    public Task<string> KubeconfigAsync(string cluster) => File.ReadAllTextAsync(folder.File($"{cluster}.kubeconfig"));

    /// <summary>One more simulated cluster, with its kubeconfig in the management cluster.</summary>
    public async Task<IKubernetesClient> AddClusterAsync(string name)
    {
        await simulation!.StartClusterAsync(name, 2, default);
        var kubeconfig = host!.Clusters.AdminKubeconfig(name);
        await SetKubeconfigAsync(name, kubeconfig);
        return Connect(name, kubeconfig);
    }

    /// <summary>What ClusterManager says of a cluster that has everything: nobody does here, since it does not run.</summary>
    public async Task ReadyAsync(string cluster)
    {
        var deployments = Management.Dynamic(FleetKinds.ClusterDeployments.Kind);
        var found = (await deployments.GetAsync(new(Namespace, cluster), default))!;
        found.Root["status"] = new JsonObject
        {
            ["conditions"] = new JsonArray(new JsonObject { ["type"] = "Ready", ["status"] = "True", ["reason"] = "Succeeded", ["message"] = "", ["lastTransitionTime"] = "2026-11-22T00:00:00Z" }),
        };
        await deployments.UpdateStatusAsync(found, default);
    }

    /// <summary>The test's own way into a cluster, also for helm.</summary>
    protected IKubernetesClient Connect(string name, string kubeconfig)
    {
        File.WriteAllText(folder.File($"{name}.kubeconfig"), kubeconfig);
        var client = Client(kubeconfig);
        clients.Add(client);
        return client;
    }

    /// <summary>The status of a ServiceSet once it is as expected.</summary>
    public async Task<JsonObject?> StatusAsync(string set, Func<JsonObject?, bool> expected, string what) =>
        (await EventuallyAsync(() => GetAsync("ServiceSet", set), o => expected(o?.At("status") as JsonObject), $"ServiceSet {set} {what}"))!.At("status") as JsonObject;

    /// <summary>A service of a ServiceSet once it is in the state and the status is about the present spec.</summary>
    public async Task<JsonObject> ServiceAsync(string set, string service, string state)
    {
        var seen = await EventuallyAsync(
            () => GetAsync("ServiceSet", set),
            o => o?.Metadata.Generation == (long?)o?.At("status", "observedGeneration") && (string?)Find(o)?["state"] == state,
            $"service {service} of {set} {state}");
        return Find(seen)!;

        JsonObject? Find(DynamicObject? o) =>
            (o?.At("status", "services") as JsonArray)?.OfType<JsonObject>().FirstOrDefault(s => (string?)s["name"] == service);
    }

    /// <summary>The values that a release in namespace apps has been given.</summary>
    public async Task<JsonObject> ValuesAsync(string cluster, string release)
    {
        var output = await ProcessOutput.RunAsync(
            Helm, ["get", "values", release, "-n", "apps", "-o", "json", "--kubeconfig", folder.File($"{cluster}.kubeconfig")]);
        output.MustSucceed();
        return JsonNode.Parse(output.Out) as JsonObject ?? [];
    }

    /// <summary>Packages a chart into the repository that HelmRepository <c>charts</c> names.</summary>
    public Task AddChartAsync(string folder) => repository!.AddAsync(folder);

    public async Task DeleteSetAsync(string name)
    {
        var kind = await Management.FindKindAsync(GroupVersionKind.Parse("k0rdent.mirantis.com/v1beta1", "ServiceSet"), default);
        await Management.Dynamic(kind!).DeleteAsync(new(Namespace, name), DeleteOptions.Background, default);
        await EventuallyAsync(() => GetAsync("ServiceSet", name), s => s is null, $"ServiceSet {name} gone");
    }

    /// <summary>Asks for a reconcile, as a user would who cannot wait.</summary>
    public async Task TouchSetAsync(string name)
    {
        var kind = await Management.FindKindAsync(GroupVersionKind.Parse("k0rdent.mirantis.com/v1beta1", "ServiceSet"), default);
        var patch = new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { ["touched"] = Guid.NewGuid().ToString() } } };
        await Management.Dynamic(kind!).PatchAsync(new(Namespace, name), Patch.Merge(patch), PatchOptions.Default, default);
    }

    /// <summary>What else the service is to know.</summary>
    protected virtual StateManagerOptions Settings(StateManagerOptions options) => options;

    /// <summary>Starts StateManager as its Program does, on a free port.</summary>
    public async Task StartServiceAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(Clock);
        AddBefore(builder.Services);
        builder.Services.AddStateManager(Settings(new StateManagerOptions
        {
            Kubeconfig = host!.KubeconfigPath, Folder = folder.File("helm"), Helm = Helm, Kubectl = Fleet.Testing.RealParts.Kubectls[^1].Path,
        }));
        application = builder.Build();
        application.MapMetrics();
        application.MapHealth();
        application.MapStateManagerApi();
        await application.StartAsync();
    }

    /// <summary>A caller of StateManager's REST API who may do everything. Of the process that runs now.</summary>
    public async Task<HttpClient> RestAsync()
    {
        var http = new HttpClient { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(60) };
        http.DefaultRequestHeaders.Authorization = new("Bearer", await TokenAsync("operator"));
        return http;
    }

    /// <summary>A token of a ServiceAccount of the management cluster: <c>operator</c> may do everything, any other nothing.</summary>
    public async Task<string> TokenAsync(string user)
    {
        await ApplyAsync($$$"""{"apiVersion":"v1","kind":"ServiceAccount","metadata":{"name":"{{{user}}}","namespace":"{{{Namespace}}}"} }""");
        await ApplyAsync($$$"""
            {"apiVersion":"rbac.authorization.k8s.io/v1","kind":"ClusterRoleBinding","metadata":{"name":"operator"},
             "roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"cluster-admin"},
             "subjects":[{"kind":"ServiceAccount","name":"operator","namespace":"{{{Namespace}}}"}]}
            """);
        var answer = await Management.Dynamic(new("", "v1", "ServiceAccount", "serviceaccounts", Namespaced: true)).CreateSubresourceAsync(
            new(Namespace, user), "token",
            new() { ["apiVersion"] = "authentication.k8s.io/v1", ["kind"] = "TokenRequest", ["spec"] = new JsonObject { ["expirationSeconds"] = 3600 } }, default);
        return (string)answer["status"]!["token"]!;
    }

    public async Task StopServiceAsync()
    {
        await application!.StopAsync();
        await application.DisposeAsync();
        application = null;
    }

    public Task ApplyAsync(string json) => ApplyAsync((JsonObject)JsonNode.Parse(json)!);

    public Task ApplyAsync(JsonObject manifest) => ApplyAsync(Management, manifest);

    /// <summary>To the managed cluster.</summary>
    public Task ApplyToClusterAsync(string json) => ApplyAsync(Managed, (JsonObject)JsonNode.Parse(json)!);

    private static async Task ApplyAsync(IKubernetesClient cluster, JsonObject manifest)
    {
        var wanted = GroupVersionKind.Parse((string)manifest["apiVersion"]!, (string)manifest["kind"]!);
        var kind = await EventuallyAsync(async () => await cluster.FindKindAsync(wanted, default), k => k is not null, $"kind {wanted}");
        await cluster.Dynamic(kind!).ApplyAsync(manifest, new ApplyOptions("test") { Force = true }, default);
    }

    public async Task<DynamicObject?> GetAsync(string kind, string name) =>
        await Management.Dynamic((await Management.FindKindAsync(GroupVersionKind.Parse("k0rdent.mirantis.com/v1beta1", kind), default))!)
            .GetAsync(new ObjectKey(Namespace, name), default);

    /// <summary>Runs helm against the managed cluster, as its user would.</summary>
    public Task<string> HelmAsync(params string[] arguments) => HelmOnAsync("prod", arguments);

    public async Task<string> HelmOnAsync(string cluster, params string[] arguments)
    {
        var output = await ProcessOutput.RunAsync(Helm, [.. arguments, "--kubeconfig", folder.File($"{cluster}.kubeconfig")]);
        output.MustSucceed();
        return output.Out;
    }

    /// <summary>Asks again until it is as expected; fails with the last answer when patience ends.</summary>
    public static async Task<T> EventuallyAsync<T>(Func<Task<T>> ask, Func<T, bool> expected, string what)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var answer = await ask();
            if (expected(answer))
                return answer;
            if (TimeProvider.System.GetElapsedTime(started) > Patience)
                Assert.Fail($"{what}: still {(answer as DynamicObject)?.At("status")?.ToJsonString() ?? answer?.ToString() ?? "nothing"}");
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }
    }

    public virtual async ValueTask DisposeAsync()
    {
        if (application is not null)
            await StopServiceAsync();
        if (repository is not null)
            await repository.DisposeAsync();
        if (simulation is not null)
            await simulation.DisposeAsync();
        if (host is not null)
            await host.DisposeAsync();
        clients.ForEach(c => c.Dispose());
        Management?.Dispose();
        Managed?.Dispose();
        folder.Dispose();
        GC.SuppressFinalize(this);
    }

    private static string Root
    {
        get
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Fleet.sln")))
                folder = folder.Parent;
            return folder?.FullName ?? throw new DirectoryNotFoundException("Fleet.sln was not found above the tests");
        }
    }

    private static KubernetesClient Client(string kubeconfig) => KubernetesClient.Create(KubeConfig.Parse(kubeconfig, "test").Endpoint());
}
