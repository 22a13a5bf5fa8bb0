using System.Text.Json.Nodes;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.StateManager;
using Fleet.Testing.ApiServers;
using Fleet.Testing.Servers;

namespace Fleet.Integration.Tests.StateManager.Compliance;

/// <summary>A StateManager with a PostgreSQL of its own for the compliance report, and definitions of the kinds that policy engines write.</summary>
public sealed class ComplianceEnvironment : StateManagerEnvironment
{
    public const string Constraints = "constraints.gatekeeper.sh/v1beta1";
    public const string Reports = "wgpolicyk8s.io/v1alpha2";

    private static readonly ResourceKind Definitions = new("apiextensions.k8s.io", "v1", "CustomResourceDefinition", "customresourcedefinitions", false);

    public PrivatePostgres Postgres { get; private set; } = null!;

    public override async ValueTask InitializeAsync()
    {
        Postgres = await PrivatePostgres.StartAsync();
        await base.InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Postgres.DisposeAsync();
    }

    protected override StateManagerOptions Settings(StateManagerOptions options) => options with
    {
        Compliance = new() { Database = Postgres.ConnectionString, Gather = TimeSpan.FromMilliseconds(50), Heartbeat = TimeSpan.FromSeconds(2), Pause = TimeSpan.FromMilliseconds(100) },
    };

    /// <summary>A ClusterDeployment whose cluster is a simulated one, or an API server.</summary>
    public async Task<IKubernetesClient> ClusterAsync(string name, IApiServerFixture? server = null)
    {
        IKubernetesClient client;
        if (server is null)
        {
            client = await AddClusterAsync(name);
        }
        else
        {
            var kubeconfig = await File.ReadAllTextAsync(server.KubeconfigPath);
            await SetKubeconfigAsync(name, kubeconfig);
            client = Connect(name, kubeconfig);
        }
        await DeployAsync(name);
        return client;
    }

    public Task DeployAsync(string name, string env = "prod") => ApplyAsync($$"""
        {"apiVersion":"k0rdent.mirantis.com/v1beta1","kind":"ClusterDeployment","metadata":{"name":"{{name}}","namespace":"{{Namespace}}","labels":{"env":"{{env}}"} },"spec":{"template":"none"} }
        """);

    /// <summary>What Kyverno's and Gatekeeper's charts bring.</summary>
    public static async Task DefineAsync(IKubernetesClient cluster)
    {
        await DefineAsync(cluster, "wgpolicyk8s.io", "PolicyReport", "policyreports", "Namespaced", "v1alpha2", "v1beta1");
        await DefineAsync(cluster, "wgpolicyk8s.io", "ClusterPolicyReport", "clusterpolicyreports", "Cluster", "v1alpha2", "v1beta1");
        await DefineAsync(cluster, "constraints.gatekeeper.sh", "K8sRequiredLabels", "k8srequiredlabels", "Cluster", "v1alpha1", "v1beta1");
    }

    public static async Task DefineAsync(IKubernetesClient cluster, string group, string kind, string plural, string scope, params string[] versions) =>
        await cluster.Dynamic(Definitions).ApplyAsync(
            (JsonObject)JsonNode.Parse($$$"""
                {"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition","metadata":{"name":"{{{plural}}}.{{{group}}}","annotations":{"api-approved.kubernetes.io":"unapproved, a test"}},
                 "spec":{"group":"{{{group}}}","scope":"{{{scope}}}","names":{"kind":"{{{kind}}}","plural":"{{{plural}}}","singular":"{{{kind.ToLowerInvariant()}}}","listKind":"{{{kind}}}List"},
                  "versions":[{{{string.Join(',', versions.Select(version => $$"""
                     {"name":"{{version}}","served":true,"storage":{{(version == versions[0] ? "true" : "false")}},"schema":{"openAPIV3Schema":{"type":"object","x-kubernetes-preserve-unknown-fields":true} } }
                     """))}}}]} }
                """)!,
            new ApplyOptions("test") { Force = true }, default);

    public static Task UndefineAsync(IKubernetesClient cluster, params string[] names) =>
        Task.WhenAll(names.Select(name => cluster.Dynamic(Definitions).DeleteAsync(ObjectKey.Cluster(name), DeleteOptions.Background, default)));

