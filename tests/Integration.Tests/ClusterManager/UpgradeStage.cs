using System.Text.Json.Nodes;
using Fleet.Contracts.Clusters;
using Fleet.Contracts.Conditions;
using Fleet.Control.Kinds;
using Fleet.Helm.Versions;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.Integration.Tests.ClusterManager;

/// <summary>A ready cluster of three control plane machines and two workers, with templates of three versions of Kubernetes to go to, along a chain.</summary>
internal sealed class UpgradeStage(ManagementCluster management, RegionalCluster? region) : IAsyncDisposable
{
    public static readonly ObjectKey Web = new("org", "web");

    private const string Objects = """
        apiVersion: v1
        kind: Secret
        metadata: {name: aws-secret, namespace: kcm-system}
        stringData: {AccessKeyID: AKIAIOSFODNN7EXAMPLE, SecretAccessKey: wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY}
        ---
        apiVersion: v1
        kind: Namespace
        metadata: {name: org}
        ---
        apiVersion: infrastructure.cluster.x-k8s.io/v1beta2
        kind: AWSClusterStaticIdentity
        metadata: {name: aws-identity}
        spec: {secretRef: aws-secret, allowedNamespaces: {}}
        ---
        apiVersion: k0rdent.mirantis.com/v1beta1
        kind: Credential
        metadata: {name: aws, namespace: org}
        spec: {identityRef: {apiVersion: infrastructure.cluster.x-k8s.io/v1beta2, kind: AWSClusterStaticIdentity, name: aws-identity}}
        ---
        apiVersion: k0rdent.mirantis.com/v1beta1
        kind: ClusterTemplateChain
        metadata: {name: aws, namespace: org}
        spec:
          supportedTemplates:
            - {name: aws-33, availableUpgrades: [{name: aws-34}, {name: aws-35}]}
            - {name: aws-34, availableUpgrades: [{name: aws-35}]}
            - {name: aws-35}
        ---
        apiVersion: k0rdent.mirantis.com/v1beta1
        kind: ClusterDeployment
        metadata: {name: web, namespace: org}
        spec:
          template: aws-33
          credential: aws
          config: {controlPlaneNumber: 3, workersNumber: 2}
        """;

    public ManagementCluster Management => management;

    public IKubernetesClient Client => management.Client;

    /// <summary>Of the cluster that has the CAPI objects.</summary>
    public IKubernetesClient CapiClient => region?.Client ?? management.Client;

    /// <param name="region">Where the cluster is made; null for the management cluster.</param>
    public static async Task<UpgradeStage> StartAsync(Func<Fleet.ClusterManager.ClusterManagerOptions, Fleet.ClusterManager.ClusterManagerOptions>? configure = null, RegionalCluster? region = null)
    {
        var management = await ManagementCluster.StartAsync(configure);
        var stage = new UpgradeStage(management, region);
        if (region is not null)
            await management.ApplyAsync(region.Manifest());
        await management.ApplyAsync(Objects.Split("---", StringSplitOptions.TrimEntries)[1]);
        await management.ServeVersionsAsync("org", ("aws-33", "v1.33.1"), ("aws-34", "v1.34.0"), ("aws-35", "v1.35.0"));
        await management.ApplyAsync(region is null ? Objects : Objects.Replace("spec: {identityRef:", $"spec: {{region: {region.Name}, identityRef:", StringComparison.Ordinal));
        await stage.UntilAsync(cluster => Condition(cluster, SharedConditions.Ready)?.Status == ConditionStatus.True && cluster?.Status?.Upgrade?.LastGood is not null);
        return stage;
    }

    public Task<ClusterDeployment?> UntilAsync(Func<ClusterDeployment?, bool> isRight) =>
        ManagementCluster.UntilAsync(() => management.ClusterAsync(Web.Namespace, Web.Name), isRight, Describe);

    /// <summary>As a user would: the spec, or annotations.</summary>
    public Task ChangeAsync(string patch) =>
        Client.Resource(FleetKinds.ClusterDeployments).PatchAsync(Web, Patch.Merge((JsonObject)JsonNode.Parse(patch)!), PatchOptions.Default, CancellationToken.None);

    /// <summary>By REST, as a user who may read the cluster.</summary>
    public async Task<JsonNode> PlanAsync(string body)
    {
        await management.ApplyAsync(PlanTests.Reader);
        using var http = new HttpClient { BaseAddress = management.Api };
        http.DefaultRequestHeaders.Authorization = new("Bearer", await PlanTests.TokenAsync(this));
        return await PlanTests.PlanAsync(http, body);
    }

    public async Task<IReadOnlyList<DynamicObject>> ListAsync(string group, string kind)
    {
        var found = await CapiClient.FindKindAsync(new(group, "v1beta2", kind), CancellationToken.None);
        return (await CapiClient.Dynamic(found!).ListAsync(new() { Namespace = Web.Namespace }, CancellationToken.None)).Items;
    }

    public Task<IReadOnlyList<DynamicObject>> MachinesAsync() => ListAsync("cluster.x-k8s.io", "Machine");

    public static Condition? Condition(ClusterDeployment? cluster, ConditionType type) => cluster?.Status?.Conditions?.Find(condition => condition.Type == type);

    public static bool IsCompleted(ClusterDeployment? cluster, string template) =>
        cluster?.Status?.Upgrade is { Phase: UpgradePhases.Completed } upgrade && upgrade.Template == template && Condition(cluster, ClusterDeploymentConditions.Upgrading) is null;

    public static SemanticVersion Version(DynamicObject machine) => SemanticVersion.TryParse((string)machine.At("spec", "version")!)!;

    public static bool IsControlPlane(DynamicObject machine) => machine.Metadata.Labels!.ContainsKey("cluster.x-k8s.io/control-plane");

    public ValueTask DisposeAsync() => management.DisposeAsync();

    private static string Describe(ClusterDeployment? cluster) => cluster is null
        ? "no such object"
        : string.Join("\n", (cluster.Status?.Conditions ?? []).Select(c => $"{c.Type}={c.Status} {c.Reason}: {c.Message}")) + $"\n{cluster.Status?.Upgrade}";
}
