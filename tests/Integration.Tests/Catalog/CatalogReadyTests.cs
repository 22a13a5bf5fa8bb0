using System.Text;
using System.Text.Json.Nodes;
using Fleet.Contracts.Clusters;
using Fleet.Contracts.Conditions;
using Fleet.Control.Kinds;
using Fleet.Integration.Tests.ClusterManager;
using Fleet.Kubernetes;
using Fleet.Kubernetes.Configuration;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.Integration.Tests.Catalog;

/// <summary>
/// Every template of the catalog becomes a cluster in simulated infrastructure, from the samples as users copy them, all at the same time; then all go away.
/// </summary>
public sealed class CatalogReadyTests
{
    private const string Namespace = "team-a";

    // Two cores make fifteen clusters in about half a minute; more than that is another test's load.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);
    private static readonly ResourceKind Nodes = new("", "v1", "Node", "nodes", Namespaced: false);

    /// <summary>Nodes of a cluster: its machines; a hosted or managed control plane has none.</summary>
    private static readonly Dictionary<string, int> NodesWanted = new(StringComparer.Ordinal)
    {
        ["aws-example"] = 3, ["eks-example"] = 2, ["azure-example"] = 3, ["aks-example"] = 3, ["gcp-example"] = 3, ["gke-example"] = 3, ["openstack-example"] = 3,
        ["vsphere-example"] = 3, ["kubevirt-example"] = 3, ["docker-example"] = 2, ["docker-alone"] = 1, ["remote-example"] = 2, ["simulated-example"] = 3, ["finops"] = 3, ["adopted-example"] = 0,
    };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_sample_becomes_ready_with_its_nodes_and_goes_away_again()
    {
        // All of them go at the end, which the breaker is there to prevent.
        await using var management = await ManagementCluster.StartAsync(options => options with { Deletion = options.Deletion with { Breaker = new() { Share = 1 } } });
        await management.ServeCatalogAsync();
        var existing = Indent(management.ExistingCluster("existing"));
        var started = TimeProvider.System.GetTimestamp();
        await management.ApplyAsync($"{{apiVersion: v1, kind: Namespace, metadata: {{name: {Namespace} }} }}");
        // What is applied beside a cluster (2-) or inside of it (3-) is for other tests.
        foreach (var file in Directory.EnumerateFiles(CatalogSource.Samples, "*.yaml", SearchOption.AllDirectories)
            .Where(f => Path.GetDirectoryName(f) != CatalogSource.Samples && Path.GetFileName(f)[0] is not ('2' or '3')).Order(StringComparer.Ordinal))
            await management.ApplyAsync((await File.ReadAllTextAsync(file, Ct)).Replace(": KUBECONFIG", ": |\n" + existing, StringComparison.Ordinal));
        await AddAuditedAsync(management);

        var ready = await UntilAsync(management, clusters => clusters.Count == NodesWanted.Count && clusters.All(IsReady));
        TestContext.Current.SendDiagnosticMessage($"{ready.Count} clusters ready after {TimeProvider.System.GetElapsedTime(started).TotalSeconds:0.0} s");
        Assert.Equal(NodesWanted.Keys.Order(StringComparer.Ordinal), ready.Select(c => c.Metadata.Name!).Order(StringComparer.Ordinal));
        foreach (var (name, wanted) in NodesWanted)
            Assert.Equal((name, wanted), (name, await ReadyNodesAsync(management, name)));
        await AssertAuditedAsync(management);

        foreach (var name in NodesWanted.Keys)
            await management.Client.Resource(FleetKinds.ClusterDeployments).DeleteAsync(new(Namespace, name), DeleteOptions.Background, Ct);
        await UntilAsync(management, clusters => clusters.Count == 0);
        foreach (var kind in (string[])["Cluster", "Machine", "AWSCluster", "AzureCluster", "GCPCluster", "GCPManagedCluster", "GCPManagedControlPlane", "DevCluster", "RemoteMachine"])
        {
            var group = kind is "Cluster" or "Machine" ? "cluster.x-k8s.io" : "infrastructure.cluster.x-k8s.io";
            var found = await management.Client.FindKindAsync(new(group, "v1beta2", kind), Ct) ?? await management.Client.FindKindAsync(new(group, "v1beta1", kind), Ct);
            Assert.Empty((await management.Client.Dynamic(found!).ListAsync(new() { Namespace = Namespace }, Ct)).Items);
        }
    }

