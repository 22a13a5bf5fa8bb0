using System.Text.Json.Nodes;
using Fleet.Kubernetes;
using Fleet.Kubernetes.Configuration;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.Api.Tests;

/// <summary>Access to managed clusters. The API server is both management and managed cluster here: the kubeconfig Secret names it.</summary>
public sealed class KubeconfigTests
{
    private static readonly ResourceKind Pods = new("", "v1", "Pod", "pods", Namespaced: true);
    private static readonly ResourceKind Maps = new("", "v1", "ConfigMap", "configmaps", Namespaced: true);

    public static TheoryData<string> Servers => [.. Testing.ApiServers.ApiServers.Names];

    [Theory, MemberData(nameof(Servers))]
    public async Task A_role_gets_a_token_that_can_do_what_the_role_can_and_ends(string server)
    {
        await using var host = await WithManagedClusterAsync(server);
        var caller = await host.CallerAsync("viewer", Rules.ReadClusters, "{apiGroups: [k0rdent.mirantis.com], resources: [clusterdeployments/kubeconfig], verbs: [view]}");
        var path = $"/clusters/{host.Namespace}/edge/kubeconfig";
        using var response = await caller.PostAsync(path, """{"role":"view","expirationSeconds":600}""");
        var issued = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        Assert.True(response.IsSuccessStatusCode, issued.ToJsonString());
        Assert.Equal("no-store", response.Headers.CacheControl!.ToString());
        Assert.InRange((DateTimeOffset)issued["expires"]! - TimeProvider.System.GetUtcNow(), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(11));
        var kubeconfig = (string)issued["kubeconfig"]!;
        Assert.DoesNotContain("client-key", kubeconfig, StringComparison.Ordinal);
        using var inside = KubernetesClient.Create(KubeConfig.Parse(kubeconfig, "issued").Endpoint());
        await inside.Dynamic(Pods).ListAsync(new() { Namespace = "default" }, default);
        var refused = await Assert.ThrowsAsync<KubeApiException>(() => inside.Dynamic(Maps).CreateAsync(
            new(new JsonObject { ["metadata"] = new JsonObject { ["name"] = "x", ["namespace"] = "default" } }), default));
        Assert.True(refused.IsForbidden);
        Assert.Contains((string)issued["subject"]!, refused.Message, StringComparison.Ordinal);

        // The right to one role is no right to another, nor to the administrator's kubeconfig.
        await (await caller.PostAsync(path, """{"role":"edit"}""")).ProblemAsync(403, "forbidden");
        await (await caller.PostAsync(path, """{"role":"cluster-admin"}""")).ProblemAsync(403, "forbidden");
        await (await caller.PostAsync(path, """{"admin":true}""")).ProblemAsync(403, "forbidden");
        using var again = await caller.PostAsync(path, """{"role":"view"}""");
        Assert.True(again.IsSuccessStatusCode);
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task The_administrators_kubeconfig_is_for_those_who_may_read_its_Secret(string server)
    {
        await using var host = await WithManagedClusterAsync(server);
        var caller = await host.CallerAsync("keeper", Rules.ReadClusters, "{apiGroups: [''], resources: [secrets], resourceNames: [edge-kubeconfig], verbs: [get]}");
        using var response = await caller.PostAsync($"/clusters/{host.Namespace}/edge/kubeconfig", """{"admin":true}""");
        var issued = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        Assert.Equal(await File.ReadAllTextAsync(host.Server.KubeconfigPath), (string?)issued["kubeconfig"]);
        Assert.Null(issued["expires"]);
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task Wrong_requests_say_which_field_and_clusters_without_access_say_so(string server)
    {
        await using var host = await WithManagedClusterAsync(server);
        var admin = await host.AdminAsync();
        var path = $"/clusters/{host.Namespace}/edge/kubeconfig";
        (string Body, string[] Fields)[] wrong =
        [
            ("{}", ["role"]),
            ("""{"role":"*"}""", ["role"]),
            ("""{"role":"../admin","expirationSeconds":5}""", ["role", "expirationSeconds"]),
            ("""{"role":"view","expirationSeconds":86401}""", ["expirationSeconds"]),
            ("""{"role":"view","expirationSeconds":"soon"}""", ["expirationSeconds"]),
            ("""{"admin":true,"role":"view"}""", ["admin"]),
            ("""{"role":"no-such-role"}""", ["role"]),
            ("null", ["body"]),
            ("", ["body"]),
        ];
        foreach (var (body, fields) in wrong)
            Assert.Equal(fields, (await (await admin.PostAsync(path, body)).ProblemAsync(400, "invalid-request")).Fields());
        await host.ClusterAsync("young");
        await (await admin.PostAsync($"/clusters/{host.Namespace}/young/kubeconfig", """{"role":"view"}""")).ProblemAsync(409, "conflict");
        await (await admin.AskAsync($"/clusters/{host.Namespace}/young/nodes")).ProblemAsync(409, "conflict");
        await host.ClusterAsync("dark");
        await SecretAsync(host, "dark", "{apiVersion: v1, kind: Config, clusters: [{name: a, cluster: {server: 'https://127.0.0.1:1'}}], contexts: [{name: a, context: {cluster: a, user: ''}}], current-context: a}");
        var unreachable = await (await admin.AskAsync($"/clusters/{host.Namespace}/dark/nodes")).ProblemAsync(502, "managed-cluster");
        Assert.Contains("dark", (string?)unreachable["detail"], StringComparison.Ordinal);
        // A kubeconfig that would start a program is refused, not obeyed.
        await host.ClusterAsync("trap");
        await SecretAsync(host, "trap", "{apiVersion: v1, kind: Config, clusters: [{name: a, cluster: {server: 'https://127.0.0.1:1'}}], users: [{name: u, user: {exec: {apiVersion: client.authentication.k8s.io/v1, command: touch, args: [/tmp/fleet-trap]}}}], contexts: [{name: a, context: {cluster: a, user: u}}], current-context: a}");
        await (await admin.PostAsync($"/clusters/{host.Namespace}/trap/kubeconfig", """{"role":"view"}""")).ProblemAsync(502, "managed-cluster");
        Assert.False(File.Exists("/tmp/fleet-trap"));
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task Nodes_and_events_are_those_of_the_cluster(string server)
    {
        await using var host = await WithManagedClusterAsync(server);
        await host.ApplyAsync($"{{apiVersion: v1, kind: Node, metadata: {{name: {host.Namespace}-n1, labels: {{node-role.kubernetes.io/control-plane: ''}}}}, spec: {{unschedulable: true}}}}");
        foreach (var (name, about) in (IEnumerable<(string, string)>)[("e1", "edge"), ("e2", "other")])
            await host.ApplyAsync($"{{apiVersion: v1, kind: Event, metadata: {{name: {name}, namespace: {host.Namespace}}}, involvedObject: {{kind: ClusterDeployment, name: {about}, namespace: {host.Namespace}}}, reason: Ready, message: it is, type: Normal, count: 3, firstTimestamp: '2026-11-21T12:00:00Z', lastTimestamp: '2026-11-21T12:05:00Z'}}");
        var caller = await host.CallerAsync("reader", Rules.ReadClusters, "{apiGroups: [''], resources: [events], verbs: [list]}", "{apiGroups: [k0rdent.mirantis.com], resources: [clusterdeployments/nodes], verbs: [get]}");
        var nodes = (await caller.OkAsync($"/clusters/{host.Namespace}/edge/nodes?limit=500"))["items"]!.AsArray();
        var node = Assert.Single(nodes, node => (string?)node!["name"] == $"{host.Namespace}-n1")!;
        Assert.Equal(("control-plane", false, false), ((string?)node["roles"]![0], (bool?)node["schedulable"], (bool?)node["ready"]));
        var seen = Assert.Single((await caller.OkAsync($"/clusters/{host.Namespace}/edge/events"))["items"]!.AsArray())!;
        Assert.Equal((3, "it is", "2026-11-21T12:05:00+00:00"), ((int?)seen["count"], (string?)seen["message"], (string?)seen["lastSeen"]));
        await (await caller.AskAsync($"/clusters/{host.Namespace}/edge/machines")).ProblemAsync(403, "forbidden");
    }

    private static async Task<ApiHost> WithManagedClusterAsync(string server)
    {
        var host = await ApiHost.StartAsync(server, new() { ManagedClusterTimeout = TimeSpan.FromSeconds(20) });
        await host.ClusterAsync("edge");
        await SecretAsync(host, "edge", await File.ReadAllTextAsync(host.Server.KubeconfigPath));
        return host;
    }

    private static Task SecretAsync(ApiHost host, string cluster, string kubeconfig) => host.ApplyAsync(
        $"{{apiVersion: v1, kind: Secret, metadata: {{name: {cluster}-kubeconfig, namespace: {host.Namespace}}}, data: {{value: {Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(kubeconfig))}}}}}");
}
