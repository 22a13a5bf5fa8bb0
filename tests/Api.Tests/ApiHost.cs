using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Fleet.ClusterManager;
using Fleet.ClusterManager.Api;
using Fleet.Contracts.CustomResourceDefinitions;
using Fleet.Control.Kinds;
using Fleet.Control.Metrics;
using Fleet.Helm;
using Fleet.Kubernetes;
using Fleet.Kubernetes.Configuration;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Kubernetes.Yaml;
using Fleet.Observability;
using Fleet.Observability.Api;
using Fleet.Observability.Collection.Agents;
using Fleet.Observability.History;
using Fleet.Observability.Ingest;
using Fleet.Observability.Ingest.Tokens;
using Fleet.Observability.Recommendations.Api;
using Fleet.Rest;
using Fleet.Rest.Audit;
using Fleet.StateManager;
using Fleet.StateManager.Api;
using Fleet.Testing.ApiServers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Fleet.Api.Tests;

/// <summary>The admin API on loopback before an API server with Fleet's kinds, in namespaces of the test's own, and callers with real tokens and real RBAC.</summary>
internal sealed class ApiHost : IAsyncDisposable
{
    private static readonly ApplyOptions Apply = new("test") { Force = true };
    private static readonly ResourceKind Accounts = new("", "v1", "ServiceAccount", "serviceaccounts", Namespaced: true);
    private static int number;

    private readonly List<HttpClient> clients = [];
    private readonly Action<IServiceCollection> add;
    private WebApplication app = null!;

    private ApiHost(IApiServerFixture server, Action<IServiceCollection> add)
    {
        this.add = add;
        Server = server;
        Client = KubernetesClient.Create(KubeConfig.LoadEndpoint(new() { Paths = [server.KubeconfigPath] }));
    }

    public IApiServerFixture Server { get; }

    /// <summary>As the administrator of the management cluster.</summary>
    public IKubernetesClient Client { get; }

    public Uri Address { get; private set; } = null!;

    public string Namespace { get; private set; } = "";

    public UnforeseenErrors Errors { get; } = new();

    /// <summary>A request whose audit is not written in time is refused, which no test here is about.</summary>
    private static AuditOptions Patient => new() { WriteTimeout = TimeSpan.FromSeconds(45) };

    /// <summary>With the controllers of the ClusterManager beside the API.</summary>
    public static async Task<ApiHost> WithControllersAsync(IApiServerFixture server)
    {
        var helm = Directory.CreateTempSubdirectory("fleet-api-helm-").FullName;
        var management = new Helm.Releases.ClusterAccess(await File.ReadAllTextAsync(server.KubeconfigPath));
        return await StartAsync(server, services => services
            .AddHelm(new() { Folder = helm, BinaryPath = Testing.RealParts.Helm3.Path })
            .AddClusterManager(new() { Management = management }));
    }

    /// <summary>With StateManager, its controllers and its part of the API beside the ClusterManager's.</summary>
    public static async Task<ApiHost> WithServicesAsync(IApiServerFixture server, AuditOptions? audit = null, string? compliance = null)
    {
        var helm = Directory.CreateTempSubdirectory("fleet-api-helm-").FullName;
        return await StartAsync(server, services => services
            .AddAdminApi(new(), audit ?? Patient)
            .AddStateManager(new() { Folder = helm, Helm = Testing.RealParts.Helm3.Path, Compliance = new() { Database = compliance } }));
    }

