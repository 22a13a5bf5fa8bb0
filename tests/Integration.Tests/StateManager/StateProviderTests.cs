using System.Text.Json.Nodes;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using static Fleet.Integration.Tests.StateManager.ServiceManifests;

namespace Fleet.Integration.Tests.StateManager;

/// <summary>StateManagementProviders: what they say of others, and what they mean for ServiceSets.</summary>
public sealed class StateProviderTests(StateManagerEnvironment environment) : IClassFixture<StateManagerEnvironment>, IAsyncLifetime
{
    private static readonly ResourceKind Providers = new("k0rdent.mirantis.com", "v1beta1", "StateManagementProvider", "statemanagementproviders", false);
    private static readonly ResourceKind ConfigMaps = new("", "v1", "ConfigMap", "configmaps", true);
    private static readonly ResourceKind Definitions = new("apiextensions.k8s.io", "v1", "CustomResourceDefinition", "customresourcedefinitions", false);

    private const string FleetItself = """{"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition","name":"servicesets.k0rdent.mirantis.com","namespace":"kcm-system","readinessRule":"self.status.conditions.exists(c, c.type == 'Established' && c.status == 'True')"}""";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await environment.ApplyAsync(Template());

    public ValueTask DisposeAsync() => default;

    [Fact]
    public async Task The_readiness_of_another_provider_follows_what_it_names_by_watch()
    {
        const string adapter = """{"apiVersion":"v1","kind":"ConfigMap","name":"adapter","namespace":"team-a","readinessRule":"self.data.state == 'up'"}""";
        await ProviderAsync("other", adapter, adapter, """{"group":"config.example","version":"v1","resources":["profiles"]}""");
        var status = await StatusAsync("other", s => Condition(s, "AdapterReady")?["message"]?.ToString().Contains("does not exist", StringComparison.Ordinal) == true, "adapter missed");
        Assert.False((bool?)status["ready"]);
        Assert.Equal("True", (string?)Condition(status, "RBACReady")!["status"]);
        Assert.Contains("profiles.config.example/v1 does not exist", (string?)Condition(status, "ProvisionerCRDsReady")!["message"], StringComparison.Ordinal);

        await environment.ApplyAsync(Source("ConfigMap", "adapter", ("state", "coming")));
        await StatusAsync("other", s => Condition(s, "AdapterReady")?["message"]?.ToString().Contains("does not hold", StringComparison.Ordinal) == true, "adapter not ready");
        await environment.ApplyAsync(Source("ConfigMap", "adapter", ("state", "up")));
        await StatusAsync("other", s => (string?)Condition(s, "AdapterReady")?["status"] == "True" && (string?)Condition(s, "ProvisionerReady")?["status"] == "True", "ready but for its kinds");

        await environment.Management.Dynamic(Definitions).CreateAsync(new(Json("""
            {"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition","metadata":{"name":"profiles.config.example"},
             "spec":{"group":"config.example","scope":"Namespaced","names":{"kind":"Profile","plural":"profiles","singular":"profile"},
               "versions":[{"name":"v1","served":true,"storage":true,"schema":{"openAPIV3Schema":{"type":"object"}}}]} }
            """)), Ct);
        await StatusAsync("other", s => (bool?)s["ready"] == true, "ready");

        await environment.Management.Dynamic(ConfigMaps).DeleteAsync(new("team-a", "adapter"), DeleteOptions.Background, Ct);
        await StatusAsync("other", s => (bool?)s["ready"] == false, "not ready any more");
    }

