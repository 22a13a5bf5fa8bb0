using System.Text.Json.Nodes;
using Fleet.ClusterManager;
using Fleet.ClusterManager.Admission;
using Fleet.ClusterManager.Webhooks;
using Fleet.Contracts.CustomResourceDefinitions;
using Fleet.Control.Kinds;
using Fleet.Helm;
using Fleet.Helm.Catalog;
using Fleet.Host.Management;
using Fleet.Integration.Tests.ClusterManager;
using Fleet.Kubernetes;
using Fleet.Kubernetes.Configuration;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Kubernetes.Yaml;
using Fleet.Testing.ApiServers;
using Fleet.Testing.Processes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Fleet.Integration.Tests.Admission;

/// <summary>
/// A management cluster with a ClusterManager that guards it: a real kube-apiserver, which calls its webhook, or the embedded API server, which asks it in
/// process. One of each for all tests of the process.
/// </summary>
internal sealed class GuardedCluster
{
    private static readonly Dictionary<string, Lazy<Task<GuardedCluster>>> Shared =
        ApiServers.Names.ToDictionary(name => name, name => new Lazy<Task<GuardedCluster>>(() => StartAsync(name)));

    private readonly string kubeconfig;
    private WebApplication? manager;

    private GuardedCluster(string kubeconfig)
    {
        this.kubeconfig = kubeconfig;
        Client = KubernetesClient.Create(KubeConfig.LoadEndpoint(new() { Paths = [kubeconfig] }));
    }

    public IKubernetesClient Client { get; }

    public static Task<GuardedCluster> SharedAsync(string server) => Shared[server].Value;

    /// <param name="webhook">How a real server is told; ignored by the embedded one.</param>
    public static async Task<GuardedCluster> StartAsync(string server, WebhookOptions? webhook = null)
    {
        var admission = new FleetAdmission();
        IApiServerFixture fixture = server == "embedded"
            ? await EmbeddedApiServer.StartAsync(new() { Admission = [admission] })
            : await RealApiServer.StartAsync(withControllers: false);
        var cluster = new GuardedCluster(fixture.KubeconfigPath);
        await cluster.DefineAsync();
        var manager = cluster.manager = await cluster.StartManagerAsync(server == "embedded" ? null : webhook ?? new());
        admission.Use(manager.Services.GetRequiredService<IManifestGate>());
        // From here on a wrong manifest is refused.
        await ManagementCluster.UntilAsync(
            () => cluster.RefusalAsync("{apiVersion: k0rdent.mirantis.com/v1beta1, kind: Management, metadata: {name: other}, spec: {release: r}}", dryRun: true),
            refusal => refusal is not null,
            _ => "nothing is refused");
        return cluster;
    }

    public async Task StopManagerAsync()
    {
        await manager!.StopAsync();
        await manager.DisposeAsync();
    }

    private async Task<WebApplication> StartManagerAsync(WebhookOptions? webhook)
    {
        var folder = Directory.CreateTempSubdirectory("fleet-admission-").FullName;
        await CatalogFolder.PublishAsync(ManagementCluster.RepositoryFile("deploy", "catalog", "charts"), Path.Combine(folder, "charts"), CancellationToken.None);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(Client);
        builder.Services.AddHelm(new() { Folder = Path.Combine(folder, "helm"), BinaryPath = Testing.RealParts.Helm3.Path });
        builder.Services.AddClusterManager(new() { Management = new(await File.ReadAllTextAsync(kubeconfig)), Webhook = webhook });
        var started = builder.Build();
        started.MapHelmRepository("/charts", Path.Combine(folder, "charts"));
        await started.StartAsync();
        foreach (var file in Directory.EnumerateFiles(ManagementCluster.RepositoryFile("deploy", "catalog", "templates"), "*.yaml"))
            await ApplyAsync((await File.ReadAllTextAsync(file)).Replace("CATALOG_URL", started.Urls.First() + "/charts", StringComparison.Ordinal));
        return started;
    }

    /// <summary>A namespace of a test's own.</summary>
    public async Task<string> NamespaceAsync(string labels = "{}")
    {
        var name = $"team-{Guid.NewGuid().ToString("N")[..8]}";
        await ApplyAsync($"{{apiVersion: v1, kind: Namespace, metadata: {{name: {name}, labels: {labels}}}}}");
        return name;
    }

    public async Task ApplyAsync(string yaml)
    {
        foreach (var document in KubernetesYaml.ReadAll(yaml))
            await Client.Dynamic(await KindAsync(document)).ApplyAsync(document, new("test") { Force = true }, CancellationToken.None);
    }

    /// <summary>What the server says against the manifest; null when it takes it.</summary>
    public async Task<KubeApiException?> RefusalAsync(string yaml, bool dryRun = false)
    {
        try
        {
            var document = KubernetesYaml.ReadAll(yaml).Single();
            await Client.Dynamic(await KindAsync(document)).ApplyAsync(document, new("test") { Force = true, DryRun = dryRun }, CancellationToken.None);
            return null;
        }
        catch (KubeApiException e)
        {
            return e;
        }
    }

    /// <summary>What the server says against the deletion; null when the object goes.</summary>
    public async Task<KubeApiException?> RefusalAsync(ResourceKind kind, ObjectKey key)
    {
        try
        {
            await Client.Dynamic(kind).DeleteAsync(key, DeleteOptions.Background, CancellationToken.None);
            return null;
        }
        catch (KubeApiException e)
        {
            return e;
        }
    }

    public Task<ProcessOutput> KubectlAsync(params string[] arguments) => ProcessOutput.RunAsync(Testing.RealParts.Kubectls[0].Path, ["--kubeconfig", kubeconfig, .. arguments]);

    private async Task<ResourceKind> KindAsync(JsonObject document) =>
        await Client.FindKindAsync(GroupVersionKind.Parse((string)document["apiVersion"]!, (string)document["kind"]!), CancellationToken.None)
        ?? throw new InvalidOperationException($"{document["kind"]} is not served");

    private async Task DefineAsync()
    {
        foreach (var definition in CustomResourceDefinition.OfAllKinds())
            await Client.Dynamic(CoreKinds.Definitions).CreateAsync(new(definition), CancellationToken.None);
        foreach (var definition in CustomResourceDefinition.OfAllKinds())
            await ManagementCluster.UntilAsync(
                () => ListAsync(definition), listed => listed, _ => $"{definition["metadata"]!["name"]} is not served");
        foreach (var name in (string[])["kcm-system", "k0rdent-system"])
            await Client.Dynamic(new("", "v1", "Namespace", "namespaces", false)).CreateAsync(
                new(new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Namespace", ["metadata"] = new JsonObject { ["name"] = name } }), CancellationToken.None);
    }

    private async Task<bool> ListAsync(JsonObject definition)
    {
        var spec = definition["spec"]!;
        try
        {
            await Client.Dynamic(new((string)spec["group"]!, (string)spec["versions"]!.AsArray()[^1]!["name"]!, (string)spec["names"]!["kind"]!, (string)spec["names"]!["plural"]!, false))
                .ListAsync(new(), CancellationToken.None);
            return true;
        }
        catch (KubeApiException e) when (e.IsNotFound)
        {
            return false;
        }
    }
}