    /// <summary>All of the API as fleetd serves it: of the three services, with a database. Controllers of the ClusterManager are there to be asked, and change nothing.</summary>
    public static async Task<ApiHost> WithEverythingAsync(IApiServerFixture server, string database, AdminApiOptions? options = null)
    {
        var helm = Directory.CreateTempSubdirectory("fleet-api-helm-").FullName;
        var management = new Helm.Releases.ClusterAccess(await File.ReadAllTextAsync(server.KubeconfigPath));
        return await StartAsync(server, services =>
        {
            services.AddAdminApi(options ?? new(), Patient with { Database = database })
                .AddHelm(new() { Folder = helm, BinaryPath = Testing.RealParts.Helm3.Path });
            var before = services.Where(IsHosted).ToHashSet();
            services.AddClusterManager(new() { Management = management, Api = options ?? new(), Audit = Patient with { Database = database } });
            // Its loops as well: StateManager starts all that are there, and they would change the clusters of every test on the server.
            var loops = services.Where(service => service.ServiceType.Name == "ReconcileLoop").ToList();
            Assert.NotEmpty(loops);
            foreach (var unwanted in services.Where(service => IsHosted(service) && !before.Contains(service)).Concat(loops).ToList())
                services.Remove(unwanted);
            services
                .AddStateManager(new() { Folder = helm, Helm = Testing.RealParts.Helm3.Path, Drift = new() { Database = database }, Compliance = new() { Database = database } })
                .AddObservability(database, alerts: new() { AllowLoopback = true })
                .AddProblemDetails();
        });

        static bool IsHosted(ServiceDescriptor service) => service.ServiceType == typeof(Microsoft.Extensions.Hosting.IHostedService);
    }

    public static Task<ApiHost> StartAsync(IApiServerFixture server, AdminApiOptions? options = null, AuditOptions? audit = null) =>
        StartAsync(server, services => services.AddAdminApi(options ?? new(), audit ?? Patient));

    /// <summary>At an address that is known before.</summary>
    public static Task<ApiHost> StartAsync(IApiServerFixture server, Uri address, Action<IServiceCollection> more, string? database = null) =>
        StartAsync(server, services => more(services.AddAdminApi(new(), Patient with { Database = database })), address);

    private static async Task<ApiHost> StartAsync(IApiServerFixture server, Action<IServiceCollection> add, Uri? address = null)
    {
        var host = new ApiHost(server, add) { Address = address! };
        await host.DefineAsync();
        host.Namespace = await host.NewNamespaceAsync();
        await Wait.UntilAsync(async () => await host.IsServedAsync(), "Fleet's kinds are served");
        // It was asked before they were.
        host.Client.Discovery.Invalidate();
        await host.StartApiAsync();
        return host;
    }

    public static async Task<ApiHost> StartAsync(string server, AdminApiOptions? options = null, AuditOptions? audit = null) =>
        await StartAsync(await ApiServers.SharedAsync(server), options, audit);

    /// <summary>Also again, with what the management API has kept.</summary>
    public async Task StartApiAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddProvider(Errors);
        builder.WebHost.UseUrls(Address?.ToString() ?? "http://127.0.0.1:0");
        builder.Services.AddSingleton(Client);
        add(builder.Services);
        app = builder.Build();
        app.MapMetrics();
        app.MapClusterManagerApi();
        if (app.Services.GetService<StateManagerOptions>() is not null)
            app.MapStateManagerApi();
        if (app.Services.GetService<EventStore>() is not null)
        {
            app.MapObservabilityApi();
            app.MapRecommendations();
            app.MapTelemetryTokens();
            app.MapIngest();
            app.MapLooks();
        }
        await app.StartAsync();
        Address = new(app.Services.GetRequiredService<Microsoft.AspNetCore.Hosting.Server.IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
    }

