using System.Text.Json.Nodes;
using Fleet.Contracts.Clusters;
using Fleet.Contracts.Conditions;
using Fleet.Control.Kinds;
using Fleet.Helm.Versions;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.Integration.Tests.ClusterManager;

/// <summary>A ready cluster of three control plane machines and two workers, with templates of three versions of Kubernetes to go to, along a chain.</summary>
internal sealed class UpgradeStage(ManagementCluster management) : IAsyncDisposable
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

    public static async Task<UpgradeStage> StartAsync(Func<Fleet.ClusterManager.ClusterManagerOptions, Fleet.ClusterManager.ClusterManagerOptions>? configure = null)
    {
        var management = await ManagementCluster.StartAsync(configure);
        var stage = new UpgradeStage(management);
        await management.ApplyAsync(Objects.Split("---", StringSplitOptions.TrimEntries)[1]);
        await management.ServeVersionsAsync("org", ("aws-33", "v1.33.1"), ("aws-34", "v1.34.0"), ("aws-35", "v1.35.0"));
        await management.ApplyAsync(Objects);
        await stage.UntilAsync(cluster => Condition(cluster, SharedConditions.Ready)?.Status == ConditionStatus.True && cluster?.Status?.Upgrade?.LastGood is not null);
        return stage;
    }

    public Task<ClusterDeployment?> UntilAsync(Func<ClusterDeployment?, bool> isRight) =>
        ManagementCluster.UntilAsync(() => management.ClusterAsync(Web.Namespace, Web.Name), isRight, Describe);

    /// <summary>As a user would: the spec, or annotations.</summary>
    public Task ChangeAsync(string patch) =>
        Client.Resource(FleetKinds.ClusterDeployments).PatchAsync(Web, Patch.Merge((JsonObject)JsonNode.Parse(patch)!), PatchOptions.Default, CancellationToken.None);

    public async Task<IReadOnlyList<DynamicObject>> ListAsync(string group, string kind)
    {
        var found = await Client.FindKindAsync(new(group, "v1beta2", kind), CancellationToken.None);
        return (await Client.Dynamic(found!).ListAsync(new() { Namespace = Web.Namespace }, CancellationToken.None)).Items;
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
