using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Fleet.Kubernetes;
using Fleet.Kubernetes.Configuration;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Kubernetes.Yaml;
using Fleet.Observability.History;
using Fleet.Observability.Query;
using Fleet.Observability.Query.Prometheus;
using Fleet.Observability.Tests.Ingest;
using Fleet.Testing.ApiServers;
using Fleet.Testing.Servers;
using Microsoft.Extensions.DependencyInjection;

namespace Fleet.Observability.Tests.Query;

/// <summary>The ways in and the questions on one port, PostgreSQL behind, and callers with real tokens and real RBAC: one for the clusters of team-a, one for all, one for none.</summary>
public class QueryFixture : IAsyncLifetime
{
    private static readonly ResourceKind Accounts = new("", "v1", "ServiceAccount", "serviceaccounts", Namespaced: true);

    private IKubernetesClient management = null!;
    private PrivatePostgres postgres = null!;

    public IngestHost Host { get; private set; } = null!;

    public string Everything { get; private set; } = "";

    public string TeamA { get; private set; } = "";

    public string Nobody { get; private set; } = "";

    /// <summary>Where metrics are asked for; null: nowhere.</summary>
    protected virtual Task<MetricsStore?> StartStoreAsync() => Task.FromResult<MetricsStore?>(null);

    public MetricsStore? Store { get; private set; }

    public virtual async ValueTask InitializeAsync()
    {
        Store = await StartStoreAsync();
        var metrics = Store is null ? null : MetricsQueryOptions.For(Store.WriteAddress.AbsoluteUri, null, null);
        var server = await EmbeddedApiServer.SharedAsync();
        management = KubernetesClient.Create(KubeConfig.LoadEndpoint(new() { Paths = [server.KubeconfigPath] }));
        postgres = await PrivatePostgres.StartAsync();
        Host = await IngestHost.StartAsync(
            store: Store?.WriteAddress, postgres: postgres.ConnectionString, add: services => services.AddSingleton(management).AddSingleton<EventStore>().AddTelemetryQueries(metrics), map: application => application.MapTelemetryQueries());
        await ApplyAsync("{apiVersion: v1, kind: Namespace, metadata: {name: team-a}}");
        (Everything, TeamA, Nobody) = (await TokenAsync("everything"), await TokenAsync("reader"), await TokenAsync("nobody"));
        const string rule = "{apiGroups: [k0rdent.mirantis.com], resources: [clusterdeployments/telemetry], verbs: [get]}";
        await GrantAsync("everything", "Cluster", "", $"{rule}, {{apiGroups: [''], resources: [events], verbs: [list]}}");
        await GrantAsync("reader", "", ", namespace: team-a", rule);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Host.DisposeAsync();
        if (Store is not null)
            await Store.DisposeAsync();
        await postgres.DisposeAsync();
        management.Dispose();
    }

    public async Task<(int Status, string Text)> GetAsync(string path, string? token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var response = await Host.Client.SendAsync(request);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    public async Task<JsonNode> OkAsync(string path, string token)
    {
        var (status, text) = await GetAsync(path, token);
        Assert.True(status == 200, $"{path}: {status} {text}");
        return JsonNode.Parse(text)!;
    }

    private async Task<string> TokenAsync(string name)
    {
        await ApplyAsync($"{{apiVersion: v1, kind: ServiceAccount, metadata: {{name: {name}, namespace: team-a}}}}");
        var answer = await management.Dynamic(Accounts).CreateSubresourceAsync(
            new("team-a", name), "token", new() { ["apiVersion"] = "authentication.k8s.io/v1", ["kind"] = "TokenRequest", ["spec"] = new JsonObject() }, CancellationToken.None);
        return (string)answer["status"]!["token"]!;
    }

    private async Task GrantAsync(string name, string scope, string place, string rules)
    {
        await ApplyAsync($"{{apiVersion: rbac.authorization.k8s.io/v1, kind: {scope}Role, metadata: {{name: query-{name}{place}}}, rules: [{rules}]}}");
        await ApplyAsync(
            $"{{apiVersion: rbac.authorization.k8s.io/v1, kind: {scope}RoleBinding, metadata: {{name: query-{name}{place}}}, roleRef: {{apiGroup: rbac.authorization.k8s.io, kind: {scope}Role, name: query-{name}}}, "
            + $"subjects: [{{kind: ServiceAccount, name: {name}, namespace: team-a}}]}}");
    }

    private async Task ApplyAsync(string yaml)
    {
        var document = KubernetesYaml.ReadAll(yaml).Single();
        var kind = await management.FindKindAsync(GroupVersionKind.Parse((string)document["apiVersion"]!, (string)document["kind"]!), CancellationToken.None);
        await management.Dynamic(kind!).ApplyAsync(document, new("test") { Force = true }, CancellationToken.None);
    }
}