    public async Task StopApiAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
    }

    public T Service<T>() where T : notnull => app.Services.GetRequiredService<T>();

    public async Task<string> NewNamespaceAsync()
    {
        var name = $"api-{Environment.ProcessId}-{Interlocked.Increment(ref number)}";
        await ApplyAsync($"{{apiVersion: v1, kind: Namespace, metadata: {{name: {name}}}}}");
        return name;
    }

    public async Task<DynamicObject> ApplyAsync(string yaml)
    {
        var document = KubernetesYaml.ReadAll(yaml).Single();
        var kind = await Client.FindKindAsync(GroupVersionKind.Parse((string)document["apiVersion"]!, (string)document["kind"]!), CancellationToken.None)
            ?? throw new InvalidOperationException($"{document["kind"]} is not served");
        return await Client.Dynamic(kind).ApplyAsync(document, Apply, CancellationToken.None);
    }

    public Task<DynamicObject> ClusterAsync(string name, string? @namespace = null, string template = "aws-1-0-0", string? labels = null, string? credential = null) => ApplyAsync(
        $$"""
        apiVersion: k0rdent.mirantis.com/v1beta1
        kind: ClusterDeployment
        metadata: {name: {{name}}, namespace: {{@namespace ?? Namespace}}, labels: { {{labels}} } }
        spec: {template: {{template}}{{(credential is null ? "" : $", credential: {credential}")}}}
        """);

    public async Task<DynamicObject> StatusAsync(DynamicObject item, JsonObject status, ResourceKind? kind = null) => await Client.Dynamic(kind ?? FleetKinds.ClusterDeployments.Kind)
        .PatchAsync(item.Key, Patch.Merge(new() { ["status"] = status }), new() { Subresource = "status" }, CancellationToken.None);

    /// <summary>A ServiceAccount of the test's namespace with the given rules there, and a caller with its token.</summary>
    public async Task<HttpClient> CallerAsync(string name, params string[] rules) => Caller(await TokenAsync(name, rules));

    public async Task<string> TokenAsync(string name, params string[] rules)
    {
        await ApplyAsync($"{{apiVersion: v1, kind: ServiceAccount, metadata: {{name: {name}, namespace: {Namespace}}}}}");
        if (rules.Length > 0)
            await GrantAsync(name, rules);
        var answer = await Client.Dynamic(Accounts).CreateSubresourceAsync(
            new(Namespace, name), "token",
            new() { ["apiVersion"] = "authentication.k8s.io/v1", ["kind"] = "TokenRequest", ["spec"] = new JsonObject { ["expirationSeconds"] = 3600 } }, CancellationToken.None);
        return (string)answer["status"]!["token"]!;
    }

    /// <summary>Rules as RBAC has them in YAML flow style: <c>{apiGroups: [""], resources: [events], verbs: [list]}</c>.</summary>
    public async Task GrantAsync(string name, string[] rules, bool everywhere = false)
    {
        var (scope, place) = everywhere ? ("Cluster", "") : ("", $", namespace: {Namespace}");
        var role = $"{name}-{Namespace}";
        await ApplyAsync($"{{apiVersion: rbac.authorization.k8s.io/v1, kind: {scope}Role, metadata: {{name: {role}{place}}}, rules: [{string.Join(", ", rules)}]}}");
        await ApplyAsync(
            $"{{apiVersion: rbac.authorization.k8s.io/v1, kind: {scope}RoleBinding, metadata: {{name: {role}{place}}}, roleRef: {{apiGroup: rbac.authorization.k8s.io, kind: {scope}Role, name: {role}}}, "
            + $"subjects: [{{kind: ServiceAccount, name: {name}, namespace: {Namespace}}}]}}");
    }

    /// <summary>A caller that may do everything.</summary>
    public async Task<HttpClient> AdminAsync()
    {
        var token = await TokenAsync("administrator");
        await GrantAsync("administrator", [Rules.Everything], everywhere: true);
        return Caller(token);
    }

    public HttpClient Caller(string? token)
    {
        // A body that waits for the server's word is not sent because the server is slow.
        var http = new HttpClient(new SocketsHttpHandler { Expect100ContinueTimeout = TimeSpan.FromMinutes(2) }) { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(60) };
        if (token is not null)
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        clients.Add(http);
        return http;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in clients)
            client.Dispose();
        await app.DisposeAsync();
        Client.Dispose();
    }

    /// <summary>Created, not applied: kube-apiserver 1.20 does not know CEL rules, and only an apply minds.</summary>
    private async Task DefineAsync()
    {
        foreach (var definition in CustomResourceDefinition.OfAllKinds())
            try
            {
                await Client.Dynamic(CoreKinds.Definitions).CreateAsync(new(definition), CancellationToken.None);
            }
            catch (KubeApiException e) when (e.IsAlreadyExists)
            {
                continue;
            }
    }

    private async Task<bool> IsServedAsync()
    {
        try
        {
            await Client.Resource(FleetKinds.ClusterDeployments).ListAsync(new() { Namespace = Namespace }, CancellationToken.None);
            await Client.Resource(FleetKinds.Credentials).ListAsync(new() { Namespace = Namespace }, CancellationToken.None);
            await Client.Resource(FleetKinds.ServiceSets).ListAsync(new(), CancellationToken.None);
            await Client.Resource(FleetKinds.MultiClusterServices).ListAsync(new(), CancellationToken.None);
            await Client.Resource(FleetKinds.NamespacedMultiClusterServices).ListAsync(new(), CancellationToken.None);
            await Client.Resource(FleetKinds.ProviderTemplates).ListAsync(new(), CancellationToken.None);
            return true;
        }
        catch (KubeApiException e) when (e.IsNotFound)
        {
            return false;
        }
    }
}

