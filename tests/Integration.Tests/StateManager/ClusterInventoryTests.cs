using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Fleet.Control.Queueing;
using Fleet.Helm.Releases;
using Fleet.Kubernetes;
using Fleet.Kubernetes.Configuration;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Kubernetes.Yaml;
using Fleet.StateManager.Inventory;
using Fleet.Testing;
using Fleet.Testing.ApiServers;
using Fleet.Testing.Processes;

namespace Fleet.Integration.Tests.StateManager;

/// <summary>Objects of releases that real helm has made, on both API servers.</summary>
public sealed class ClusterInventoryTests
{
    private static readonly ResourceKind ConfigMaps = new("", "v1", "ConfigMap", "configmaps", true);

    public static TheoryData<string, string> ServersAndHelms => new(ApiServers.Names.SelectMany(s => new[] { (s, "3"), (s, "4") }));

    public static TheoryData<string> Servers => [.. ApiServers.Names];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(ServersAndHelms))]
    public async Task Objects_of_a_release_are_known_watched_and_read_anew_with_each_revision(string server, string helm)
    {
        var fixture = await ApiServers.SharedAsync(server);
        await using var cluster = new Watched(fixture, helm, live => live.Metadata.Labels?.GetValueOrDefault("mood") ?? "none");
        await cluster.HelmAsync("upgrade", "--install", "web", cluster.Chart, "-n", cluster.Namespace, "--create-namespace");
        var release = new ReleaseName(cluster.Namespace, "web");
        await cluster.FollowAsync(release, 1);

        var objects = await cluster.EventuallyAsync(release, o => o.Count == 5 && o.All(w => w is { IsKnown: true, Live: not null }), "all live");
        Assert.Equal(
            [$"ClusterRole {cluster.Namespace}-web", $"ConfigMap {cluster.Namespace}/web", $"Deployment {cluster.Namespace}/web", $"Secret {cluster.Namespace}/web", $"Service {cluster.Namespace}/web"],
            objects.Select(o => o.Object.ToString()).Order(StringComparer.Ordinal));
        Assert.Empty(cluster.Inventory.ProblemsOf(release));
        // Helm 3 patches; helm 4 applies on the server's side, which its record says.
        Assert.Equal(helm == "4", cluster.Inventory.Of(release)!.IsServerSideApplied);
        Assert.Contains(release, cluster.Changed);

        // What health would keep is there, and its change is told.
        cluster.Changed.Clear();
        await cluster.LabelAsync("mood", "good");
        await cluster.EventuallyAsync(release, o => Equals(ConfigMapOf(o).Live?.Projected, "good"), "projected");
        await cluster.ToldAsync(release);

        await cluster.Client.Dynamic(ConfigMaps).DeleteAsync(new(cluster.Namespace, "web"), DeleteOptions.Background, Ct);
        await cluster.EventuallyAsync(release, o => ConfigMapOf(o) is { IsKnown: true, Live: null }, "deleted");

        await cluster.HelmAsync("upgrade", "web", cluster.Chart, "-n", cluster.Namespace, "--set", "color=blue");
        await cluster.FollowAsync(release, 2);
        objects = await cluster.EventuallyAsync(release, o => ConfigMapOf(o).Live is not null, "back");
        Assert.Equal("blue", (string?)ConfigMapOf(objects).Object.Declared.Read()["data"]!["color"]);

        // Nobody wants it any more: nothing of it is kept.
        await cluster.Inventory.FollowAsync(Watched.Follower, new Dictionary<ReleaseName, int>(), Watched.NothingLaid, Ct);
        Assert.Empty(cluster.Inventory.ObjectsOf(release));
        Assert.Null(cluster.Inventory.Of(release));
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task A_release_that_is_followed_later_is_seen_though_its_kinds_were_watched_before(string server)
    {
        await using var cluster = new Watched(await ApiServers.SharedAsync(server), "3");
        foreach (var name in new[] { "first", "second" })
            await cluster.HelmAsync("upgrade", "--install", name, cluster.Chart, "-n", cluster.Namespace, "--create-namespace");
        var (first, second) = (new ReleaseName(cluster.Namespace, "first"), new ReleaseName(cluster.Namespace, "second"));
        await cluster.FollowAsync(first, 1);
        await cluster.EventuallyAsync(first, o => o.Count > 0 && o.All(w => w.Live is not null), "first");

        await cluster.Inventory.FollowAsync(Watched.Follower, new Dictionary<ReleaseName, int> { [first] = 1, [second] = 1 }, Watched.NothingLaid, Ct);
        await cluster.EventuallyAsync(second, o => o.Count > 0 && o.All(w => w.Live is not null), "second");
        await cluster.EventuallyAsync(first, o => o.Count > 0 && o.All(w => w.Live is not null), "first still");
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task A_kind_that_the_cluster_lacks_and_a_record_that_is_gone_are_told_and_stop_nothing(string server)
    {
        await using var cluster = new Watched(await ApiServers.SharedAsync(server), "3");
        cluster.Folder.Write($"{VariedChart.Name}/crds/gauges.yaml", """
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: gauges.drift.example}
            spec:
              group: drift.example
              scope: Namespaced
              names: {kind: Gauge, plural: gauges, singular: gauge}
              versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}}]
            """);
        cluster.Folder.Write($"{VariedChart.Name}/templates/gauge.yaml", "apiVersion: drift.example/v1\nkind: Gauge\nmetadata: {name: one}\n");
        await cluster.HelmAsync("upgrade", "--install", "web", cluster.Chart, "-n", cluster.Namespace, "--create-namespace");
        var definitions = new ResourceKind("apiextensions.k8s.io", "v1", "CustomResourceDefinition", "customresourcedefinitions", false);
        await cluster.Client.Dynamic(definitions).DeleteAsync(ObjectKey.Cluster("gauges.drift.example"), DeleteOptions.Background, Ct);
        await StateManagerEnvironment.EventuallyAsync(
            () => cluster.Client.Dynamic(definitions).GetAsync(ObjectKey.Cluster("gauges.drift.example"), Ct), d => d is null, "definition gone");
        await StateManagerEnvironment.EventuallyAsync(
            () => KindIsServedAsync(cluster), served => !served, "kind gone");

        var release = new ReleaseName(cluster.Namespace, "web");
        await cluster.FollowAsync(release, 1);
        var objects = await cluster.EventuallyAsync(release, o => o.Count(w => w.Live is not null) == 5, "the others are seen");
        Assert.False(Assert.Single(objects, o => o.Object.Type.Kind == "Gauge").IsKnown);
        Assert.Contains("drift.example/v1 Gauge", Assert.Single(cluster.Inventory.ProblemsOf(release)), StringComparison.Ordinal);

        await cluster.FollowAsync(release, 7);
        Assert.Contains("revision 7", Assert.Single(cluster.Inventory.ProblemsOf(release)), StringComparison.Ordinal);
        Assert.Empty(cluster.Inventory.ObjectsOf(release));
    }

    private static async Task<bool> KindIsServedAsync(Watched cluster)
    {
        try
        {
            (await cluster.Client.GetRawAsync("apis/drift.example/v1", Ct)).Dispose();
            return true;
        }
        catch (KubeApiException e) when (e.IsNotFound)
        {
            return false;
        }
    }

    private static WatchedObject ConfigMapOf(IReadOnlyList<WatchedObject> objects) => objects.Single(o => o.Object.Type.Kind == "ConfigMap");

    /// <summary>An inventory of a server, with a namespace and a chart of the test's own.</summary>
    private sealed class Watched : IAsyncDisposable
    {
        public static readonly Dictionary<ReleaseName, IReadOnlyList<JsonObject>> NothingLaid = [];

        public static readonly ObjectKey Follower = new("team-a", "set");

        private readonly IApiServerFixture fixture;
        private readonly string helm;

        public Watched(IApiServerFixture fixture, string helm, Func<DynamicObject, object?>? project = null)
        {
            this.fixture = fixture;
            this.helm = helm == "3" ? Fleet.Testing.RealParts.Helm3.Path : Fleet.Testing.RealParts.Helm4.Path;
            Chart = VariedChart.Write(Folder);
            Client = KubernetesClient.Create(KubeConfig.Parse(File.ReadAllText(fixture.KubeconfigPath), "test").Endpoint());
            ObjectProjection? projection = project is null ? null : (_, live) => project(live);
            Inventory = new ClusterInventory(Client, Changed.Enqueue, projection, TimeProvider.System, new RandomJitter());
        }

        public TemporaryFolder Folder { get; } = new("inventory");

        public string Chart { get; }

        public string Namespace { get; } = $"inventory-{Guid.NewGuid():N}"[..20];

        public KubernetesClient Client { get; }

        public ClusterInventory Inventory { get; }

        public ConcurrentQueue<ReleaseName> Changed { get; } = new();

        public async Task HelmAsync(params string[] arguments) =>
            (await ProcessOutput.RunAsync(helm, [.. arguments, "--kubeconfig", fixture.KubeconfigPath])).MustSucceed();

        public Task FollowAsync(ReleaseName release, int revision) =>
            Inventory.FollowAsync(Follower, new Dictionary<ReleaseName, int> { [release] = revision }, NothingLaid, Ct);

        public Task<IReadOnlyList<WatchedObject>> EventuallyAsync(ReleaseName release, Func<IReadOnlyList<WatchedObject>, bool> expected, string what) =>
            StateManagerEnvironment.EventuallyAsync(() => Task.FromResult(Inventory.ObjectsOf(release)), expected, what);

        public Task ToldAsync(ReleaseName release) =>
            StateManagerEnvironment.EventuallyAsync(() => Task.FromResult(Changed.Contains(release)), told => told, "told");

        public Task LabelAsync(string label, string value) => Client.Dynamic(ConfigMaps).PatchAsync(
            new(Namespace, "web"), Patch.Merge(KubernetesYaml.ReadAll($"metadata: {{labels: {{{label}: {value}}}}}").Single()), PatchOptions.Default, Ct);

        public async ValueTask DisposeAsync()
        {
            await Inventory.DisposeAsync();
            Client.Dispose();
            Folder.Dispose();
        }
    }
}
