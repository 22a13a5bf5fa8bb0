using System.Text.Json.Nodes;
using Fleet.ClusterManager;
using Fleet.Contracts.CustomResourceDefinitions;
using Fleet.Control.Kinds;
using Fleet.Helm;
using Fleet.Kubernetes;
using Fleet.Kubernetes.Configuration;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Kubernetes.Yaml;
using Fleet.Testing;
using Fleet.Testing.ApiServers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Fleet.Integration.Tests.ClusterManager;

/// <summary>A ClusterManager on an API server of the test's own, real or embedded, with namespaces and Fleet's kinds and nothing else.</summary>
internal sealed class TemplateEnvironment : IAsyncDisposable
{
    private static readonly ApplyOptions Apply = new("test") { Force = true };

    private readonly TemporaryFolder folder = new("templates");
    private readonly IAsyncDisposable server;
    private readonly string kubeconfig;
    private WebApplication? manager;

    private TemplateEnvironment(IApiServerFixture fixture)
    {
        server = (IAsyncDisposable)fixture;
        kubeconfig = fixture.KubeconfigPath;
        Client = KubernetesClient.Create(KubeConfig.LoadEndpoint(new() { Paths = [kubeconfig] }));
    }

    public IKubernetesClient Client { get; }

    public static async Task<TemplateEnvironment> StartAsync(string server)
    {
        IApiServerFixture fixture = server == "embedded" ? await EmbeddedApiServer.StartAsync() : await RealApiServer.StartAsync();
        var environment = new TemplateEnvironment(fixture);
        foreach (var definition in CustomResourceDefinition.OfAllKinds())
            // Not applied: kube-apiserver 1.20 does not know the field of CEL rules, which it drops when it is only posted.
            await environment.Client.Dynamic(CoreKinds.Definitions).CreateAsync(new(definition), CancellationToken.None);
        await ManagementCluster.UntilAsync(
            () => environment.Client.Dynamic(CoreKinds.Definitions).ListAsync(ListOptions.All, CancellationToken.None),
            seen => seen.Items.All(item => (item.At("status", "conditions") as JsonArray ?? []).Any(c => (string?)c?["type"] == "Established" && (string?)c["status"] == "True")),
            seen => $"{seen.Items.Count} definitions");
        foreach (var name in (string[])["kcm-system", "team-a", "team-b"])
            await environment.ApplyAsync($"{{apiVersion: v1, kind: Namespace, metadata: {{name: {name}, labels: {{team: {name}}}}}}}");
        await environment.StartManagerAsync();
        return environment;
    }

    public async Task StartManagerAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(Client);
        builder.Services.AddHelm(new() { Folder = folder.File("helm"), BinaryPath = Testing.RealParts.Helm3.Path, IndexFreshFor = TimeSpan.Zero });
        builder.Services.AddClusterManager(new() { Management = new(await File.ReadAllTextAsync(kubeconfig)), ProbeInterval = TimeSpan.FromSeconds(5) });
        manager = builder.Build();
        await manager.StartAsync();
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

    public Task<DynamicObject?> GetAsync(ResourceKind kind, string @namespace, string name) => Client.Dynamic(kind).GetAsync(new(@namespace, name), CancellationToken.None);

    /// <summary>Waits until the object is as it should be; null when it should be gone.</summary>
    public Task<DynamicObject?> UntilAsync(ResourceKind kind, string @namespace, string name, Func<DynamicObject?, bool> isRight) =>
        ManagementCluster.UntilAsync(() => GetAsync(kind, @namespace, name), isRight, seen => seen?.Root.ToJsonString() ?? "no such object");

    public Task DeleteAsync(ResourceKind kind, string @namespace, string name) => Client.Dynamic(kind).DeleteAsync(new(@namespace, name), DeleteOptions.Background, CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await StopManagerAsync();
        Client.Dispose();
        await server.DisposeAsync();
        folder.Dispose();
    }
}
