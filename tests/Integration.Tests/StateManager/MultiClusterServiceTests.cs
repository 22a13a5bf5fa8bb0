using System.Text.Json.Nodes;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using static Fleet.Integration.Tests.StateManager.ServiceManifests;
using static Fleet.Integration.Tests.StateManager.StateManagerEnvironment;

namespace Fleet.Integration.Tests.StateManager;

/// <summary>One declaration for many clusters, with real helm. Each test has clusters and labels of its own.</summary>
public sealed class MultiClusterServiceTests(StateManagerEnvironment environment) : IClassFixture<StateManagerEnvironment>
{
    private static readonly ResourceKind Deployments = new("k0rdent.mirantis.com", "v1beta1", "ClusterDeployment", "clusterdeployments", true);

    [Fact]
    public async Task Services_follow_the_labels_of_clusters_at_once()
    {
        await environment.ApplyAsync(Template());
        await ClusterAsync("follow-1", "follow");
        await ClusterAsync("follow-2", "follow");
        await ClusterAsync("follow-3", "other");
        await environment.ApplyAsync(Service("follow", "follow", "web"));
        await ReadyAsync("follow", "2/2");
        var status = (await GetAsync("follow"))!.At("status")!;
        Assert.Equal(["follow-1", "follow-2"], (status["matchingClusters"] as JsonArray)!.Select(cluster => (string?)cluster!["name"]));
        Assert.Equal(2, (status["services"] as JsonArray)!.Count);

        await LabelAsync("follow-3", "follow");
        await ReadyAsync("follow", "3/3");
        Assert.Contains("web", await ReleasesAsync("follow-3"), StringComparison.Ordinal);
        await LabelAsync("follow-1", "other");
        await ReadyAsync("follow", "2/2");
        await EventuallyAsync(() => ReleasesAsync("follow-1"), text => !text.Contains("web", StringComparison.Ordinal), "web is gone from follow-1");

        await DeleteAsync("follow");
        Assert.DoesNotContain("web", await ReleasesAsync("follow-2") + await ReleasesAsync("follow-3"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_depends_comes_after_what_it_depends_on_also_across_objects()
    {
        await environment.ApplyAsync(Template());
        await ClusterAsync("order-1", "order");
        var second = Service("order-second", "order", "last");
        second["spec"]!["dependsOn"] = new JsonArray("order-first");
        await environment.ApplyAsync(second);
        var waiting = await EventuallyAsync(() => GetAsync("order-second"), seen => Message(seen, "MultiClusterServiceDependencyValidation").Length > 0, "order-second was looked at");
        Assert.Equal("MultiClusterService order-first, which it depends on, does not exist", Message(waiting, "MultiClusterServiceDependencyValidation"));

        // Inside: b waits for a, whose values helm refuses at first.
        var first = Service("order-first", "order", "a", "b");
        var services = (JsonArray)first["spec"]!["serviceSpec"]!["services"]!;
        services[0]!["values"] = "replicaCount: many";
        services[1]!["dependsOn"] = new JsonArray(new JsonObject { ["name"] = "a", ["namespace"] = "apps" });
        await environment.ApplyAsync(first);
        await EventuallyAsync(() => GetAsync("order-first"), seen => Message(seen, "Ready").Length > 0 && Cluster(seen)?["reason"]?.ToString() == "Failed", "a has failed");
        await EventuallyAsync(() => GetAsync("order-second"), seen => Message(seen, "MultiClusterServiceDependencyReady") == "1 cluster waits for order-first: team-a/order-1", "order-second waits");
        Assert.DoesNotContain("\"status\":\"deployed\"", await ReleasesAsync("order-1"), StringComparison.Ordinal);

        services[0]!["values"] = "replicaCount: 1";
        await environment.ApplyAsync(first);
        await ReadyAsync("order-first", "1/1");
        await ReadyAsync("order-second", "1/1");
        var history = await ReleasesAsync("order-1");
        Assert.All(["a", "b", "last"], name => Assert.Contains($"\"name\":\"{name}\"", history, StringComparison.Ordinal));
        await DeleteAsync("order-second");
        await DeleteAsync("order-first");
    }

    [Fact]
    public async Task The_higher_priority_owns_a_release_and_hands_it_over_without_a_new_install()
    {
        await environment.ApplyAsync(Template());
        await ClusterAsync("own-1", "own");
        var low = Service("own-low", "own", "shared");
        await environment.ApplyAsync(low);
        await ReadyAsync("own-low", "1/1");
        var high = Service("own-high", "own", "shared");
        high["spec"]!["serviceSpec"]!["priority"] = 200;
        await environment.ApplyAsync(high);
        await ReadyAsync("own-high", "1/1");
        var loser = await EventuallyAsync(() => GetAsync("own-low"), seen => Cluster(seen)?["reason"]?.ToString() == "Failed", "own-low has lost");
        Assert.Matches("release apps/shared is managed by ServiceSet own-1-[0-9a-f]{8} already", Cluster(loser)!["message"]!.ToString());
        var before = await RevisionAsync("own-1", "shared");

        await DeleteAsync("own-high");
        await ReadyAsync("own-low", "1/1");
        Assert.InRange(await RevisionAsync("own-1", "shared"), before, before + 1);
        await DeleteAsync("own-low");
    }

    [Fact]
    public async Task A_team_reaches_the_clusters_of_its_namespace_only()
    {
        await environment.ApplyAsync(Template());
        await ClusterAsync("team-1", "team");
        await environment.ApplyAsync(Json("""{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"team-b"}}"""));
        await environment.ApplyAsync(Json("""{"apiVersion":"k0rdent.mirantis.com/v1beta1","kind":"ClusterDeployment","metadata":{"name":"team-2","namespace":"team-b","labels":{"test":"team"}},"spec":{"template":"none"}}"""));
        var own = Service("team", "team", "web");
        own["kind"] = "NamespacedMultiClusterService";
        own["metadata"]!["namespace"] = Namespace;
        await environment.ApplyAsync(own);
        var kind = new ResourceKind("k0rdent.mirantis.com", "v1beta1", "NamespacedMultiClusterService", "namespacedmulticlusterservices", true);
        var key = new ObjectKey(Namespace, "team");
        await EventuallyAsync(() => environment.Management.Dynamic(kind).GetAsync(key, default), seen => Message(seen, "ClusterInReadyState") == "1/1", "one cluster");
        await environment.Management.Dynamic(kind).DeleteAsync(key, DeleteOptions.Background, default);
        await EventuallyAsync(() => environment.Management.Dynamic(kind).GetAsync(key, default), seen => seen is null, "gone");
    }

    private async Task ClusterAsync(string name, string label)
    {
        await environment.AddClusterAsync(name);
        await environment.ApplyAsync(Json($$$"""
            {"apiVersion":"k0rdent.mirantis.com/v1beta1","kind":"ClusterDeployment","metadata":{"name":"{{{name}}}","namespace":"{{{Namespace}}}","labels":{"test":"{{{label}}}"} },"spec":{"template":"none"} }
            """));
    }

    private Task LabelAsync(string name, string label) => environment.Management.Dynamic(Deployments).PatchAsync(
        new(Namespace, name), Patch.Merge(Json($$$"""{"metadata":{"labels":{"test":"{{{label}}}"} } }""")), PatchOptions.Default, default);

    private static JsonObject Service(string name, string label, params string[] services) => Json($$$"""
        {"apiVersion":"k0rdent.mirantis.com/v1beta1","kind":"MultiClusterService","metadata":{"name":"{{{name}}}"},
         "spec":{"clusterSelector":{"matchLabels":{"test":"{{{label}}}"} },
          "serviceSpec":{"services":[{{{string.Join(',', services.Select(service => $$$"""{"name":"{{{service}}}","namespace":"apps","template":"nginx"}"""))}}}]} } }
        """);

    private Task<DynamicObject?> GetAsync(string name) =>
        environment.Management.Dynamic(new("k0rdent.mirantis.com", "v1beta1", "MultiClusterService", "multiclusterservices", false)).GetAsync(ObjectKey.Cluster(name), default);

    private Task ReadyAsync(string name, string clusters) =>
        EventuallyAsync(() => GetAsync(name), seen => Message(seen, "ClusterInReadyState") == clusters && Condition(seen, "Ready")?["status"]?.ToString() == "True", $"{name} {clusters}");

    private async Task DeleteAsync(string name)
    {
        await environment.Management.Dynamic(new("k0rdent.mirantis.com", "v1beta1", "MultiClusterService", "multiclusterservices", false)).DeleteAsync(ObjectKey.Cluster(name), DeleteOptions.Background, default);
        await EventuallyAsync(() => GetAsync(name), seen => seen is null, $"{name} is gone");
    }

    private Task<string> ReleasesAsync(string cluster) => environment.HelmOnAsync(cluster, "list", "-A", "-o", "json");

    private async Task<int> RevisionAsync(string cluster, string release) =>
        (int)((JsonArray)JsonNode.Parse(await environment.HelmOnAsync(cluster, "history", release, "-n", "apps", "-o", "json"))!)[^1]!["revision"]!;

    private static JsonNode? Cluster(DynamicObject? seen) => (seen?.At("status", "matchingClusters") as JsonArray)?.FirstOrDefault();

    private static JsonNode? Condition(DynamicObject? seen, string type) => (seen?.At("status", "conditions") as JsonArray)?.FirstOrDefault(condition => (string?)condition!["type"] == type);

    private static string Message(DynamicObject? seen, string type) => Condition(seen, type)?["message"]?.ToString() ?? "";
}