    /// <summary>Kyverno's report about one pod, as its reports controller writes them: the pod is the scope.</summary>
    public static JsonObject PodReport(string @namespace, string pod, params (string Policy, string Result)[] results) => new()
    {
        ["apiVersion"] = Reports,
        ["kind"] = "PolicyReport",
        ["metadata"] = new JsonObject { ["name"] = $"report-{pod}", ["namespace"] = @namespace, ["labels"] = new JsonObject { ["app.kubernetes.io/managed-by"] = "kyverno" } },
        ["scope"] = new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Pod", ["name"] = pod, ["namespace"] = @namespace },
        ["results"] = new JsonArray([.. results.Select(result => (JsonNode)new JsonObject
        {
            ["source"] = "kyverno", ["policy"] = result.Policy, ["rule"] = "check", ["result"] = result.Result, ["scored"] = true, ["severity"] = "medium", ["message"] = $"{result.Policy}: {result.Result}",
        })]),
    };

    /// <summary>A constraint after an audit.</summary>
    public static JsonObject Constraint(string name, int total, params string[] namespaces) => (JsonObject)JsonNode.Parse($$$"""
        {"apiVersion":"{{{Constraints}}}","kind":"K8sRequiredLabels","metadata":{"name":"{{{name}}}"},"spec":{"enforcementAction":"deny","match":{"kinds":[{"apiGroups":[""],"kinds":["Namespace"]}]}},
         "status":{"auditTimestamp":"2026-11-21T12:00:00Z","totalViolations":{{{total}}},"violations":[{{{string.Join(',', namespaces.Select(n => $$"""
            {"enforcementAction":"deny","group":"","version":"v1","kind":"Namespace","name":"{{n}}","message":"you must provide labels: {\"owner\"}"}
            """))}}}]} }
        """)!;

    public static async Task WriteAsync(IKubernetesClient cluster, JsonObject manifest)
    {
        var type = GroupVersionKind.Parse((string)manifest["apiVersion"]!, (string)manifest["kind"]!);
        var kind = await EventuallyAsync(() => cluster.FindKindAsync(type, default), found => found is not null, $"{type} is served");
        if ((string?)manifest["metadata"]!["namespace"] is { } @namespace)
            await cluster.Dynamic(new("", "v1", "Namespace", "namespaces", false)).ApplyAsync(
                new() { ["apiVersion"] = "v1", ["kind"] = "Namespace", ["metadata"] = new JsonObject { ["name"] = @namespace } }, new ApplyOptions("test") { Force = true }, default);
        await EventuallyAsync(
            async () =>
            {
                try
                {
                    await cluster.Dynamic(kind!).ApplyAsync((JsonObject)manifest.DeepClone(), new ApplyOptions("engine") { Force = true }, default);
                    return true;
                }
                catch (KubeApiException e) when (e.IsNotFound)
                {
                    return false;
                }
            }, done => done, $"{type} is written");
    }

    public Task ExceptAsync(string name, string cluster, DateTimeOffset expires, string policies = "\"*\"") => ApplyAsync($$"""
        {"apiVersion":"k0rdent.mirantis.com/v1beta1","kind":"ComplianceException","metadata":{"name":"{{name}}","namespace":"{{Namespace}}"},
         "spec":{"clusters":["{{cluster}}"],"policies":[{{policies}}],"reason":"a test","expires":"{{expires.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}}"} }
        """);

    /// <summary>The cluster in the report, as "fail+warn+excepted", with ! when it is stale; null while it is not there, or there is no answer.</summary>
    public async Task<JsonObject?> InReportAsync(HttpClient rest, string cluster) =>
        (await AskAsync(rest, $"/compliance/clusters?namespace={Namespace}&cluster={cluster}"))?["items"]!.AsArray().SingleOrDefault() as JsonObject;

    public async Task<JsonObject> InReportAsync(HttpClient rest, string cluster, string expected) => (await EventuallyAsync(
        () => InReportAsync(rest, cluster), seen => Said(seen) == expected, $"cluster {cluster} has {expected}"))!;

    public static string Said(JsonObject? cluster) => cluster is null
        ? "nothing"
        : $"{cluster["pass"]} pass {cluster["fail"]} fail {cluster["excepted"]} excepted{((bool?)cluster["stale"] == true ? " stale" : "")}";

    public static async Task<JsonNode?> AskAsync(HttpClient rest, string path)
    {
        using var response = await rest.GetAsync(new Uri("/api/v1" + path, UriKind.Relative));
        return response.IsSuccessStatusCode ? JsonNode.Parse(await response.Content.ReadAsStringAsync()) : null;
    }
}