/// <summary>RBAC rules that tests give.</summary>
internal static class Rules
{
    public const string Everything = "{apiGroups: ['*'], resources: ['*'], verbs: ['*']}";
    public const string ReadClusters = "{apiGroups: [k0rdent.mirantis.com], resources: [clusterdeployments], verbs: [get, list, watch]}";
    public const string ChangeClusters = "{apiGroups: [k0rdent.mirantis.com], resources: [clusterdeployments], verbs: [get, list, watch, patch, delete]}";
    public const string ReadTemplates = "{apiGroups: [k0rdent.mirantis.com], resources: [clustertemplates, servicetemplates], verbs: [get, list, watch]}";
    public const string ReadCredentials = "{apiGroups: [k0rdent.mirantis.com], resources: [credentials], verbs: [get, list, watch]}";
    public const string ReadAudit = "{apiGroups: [k0rdent.mirantis.com], resources: [audits], verbs: [list]}";
}

internal static class Wait
{
    public static async Task UntilAsync(Func<Task<bool>> isSo, string what, int seconds = 60)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!await isSo())
        {
            if (TimeProvider.System.GetElapsedTime(began) > TimeSpan.FromSeconds(seconds))
                throw new TimeoutException($"not within {seconds} s: {what}");
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }
    }
}

internal static class Calls
{
    public static async Task<JsonNode> OkAsync(this HttpClient http, string path)
    {
        using var response = await http.GetAsync(new Uri("/api/v1" + path, UriKind.Relative));
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"GET {path}: {(int)response.StatusCode} {text}");
        return JsonNode.Parse(text)!;
    }

    public static Task<HttpResponseMessage> AskAsync(this HttpClient http, string path, params (string Name, string Value)[] headers) => http.SendAsync(HttpMethod.Get, path, null, headers);

    public static async Task<HttpResponseMessage> SendAsync(
        this HttpClient http, HttpMethod method, string path, string? body, (string Name, string Value)[] headers, string mediaType = "application/json")
    {
        using var request = new HttpRequestMessage(method, new Uri("/api/v1" + path, UriKind.Relative));
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, mediaType);
        return await http.SendAsync(request);
    }

    public static Task<HttpResponseMessage> PostAsync(this HttpClient http, string path, string? body = null, params (string, string)[] headers) => http.SendAsync(HttpMethod.Post, path, body, headers);

    public static Task<HttpResponseMessage> PatchAsync(this HttpClient http, string path, string body, params (string, string)[] headers) =>
        http.SendAsync(HttpMethod.Patch, path, body, headers, "application/merge-patch+json");

    /// <summary>Checks the form of a problem and returns it.</summary>
    public static async Task<JsonNode> ProblemAsync(this HttpResponseMessage response, int status, string slug)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(status == (int)response.StatusCode, $"{(int)response.StatusCode} instead of {status}: {text}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = JsonNode.Parse(text)!;
        Assert.Equal("urn:fleet:problem:" + slug, (string?)problem["type"]);
        Assert.Equal(status, (int?)problem["status"]);
        Assert.NotEmpty((string?)problem["title"] ?? "");
        Assert.NotEmpty((string?)problem["detail"] ?? "");
        Assert.Equal(response.Headers.GetValues("X-Request-Id").Single(), (string?)problem["requestId"]);
        return problem;
    }

    public static string[] Fields(this JsonNode problem) => [.. (problem["errors"] as JsonArray ?? []).Select(error => (string)error!["field"]!)];

    public static string[] Names(this JsonNode page) => [.. page["items"]!.AsArray().Select(item => (string)item!["name"]!)];
}