    /// <summary>A cluster without workers, with an audit policy.</summary>
    private static Task AddAuditedAsync(ManagementCluster management) => management.ApplyAsync($$"""
        apiVersion: k0rdent.mirantis.com/v1beta1
        kind: ClusterAuditPolicy
        metadata:
          name: metadata-only
          namespace: {{Namespace}}
        spec:
          policy: {rules: [{level: Metadata}]}
        ---
        apiVersion: k0rdent.mirantis.com/v1beta1
        kind: ClusterDeployment
        metadata:
          name: docker-alone
          namespace: {{Namespace}}
        spec:
          template: docker-standalone-cp-0-1-0
          credential: docker
          auditPolicy: metadata-only
          config:
            workersNumber: 0
        """);

    private static async Task AssertAuditedAsync(ManagementCluster management)
    {
        var kind = await management.Client.FindKindAsync(new("controlplane.cluster.x-k8s.io", "v1beta2", "KubeadmControlPlane"), Ct);
        var plane = await management.Client.Dynamic(kind!).GetAsync(new(Namespace, "docker-alone-cp"), Ct);
        // kubeadm's machines take files from Secrets only.
        var file = Assert.Single((JsonArray)plane!.At("spec", "kubeadmConfigSpec", "files")!);
        Assert.Matches("^/etc/kubernetes/audit/policy-[0-9a-f]{8}.yaml$", (string)file!["path"]!);
        Assert.Equal("docker-alone-audit-policy", (string?)file["contentFrom"]!["secret"]!["name"]);
        Assert.NotNull((await management.Client.Dynamic(CoreKinds.Secrets).GetAsync(new(Namespace, "docker-alone-audit-policy"), Ct))!.At("data", "policy"));
        // Its only node takes what workers would.
        Assert.Null(Assert.Single(await NodesAsync(management, "docker-alone")).At("spec", "taints"));
        Assert.Contains(await NodesAsync(management, "docker-example"), n => n.At("spec", "taints") is JsonArray { Count: > 0 });
    }

    private static async Task<int> ReadyNodesAsync(ManagementCluster management, string cluster) =>
        (await NodesAsync(management, cluster)).Count(node =>
            ((JsonArray)node.At("status", "conditions")!).Any(c => (string?)c!["type"] == "Ready" && (string?)c["status"] == "True"));

    private static async Task<IReadOnlyList<DynamicObject>> NodesAsync(ManagementCluster management, string cluster)
    {
        var secret = await management.Client.Dynamic(CoreKinds.Secrets).GetAsync(new(Namespace, cluster + "-kubeconfig"), Ct);
        var kubeconfig = Encoding.UTF8.GetString(Convert.FromBase64String((string)secret!.At("data", "value")!));
        using var client = KubernetesClient.Create(KubeConfig.Parse(kubeconfig, cluster).Endpoint());
        return (await client.Dynamic(Nodes).ListAsync(new(), Ct)).Items;
    }

    private static async Task<IReadOnlyList<CustomResource<ClusterDeploymentSpec, ClusterDeploymentStatus>>> UntilAsync(
        ManagementCluster management, Func<IReadOnlyList<CustomResource<ClusterDeploymentSpec, ClusterDeploymentStatus>>, bool> isRight)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var clusters = (await management.Client.Resource(FleetKinds.ClusterDeployments).ListAsync(new() { Namespace = Namespace }, Ct)).Items;
            if (isRight(clusters)) return clusters;
            if (TimeProvider.System.GetElapsedTime(start) > Patience)
                throw new TimeoutException("not in time; last seen:\n" + string.Join('\n', clusters.Where(c => !IsReady(c)).Select(Describe)));
            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, Ct);
        }
    }

    private static bool IsReady(CustomResource<ClusterDeploymentSpec, ClusterDeploymentStatus> cluster) =>
        cluster.Status?.Conditions?.Find(c => c.Type == SharedConditions.Ready)?.Status == ConditionStatus.True;

    private static string Describe(CustomResource<ClusterDeploymentSpec, ClusterDeploymentStatus> cluster) =>
        $"{cluster.Metadata.Name}: {string.Join("; ", (cluster.Status?.Conditions ?? []).Where(c => c.Status != ConditionStatus.True).Select(c => $"{c.Type} {c.Reason} {c.Message}"))}";

    private static string Indent(string text) => string.Join('\n', text.Split('\n').Select(line => "    " + line));
}
