using System.Text.Json.Nodes;
using Fleet.Contracts.Components;
using Fleet.Contracts.Conditions;
using Fleet.Control.Kinds;
using Fleet.ControlPlane.Hosting;
using Fleet.ControlPlane.Simulation;
using Fleet.Kubernetes;
using Fleet.Kubernetes.Configuration;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.Integration.Tests.ClusterManager;

/// <summary>An API server of its own with simulated infrastructure and Cluster API's core, reached over a way that can be cut.</summary>
internal sealed class RegionalCluster : IAsyncDisposable
{
    private readonly ControlPlaneHost host;
    private readonly FleetSimulation simulation;
    private readonly StallingPath path;

    private RegionalCluster(string name, ControlPlaneHost host, FleetSimulation simulation)
    {
        (Name, this.host, this.simulation) = (name, host, simulation);
        path = new(host.Address);
        Client = KubernetesClient.Create(KubeConfig.LoadEndpoint(new() { Paths = [host.KubeconfigPath] }));
    }

    public string Name { get; }

    /// <summary>For the test itself: not by the way that can be cut.</summary>
    public KubernetesClient Client { get; }

    public StallingPath Path => path;

    public string Kubeconfig => File.ReadAllText(host.KubeconfigPath).Replace(host.Address.Authority, path.Authority, StringComparison.Ordinal);

    public static async Task<RegionalCluster> StartAsync(string name)
    {
        var host = await ControlPlaneHost.StartAsync(new()
        {
            Metrics = FleetSimulation.Metrics(TimeProvider.System), PodLogs = FleetSimulation.PodLogs(TimeProvider.System),
        });
        return new(name, host, await FleetSimulation.StartAsync(host.Clusters, new(), TimeProvider.System, null, CancellationToken.None));
    }

    /// <summary>Region and Secret, and a Credential of the region's name in the usual namespace.</summary>
    public string Manifest(string? kubeconfig = null) => $$"""
        apiVersion: v1
        kind: Secret
        metadata: {name: {{Name}}-access, namespace: kcm-system}
        data: {value: {{Encode(kubeconfig ?? Kubeconfig)}} }
        ---
        apiVersion: k0rdent.mirantis.com/v1beta1
        kind: Region
        metadata: {name: {{Name}} }
        spec: {kubeConfig: {name: {{Name}}-access, key: value} }
        ---
        apiVersion: v1
        kind: Secret
        metadata: {name: {{Name}}-keys, namespace: {{SimulatedFleet.Namespace}} }
        stringData: {word: first}
        ---
        apiVersion: k0rdent.mirantis.com/v1beta1
        kind: Credential
        metadata: {name: {{Name}}, namespace: {{SimulatedFleet.Namespace}} }
        spec: {region: {{Name}}, identityRef: {apiVersion: v1, kind: Secret, name: {{Name}}-keys, namespace: {{SimulatedFleet.Namespace}} } }
        """;

    public string ClusterManifest(string name, string spec = "") => SimulatedFleet.Manifest(name, $"credential: {Name}{(spec.Length > 0 ? ", " + spec : "")}");

    public async Task<DynamicObject?> CapiClusterAsync(string name) => await Client.Dynamic(SimulatedFleet.Clusters).GetAsync(new(SimulatedFleet.Namespace, name), CancellationToken.None);

    public async Task<IReadOnlyList<string>> SecretsAsync(string selector) =>
        [.. (await Client.Dynamic(CoreKinds.Secrets).ListAsync(new() { Namespace = SimulatedFleet.Namespace, LabelSelector = selector }, CancellationToken.None)).Items.Select(item => item.Key.Name)];

    public static string Encode(string text) => Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(text));

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await path.DisposeAsync();
        await simulation.DisposeAsync();
        await host.DisposeAsync();
    }
}

/// <summary>What tests ask about regions.</summary>
internal static class RegionQuestions
{
    public static Task<Region?> UntilRegionAsync(this ManagementCluster management, string name, Func<Region?, bool> isRight) => ManagementCluster.UntilAsync(
        () => management.Client.Resource(FleetKinds.Regions).GetAsync(ObjectKey.Cluster(name), CancellationToken.None), isRight,
        seen => seen is null ? "no Region" : string.Join("\n", (seen.Status?.Conditions ?? []).Select(c => $"{c.Type}={c.Status} {c.Reason}: {c.Message}")));

    public static Task<Region?> RegionIsReadyAsync(this ManagementCluster management, string name) =>
        management.UntilRegionAsync(name, region => region.Find(SharedConditions.Ready) is { Status: ConditionStatus.True } ready && ready.Reason == ComponentsConditions.AllComponentsHealthy);

    public static Condition? Find(this Region? region, ConditionType type) => region?.Status?.Conditions?.Find(condition => condition.Type == type);

    public static Task PatchRegionAsync(this ManagementCluster management, string name, string patch) => management.Client.Resource(FleetKinds.Regions).PatchAsync(
        ObjectKey.Cluster(name), Patch.Merge((JsonObject)JsonNode.Parse(patch)!), PatchOptions.Default, CancellationToken.None);

    public static Task PatchClusterAsync(this ManagementCluster management, string name, string patch) => management.Client.Resource(FleetKinds.ClusterDeployments).PatchAsync(
        new(SimulatedFleet.Namespace, name), Patch.Merge((JsonObject)JsonNode.Parse(patch)!), PatchOptions.Default, CancellationToken.None);
}
