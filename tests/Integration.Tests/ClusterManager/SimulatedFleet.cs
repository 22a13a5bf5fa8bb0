using System.Text;
using System.Text.Json.Nodes;
using Fleet.ClusterManager;
using Fleet.Contracts.Conditions;
using Fleet.Control.Kinds;
using Fleet.Kubernetes;
using Fleet.Kubernetes.Configuration;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.Integration.Tests.ClusterManager;

/// <summary>Clusters of the catalog's simulated template, and what tests ask about them.</summary>
internal static class SimulatedFleet
{
    public const string Namespace = "mon-organisation";

    public static readonly ResourceKind Clusters = new("cluster.x-k8s.io", "v1beta2", "Cluster", "clusters", Namespaced: true);

    public static readonly ResourceKind Infrastructure = new("infrastructure.cluster.x-k8s.io", "v1beta2", "SimulatedCluster", "simulatedclusters", Namespaced: true);

    public static async Task<ManagementCluster> StartAsync(Func<ClusterManagerOptions, ClusterManagerOptions>? configure = null)
    {
        var management = await ManagementCluster.StartAsync(configure);
        await management.ServeCatalogAsync();
        return management;
    }

    /// <param name="spec">Further fields of the spec, in YAML's flow form.</param>
    public static string Manifest(string name, string spec = "", string @namespace = Namespace, string annotations = "") =>
        "apiVersion: k0rdent.mirantis.com/v1beta1\nkind: ClusterDeployment\n"
        + $"metadata: {{ name: {name}, namespace: {@namespace}, annotations: {{ {annotations} }} }}\n"
        + $"spec: {{ template: simulated-standalone-cp-0-1-0, config: {{ workersNumber: 1 }}{(spec.Length > 0 ? ", " + spec : "")} }}\n";

    public static async Task<ClusterDeployment> ReadyAsync(this ManagementCluster management, string name, string @namespace = Namespace) =>
        (await management.UntilAsync(name, cluster => cluster.Is(SharedConditions.Ready, ConditionStatus.True), @namespace))!;

    public static Task<ClusterDeployment?> UntilAsync(
        this ManagementCluster management, string name, Func<ClusterDeployment?, bool> isRight, string @namespace = Namespace) =>
        ManagementCluster.UntilAsync(() => management.ClusterAsync(@namespace, name), isRight, Describe);

    public static Task DeleteAsync(this ManagementCluster management, string name, string @namespace = Namespace) =>
        management.Client.Resource(FleetKinds.ClusterDeployments).DeleteAsync(new(@namespace, name), DeleteOptions.Background, CancellationToken.None);

    public static Task AnnotateAsync(this ManagementCluster management, ResourceKind kind, string name, string annotation, string? value) =>
        management.Client.Dynamic(kind).PatchAsync(
            new(Namespace, name),
            Patch.Merge(new() { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [annotation] = value } } }),
            PatchOptions.Default, CancellationToken.None);

    public static Task AnnotateAsync(this ManagementCluster management, string name, string annotation, string? value) =>
        management.AnnotateAsync(FleetKinds.ClusterDeployments.Kind, name, "k0rdent.mirantis.com/" + annotation, value);

    /// <summary>A client with the kubeconfig that users get.</summary>
    public static async Task<KubernetesClient> OpenAsync(this ManagementCluster management, string name)
    {
        var secret = await management.Client.Dynamic(CoreKinds.Secrets).GetAsync(new(Namespace, name + "-kubeconfig"), CancellationToken.None);
        var kubeconfig = Encoding.UTF8.GetString(Convert.FromBase64String((string)secret!.At("data", "value")!));
        return KubernetesClient.Create(KubeConfig.Parse(kubeconfig, name).Endpoint(new()));
    }

    public static Task<bool> HasEventAsync(this ManagementCluster management, string name, string reason) =>
        ManagementCluster.UntilAsync(
            async () => (await management.Client.Dynamic(new("events.k8s.io", "v1", "Event", "events", true)).ListAsync(new() { Namespace = Namespace }, CancellationToken.None))
                .Items.Any(item => (string?)item.At("regarding", "name") == name && (string?)item.At("reason") == reason),
            found => found, _ => $"no event {reason}");

    public static bool Is(this ClusterDeployment? cluster, ConditionType type, ConditionStatus status) => cluster.Find(type)?.Status == status;

    public static Condition? Find(this ClusterDeployment? cluster, ConditionType type) => cluster?.Status?.Conditions?.Find(condition => condition.Type == type);

    public static string Describe(ClusterDeployment? cluster) => cluster is null
        ? "no such object"
        : $"{cluster.Status?.Deletion}\n" + string.Join("\n", (cluster.Status?.Conditions ?? []).Select(c => $"{c.Type}={c.Status} {c.Reason}: {c.Message}"));
}
