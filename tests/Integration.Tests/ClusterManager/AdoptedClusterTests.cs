using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Fleet.Contracts.Clusters;
using Fleet.Contracts.Conditions;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.Integration.Tests.ClusterManager;

public class AdoptedClusterTests
{
    private const string Objects = """
        apiVersion: k0rdent.mirantis.com/v1beta1
        kind: Credential
        metadata: {name: edge, namespace: mon-organisation}
        spec: {identityRef: {apiVersion: v1, kind: Secret, name: edge-access}}
        ---
        apiVersion: k0rdent.mirantis.com/v1beta1
        kind: ClusterDeployment
        metadata: {name: edge, namespace: mon-organisation}
        spec: {template: adopted-cluster-0-1-0, credential: edge}
        """;

    private static readonly ObjectKey Edge = new("mon-organisation", "edge");

    [Fact]
    public async Task An_adopted_cluster_is_ready_when_it_answers_and_not_while_its_kubeconfig_is_wrong()
    {
        await using var management = await ManagementCluster.StartAsync();
        await management.ApplyAsync(await File.ReadAllTextAsync(
            ManagementCluster.RepositoryFile("deploy", "crds-foreign", "lib.projectsveltos.io_sveltosclusters.yaml")));
        await management.ServeCatalogAsync();
        var kubeconfig = management.ExistingCluster("edge");
        await GiveAsync(management, "not a kubeconfig");
        await management.ApplyAsync(Objects);
        var wrong = await UntilAsync(management, cluster => Find(cluster, ClusterDeploymentConditions.ClusterReachable)?.Status == ConditionStatus.False);
        Assert.Equal(ClusterDeploymentConditions.KubeconfigInvalid, Find(wrong, ClusterDeploymentConditions.ClusterReachable)!.Reason);
        Assert.Equal(ConditionStatus.False, Find(wrong, SharedConditions.Ready)!.Status);

        await GiveAsync(management, kubeconfig);
        var ready = await UntilAsync(management, cluster => Find(cluster, SharedConditions.Ready)?.Status == ConditionStatus.True);
        Assert.Null(Find(ready, ClusterDeploymentConditions.CapiClusterSummary));
        var published = await management.Client.Dynamic(CoreKinds.Secrets).GetAsync(new(Edge.Namespace, "edge-kubeconfig"), CancellationToken.None);
        Assert.Equal(kubeconfig, Encoding.UTF8.GetString(Convert.FromBase64String((string)published!.At("data", "value")!)));
        await RestShowsItAsync(management);

        await management.Client.Resource(FleetKinds.ClusterDeployments).DeleteAsync(Edge, DeleteOptions.Background, CancellationToken.None);
        await UntilAsync(management, cluster => cluster is null);
    }

    [Fact]
    public async Task A_dry_run_checks_and_creates_nothing()
    {
        await using var management = await ManagementCluster.StartAsync();
        await management.ServeCatalogAsync();
        await GiveAsync(management, management.ExistingCluster("edge"));
        await management.ApplyAsync(Objects.Replace("credential: edge}", "credential: edge, dryRun: true}", StringComparison.Ordinal));
        await UntilAsync(management, cluster => Find(cluster, SharedConditions.Ready) is { Status: ConditionStatus.True } ready && ready.Message.StartsWith("Dry run", StringComparison.Ordinal));
        var records = await management.Client.Dynamic(CoreKinds.Secrets).ListAsync(new() { Namespace = Edge.Namespace, LabelSelector = "owner=helm" }, CancellationToken.None);
        Assert.Empty(records.Items);
    }

    private static async Task RestShowsItAsync(ManagementCluster management)
    {
        using var http = new HttpClient { BaseAddress = management.Api };
        var anonymous = await http.GetAsync(new Uri("/api/v1/clusters", UriKind.Relative));
        Assert.Equal((HttpStatusCode.Unauthorized, "application/problem+json"), (anonymous.StatusCode, anonymous.Content.Headers.ContentType?.MediaType));

        await management.ApplyAsync("""
            apiVersion: v1
            kind: ServiceAccount
            metadata: {name: reader, namespace: mon-organisation}
            """);
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await TokenAsync(management));
        Assert.Equal(HttpStatusCode.Forbidden, (await http.GetAsync(new Uri("/api/v1/clusters?namespace=mon-organisation", UriKind.Relative))).StatusCode);

        await management.ApplyAsync("""
            apiVersion: rbac.authorization.k8s.io/v1
            kind: Role
            metadata: {name: reader, namespace: mon-organisation}
            rules: [{apiGroups: [k0rdent.mirantis.com], resources: [clusterdeployments], verbs: [get, list]}]
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: RoleBinding
            metadata: {name: reader, namespace: mon-organisation}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader}
            subjects: [{kind: ServiceAccount, name: reader, namespace: mon-organisation}]
            """);
        var one = JsonNode.Parse(await http.GetStringAsync(new Uri("/api/v1/clusters/mon-organisation/edge", UriKind.Relative)))!;
        Assert.Equal(("edge", true), ((string?)one["name"], (bool)one["ready"]!));
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync(new Uri("/api/v1/clusters/mon-organisation/other", UriKind.Relative))).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await http.GetAsync(new Uri("/api/v1/clusters/kcm-system/other", UriKind.Relative))).StatusCode);
    }

    private static async Task<string> TokenAsync(ManagementCluster management)
    {
        var tokens = new ResourceKind("", "v1", "TokenRequest", "serviceaccounts/reader/token", Namespaced: true);
        var answer = await management.Client.Dynamic(tokens).CreateAsync(
            new(new JsonObject
            {
                ["apiVersion"] = "authentication.k8s.io/v1",
                ["kind"] = "TokenRequest",
                ["metadata"] = new JsonObject { ["name"] = "reader", ["namespace"] = "mon-organisation" },
                ["spec"] = new JsonObject { ["expirationSeconds"] = 600 },
            }),
            CancellationToken.None);
        return (string)answer.At("status", "token")!;
    }

    private static Task GiveAsync(ManagementCluster management, string kubeconfig) => management.ApplyAsync($$"""
        apiVersion: v1
        kind: Secret
        metadata: {name: edge-access, namespace: mon-organisation}
        data: {value: {{Convert.ToBase64String(Encoding.UTF8.GetBytes(kubeconfig))}}}
        """);

    private static Task<CustomResource<ClusterDeploymentSpec, ClusterDeploymentStatus>?> UntilAsync(
        ManagementCluster management, Func<CustomResource<ClusterDeploymentSpec, ClusterDeploymentStatus>?, bool> isRight) =>
        ManagementCluster.UntilAsync(() => management.ClusterAsync(Edge.Namespace, Edge.Name), isRight, Describe);

    private static string Describe(CustomResource<ClusterDeploymentSpec, ClusterDeploymentStatus>? cluster) =>
        cluster is null ? "no such object" : string.Join("\n", (cluster.Status?.Conditions ?? []).Select(c => $"{c.Type}={c.Status} {c.Reason}: {c.Message}"));

    private static Condition? Find(CustomResource<ClusterDeploymentSpec, ClusterDeploymentStatus>? cluster, ConditionType type) =>
        cluster?.Status?.Conditions?.Find(condition => condition.Type == type);
}
