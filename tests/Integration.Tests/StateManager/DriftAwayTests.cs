using System.Text.Json.Nodes;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Testing.ApiServers;

namespace Fleet.Integration.Tests.StateManager;

/// <summary>Clusters, and processes, that go and come back.</summary>
public sealed class DriftAwayTests(DriftEnvironment environment) : IClassFixture<DriftEnvironment>
{
    private static readonly ResourceKind ConfigMaps = new("", "v1", "ConfigMap", "configmaps", true);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_cluster_that_was_away_is_caught_up_when_it_is_back()
    {
        await using var server = await RealApiServer.StartAsync(durable: true);
        const string name = "away";
        var cluster = await environment.AddServerAsync(name, server);
        await environment.ApplyAsync(DriftEnvironment.SetOfServer(name, ""));
        await environment.ServiceAsync(name, "web", "Deployed");

        await server.KillAsync();
        await environment.StatusAsync(name, status => (status?["conditions"] as JsonArray)?.Any(condition =>
            (string?)condition!["type"] == "ServiceSetStatusesCollected" && (string?)condition["status"] == "False") == true, "tells that its cluster is away");
        await server.StartAgainAsync();
        await EditAsync(cluster, ConfigMaps, new(name, "web"), """{"data":{"color":"green"}}""");
        await environment.BackAsync(cluster, ConfigMaps, new(name, "web"), o => (string?)o?.At("data", "color") == "red", "color");
        await environment.NotDriftedAsync(name);
    }

    [Fact]
    public async Task What_goes_to_another_provider_is_no_longer_watched()
    {
        // Without controllers nobody else watches Deployments.
        await using var server = await RealApiServer.StartAsync(withControllers: false);
        const string name = "handed";
        var cluster = await environment.AddServerAsync(name, server);
        var set = DriftEnvironment.SetOfServer(name, "");
        set["spec"]!["provider"]!["name"] = "handing";
        await environment.ApplyAsync(FleetItself);
        await environment.ApplyAsync(set);
        await StateManagerEnvironment.EventuallyAsync(() => WatchersAsync(cluster), watchers => watchers == "1", "watched");

        // The provider of this name is no longer Fleet: nobody knows it.
        await environment.Management.Dynamic(Providers).DeleteAsync(ObjectKey.Cluster("handing"), DeleteOptions.Background, Ct);
        await StateManagerEnvironment.EventuallyAsync(() => WatchersAsync(cluster), watchers => watchers == "0", "not watched any more");

        // Back again, it is looked after as before.
        await environment.ApplyAsync(FleetItself);
        await StateManagerEnvironment.EventuallyAsync(() => WatchersAsync(cluster), watchers => watchers == "1", "watched again");
        await EditAsync(cluster, ConfigMaps, new(name, "web"), """{"data":{"color":"green"}}""");
        await environment.BackAsync(cluster, ConfigMaps, new(name, "web"), o => (string?)o?.At("data", "color") == "red", "color");
    }

    private static readonly ResourceKind Providers = new("k0rdent.mirantis.com", "v1beta1", "StateManagementProvider", "statemanagementproviders", false);

    /// <summary>Fleet under another name.</summary>
    private const string FleetItself = """
        {"apiVersion":"k0rdent.mirantis.com/v1beta1","kind":"StateManagementProvider","metadata":{"name":"handing"},
         "spec":{"selector":{},"provisioner":[],"provisionerCRDs":[],"suspend":false,
          "adapter":{"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition","name":"servicesets.k0rdent.mirantis.com","namespace":"kcm-system","readinessRule":"true"} } }
        """;

    /// <summary>Watches of Deployments, as the server counts them.</summary>
    private static async Task<string> WatchersAsync(IKubernetesClient cluster)
    {
        using var response = await cluster.GetRawAsync("metrics", Ct);
        const string Name = "apiserver_registered_watchers{group=\"apps\",kind=\"Deployment\",version=\"v1\"} ";
        return (await response.Content.ReadAsStringAsync(Ct)).Split('\n').FirstOrDefault(line => line.StartsWith(Name, StringComparison.Ordinal))?[Name.Length..] ?? "none";
    }

    [Fact]
    public async Task A_correction_that_is_refused_is_told_and_made_by_the_next_process_when_it_may()
    {
        var server = await RealApiServer.SharedAsync();
        var name = $"refused-{Guid.NewGuid():N}"[..16];
        var admin = await environment.AddServerAsync(name, server);
        await AllowAsync(admin, name, "get", "list", "watch", "create", "update", "delete");
        await environment.SetKubeconfigAsync(name, await File.ReadAllTextAsync(server.WriteKubeconfig(name, []), Ct));
        await environment.ApplyAsync(DriftEnvironment.SetOfServer(name, ""));
        await environment.ServiceAsync(name, "web", "Deployed");

        await EditAsync(admin, ConfigMaps, new(name, "web"), """{"data":{"color":"green"}}""");
        var drifted = await environment.DriftedAsync(name, m => m.Contains("forbidden", StringComparison.Ordinal));
        Assert.Equal("CorrectionFailed", (string?)drifted["reason"]);

        // Found by one process, corrected by the next.
        await environment.StopServiceAsync();
        await AllowAsync(admin, name, "*");
        await environment.StartServiceAsync();
        await environment.BackAsync(admin, ConfigMaps, new(name, "web"), o => (string?)o?.At("data", "color") == "red", "color");
        await environment.NotDriftedAsync(name);
    }

    private static Task<DynamicObject> EditAsync(IKubernetesClient cluster, ResourceKind kind, ObjectKey key, string patch) => cluster.Dynamic(kind).PatchAsync(
        key, Patch.Merge((JsonObject)JsonNode.Parse(patch)!), new PatchOptions { FieldManager = "test-editor" }, Ct);

    /// <summary>Everything but patches of ConfigMaps, unless the verbs have it.</summary>
    private static async Task AllowAsync(IKubernetesClient admin, string user, params string[] onConfigMaps)
    {
        var roles = new ResourceKind("rbac.authorization.k8s.io", "v1", "ClusterRole", "clusterroles", false);
        var bindings = roles with { Kind = "ClusterRoleBinding", Plural = "clusterrolebindings" };
        var role = $$$"""
            {"metadata":{"name":"{{{user}}}"},"rules":[
              {"apiGroups":[""],"resources":["namespaces","secrets","services","pods"],"verbs":["*"]},
              {"apiGroups":["apps","rbac.authorization.k8s.io"],"resources":["*"],"verbs":["*"]},
              {"apiGroups":[""],"resources":["configmaps"],"verbs":["{{{string.Join("\",\"", onConfigMaps)}}}"]}]}
            """;
        await admin.Dynamic(roles).ApplyAsync((JsonObject)JsonNode.Parse(role)!, new ApplyOptions("test") { Force = true }, Ct);
        var binding = $$$"""
            {"metadata":{"name":"{{{user}}}"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"{{{user}}}"},
             "subjects":[{"apiGroup":"rbac.authorization.k8s.io","kind":"User","name":"{{{user}}}"}]}
            """;
        await admin.Dynamic(bindings).ApplyAsync((JsonObject)JsonNode.Parse(binding)!, new ApplyOptions("test") { Force = true }, Ct);
    }
}