    [Fact]
    public async Task A_ServiceSet_of_another_provider_is_left_alone_entirely()
    {
        await environment.AddClusterAsync("theirs");
        await ProviderAsync("foreign", """{"apiVersion":"v1","kind":"ConfigMap","name":"none","namespace":"team-a","readinessRule":"true"}""", null, null);
        await environment.ApplyAsync(Of("foreign", Set("theirs", "theirs", Service("web"))));
        await environment.ApplyAsync(Of("nobody-knows", Set("theirs-second", "theirs", Service("other"))));
        await environment.ApplyAsync(Set("ours", "theirs", Service("own")));
        await environment.ServiceAsync("ours", "own", "Deployed");
        foreach (var name in new[] { "theirs", "theirs-second" })
        {
            var set = (await environment.GetAsync("ServiceSet", name))!;
            Assert.Null(set.At("status"));
            Assert.Null(set.Metadata.Finalizers);
            await environment.DeleteSetAsync(name);
        }
        Assert.DoesNotContain("web", await environment.HelmOnAsync("theirs", "list", "-A", "-q"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_suspended_provider_stops_its_ServiceSets_which_show_it_and_go_on_afterwards()
    {
        await environment.AddClusterAsync("suspended");
        // Fleet under another name: a part of the ServiceSets can be stopped alone.
        await ProviderAsync("fleet-slow", FleetItself, FleetItself, """{"group":"k0rdent.mirantis.com","version":"v1beta1","resources":["servicesets"]}""");
        await StatusAsync("fleet-slow", s => (bool?)s["ready"] == true, "ready");
        await environment.ApplyAsync(Of("fleet-slow", Set("suspended", "suspended", Service("web"))));
        await environment.ServiceAsync("suspended", "web", "Deployed");

        await SuspendAsync("fleet-slow", true);
        var status = (await environment.StatusAsync("suspended", s => (bool?)s?["provider"]?["suspended"] == true, "shows it"))!;
        Assert.False((bool?)status["provider"]!["ready"]);
        Assert.Equal("The services are left as they are while StateManagementProvider fleet-slow is suspended", (string?)Condition(status, "Paused")!["message"]);
        await StatusAsync("fleet-slow", s => (bool?)s["ready"] == false, "not ready");
        await environment.ApplyAsync(Of("fleet-slow", Set("suspended", "suspended", Service("web", "replicaCount: 3"))));
        await environment.StatusAsync("suspended", s => (long?)s?["observedGeneration"] == 2, "seen");
        Assert.False((await environment.ValuesAsync("suspended", "web")).ContainsKey("replicaCount"));

        await SuspendAsync("fleet-slow", false);
        await StateManagerEnvironment.EventuallyAsync(() => environment.ValuesAsync("suspended", "web"), v => (int?)v["replicaCount"] == 3, "goes on");
        status = (await environment.StatusAsync("suspended", s => (bool?)s?["provider"]?["suspended"] == false, "shows it"))!;
        Assert.True((bool?)status["provider"]!["ready"]);
        Assert.Null(Condition(status, "Paused"));
    }

    private Task ProviderAsync(string name, string adapter, string? provisioner, string? kinds) => environment.ApplyAsync(Json($$$"""
        {"apiVersion":"k0rdent.mirantis.com/v1beta1","kind":"StateManagementProvider","metadata":{"name":"{{{name}}}"},
         "spec":{"selector":{},"adapter":{{{adapter}}},"provisioner":[{{{provisioner}}}],"provisionerCRDs":[{{{kinds}}}],"suspend":false} }
        """));

    private Task SuspendAsync(string name, bool suspend) => environment.Management.Dynamic(Providers).PatchAsync(
        ObjectKey.Cluster(name), Patch.Merge(new JsonObject { ["spec"] = new JsonObject { ["suspend"] = suspend } }), PatchOptions.Default, Ct);

    private async Task<JsonObject> StatusAsync(string name, Func<JsonObject, bool> expected, string what) => (JsonObject)(await StateManagerEnvironment.EventuallyAsync(
        () => environment.Management.Dynamic(Providers).GetAsync(ObjectKey.Cluster(name), Ct), p => p?.At("status") is JsonObject status && expected(status), $"provider {name} {what}"))!.At("status")!;

    private static JsonObject Of(string provider, JsonObject set)
    {
        set["spec"]!["provider"] = new JsonObject { ["name"] = provider };
        return set;
    }

    private static JsonObject? Condition(JsonNode? of, string type) =>
        (of?["conditions"] as JsonArray)?.OfType<JsonObject>().FirstOrDefault(c => (string?)c["type"] == type);
}
