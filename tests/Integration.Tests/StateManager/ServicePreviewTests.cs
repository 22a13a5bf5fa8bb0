using System.Text;
using System.Text.Json.Nodes;
using static Fleet.Integration.Tests.StateManager.ServiceManifests;

namespace Fleet.Integration.Tests.StateManager;

/// <summary>What would be: the plan of a cluster and the difference that manifests make, with real helm; nothing is changed by looking.</summary>
public abstract class ServicePreviewCases(StateManagerEnvironment environment) : IAsyncLifetime
{
    private const string Canary = "canary-4711-must-never-be-shown";

    public async ValueTask InitializeAsync() => await environment.ApplyAsync(Template());

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return default;
    }

    [Fact]
    public async Task A_diff_shows_services_values_and_objects_as_the_cluster_would_have_them_and_changes_nothing()
    {
        await environment.AddClusterAsync("diff");
        await environment.ApplyAsync(Cluster("diff"));
        await environment.ApplyAsync(Source("Secret", "diff-keys", ("values.yaml", $"content: {Canary}")));
        await environment.ApplyAsync(Pages("replicaCount: 1"));
        var set = await SetOfAsync("diff");
        await environment.ServiceAsync(set, "pages", "Deployed");
        using var rest = await environment.RestAsync();

        Assert.False((bool?)(await DiffAsync(rest, Pages("replicaCount: 1")))["hasChanges"]);

        var diff = await DiffAsync(rest, Pages("replicaCount: 3\\ncontent: open"));
        var service = Service(diff, "pages");
        Assert.Equal(("Upgrade", "Server"), ((string?)service["change"], (string?)service["manifests"]));
        Assert.Equal((1, 3), ((int?)Value(service, "replicaCount")["from"], (int?)Value(service, "replicaCount")["to"]));
        Assert.True((bool?)Value(service, "content")["secret"]);
        var deployment = Assert.Single(service["changed"]!.AsArray(), item => (string?)item!["kind"] == "Deployment")!;
        Assert.Contains(deployment["fields"]!.AsArray(), field => (string?)field!["path"] == "spec.replicas" && (int?)field["to"] == 3);
        var page = Assert.Single(service["changed"]!.AsArray(), item => (string?)item!["kind"] == "ConfigMap")!;
        Assert.True((bool?)page["fields"]![0]!["secret"]);

        // A Secret that is posted alone changes what takes values from it; one that is as it is changes nothing.
        var keys = Service(await DiffAsync(rest, Source("Secret", "diff-keys", ("values.yaml", $"content: {Canary}-2\nreplicaCount: 1"))), "pages");
        Assert.True((bool?)Value(keys, "content")["secret"]);
        Assert.False((bool?)(await DiffAsync(rest, Source("Secret", "diff-keys", ("values.yaml", $"content: {Canary}"))))["hasChanges"]);

        // Another selector takes it away; a service of a template that is posted along comes in after what it depends on.
        var gone = Service(await DiffAsync(rest, Pages("replicaCount: 1", "elsewhere")), "pages");
        Assert.Equal("Remove", (string?)gone["change"]);
        Assert.Contains(gone["removed"]!.AsArray(), item => (string?)item!["kind"] == "Deployment");
        var fresh = await DiffAsync(rest, Template("posted"), More());
        Assert.Equal("Install", (string?)Service(fresh, "cart")["change"]);
        Assert.Contains(Service(fresh, "cart")["created"]!.AsArray(), item => (string?)item!["kind"] == "Deployment");
        Assert.Contains("ServiceTemplate nowhere does not exist", (string?)Service(fresh, "lost")["problem"], StringComparison.Ordinal);

        Assert.Contains("1", await environment.HelmOnAsync("diff", "history", "pages", "-n", "apps", "-o", "json"), StringComparison.Ordinal);
        Assert.Equal(1, (int?)(await environment.ValuesAsync("diff", "pages"))["replicaCount"]);
        Assert.DoesNotContain("cart", await environment.HelmOnAsync("diff", "list", "-A"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_diff_goes_along_chains_that_are_posted_and_reads_what_posted_references_name()
    {
        await environment.AddClusterAsync("hops");
        await environment.ApplyAsync(Cluster("hops"));
        foreach (var step in (string[])["step-1", "step-2", "step-3"])
            await environment.ApplyAsync(Template(step));
        await environment.ApplyAsync(Hops("step-1"));
        await environment.ServiceAsync(await SetOfAsync("hops"), "hops", "Deployed");
        using var rest = await environment.RestAsync();

        // Without its chain it stays where it is, and that is said; with it there are two steps.
        var far = Hops("step-3", """ "templateChain":"way","version":"3" """);
        Assert.Contains("ServiceTemplateChain way is not found", Service(await DiffAsync(rest, far), "hops")["notes"]!.ToJsonString(), StringComparison.Ordinal);
        var moved = Service(await DiffAsync(rest, Chain("way"), far), "hops");
        Assert.Equal(("Upgrade", "step-1", "step-3"), ((string?)moved["change"], (string?)moved["fromTemplate"], (string?)moved["toTemplate"]));
        Assert.Equal(["step-2", "step-3"], moved["steps"]!.AsArray().Select(step => (string?)step));

        // The chain alone frees a service that has waited for it.
        await environment.ApplyAsync(far);
        // Declarations come by watch.
        moved = Service(await StateManagerEnvironment.EventuallyAsync(() => DiffAsync(rest, Chain("way")), diff => (bool?)diff["hasChanges"] == true, "the declaration is seen"), "hops");
        Assert.Equal(("step-1", "step-3"), ((string?)moved["fromTemplate"], (string?)moved["toTemplate"]));

        // What templates read is what the posted declaration names, and what is posted along goes before what is there.
        await environment.ApplyAsync(Source("ConfigMap", "colors", ("hue", "red")));
        var reading = Hops("step-1", """ "values":"podLabels: {hue: '{{ (getResource `colors`).data.hue }}'}" """, """
            {"templateResourceRefs":[{"identifier":"colors","resource":{"apiVersion":"v1","kind":"ConfigMap","namespace":"team-a","name":"colors"} }]}
            """);
        await environment.ApplyAsync(Hops("step-1"));
        Assert.Equal("red", (string?)Value(Service(await DiffAsync(rest, reading), "hops"), "podLabels.hue")["to"]);
        Assert.Equal("blue", (string?)Value(Service(await DiffAsync(rest, reading, Source("ConfigMap", "colors", ("hue", "blue"))), "hops"), "podLabels.hue")["to"]);

        // Once it is declared so, the ConfigMap alone makes the difference, and one as it is makes none.
        await environment.ApplyAsync(reading);
        await StateManagerEnvironment.EventuallyAsync(() => environment.ValuesAsync("hops", "hops"), values => (string?)values["podLabels"]?["hue"] == "red", "installed");
        var hue = Value(Service(await DiffAsync(rest, Source("ConfigMap", "colors", ("hue", "green"))), "hops"), "podLabels.hue");
        Assert.Equal(("red", "green"), ((string?)hue["from"], (string?)hue["to"]));
        Assert.False((bool?)(await DiffAsync(rest, Source("ConfigMap", "colors", ("hue", "red"))))["hasChanges"]);
    }

    private static JsonObject Chain(string name) => Json($$"""
        {"apiVersion":"k0rdent.mirantis.com/v1beta1","kind":"ServiceTemplateChain","metadata":{"name":"{{name}}","namespace":"team-a"},
         "spec":{"supportedTemplates":[{"name":"step-1","availableUpgrades":[{"name":"step-2"}]},{"name":"step-2","availableUpgrades":[{"name":"step-3"}]},{"name":"step-3"}]} }
        """);

    private static JsonObject Hops(string template, string more = "", string config = "{}") => Json($$$"""
        {"apiVersion":"k0rdent.mirantis.com/v1beta1","kind":"MultiClusterService","metadata":{"name":"hops"},
         "spec":{"clusterSelector":{"matchLabels":{"preview":"hops"} },
          "serviceSpec":{"provider":{"config":{{{config}}} },"services":[{"name":"hops","namespace":"apps","template":"{{{template}}}"{{{(more.Length > 0 ? "," + more : "")}}}}]} } }
        """);

    [Fact]
    public async Task A_plan_says_what_would_be_done_now_and_why()
    {
        await environment.AddClusterAsync("plan");
        await environment.ApplyAsync(Set("plan", "plan", ServiceManifests.Service("web", "replicaCount: 1"), ServiceManifests.Service("other", "replicaCount: 1")));
        await environment.ServiceAsync("plan", "web", "Deployed");
        await environment.ServiceAsync("plan", "other", "Deployed");
        await environment.ApplyAsync(Set("unreachable", "plan-nowhere", ServiceManifests.Service("web")));
        await environment.ApplyAsync(Cluster("plan-nowhere"));
        using var rest = await environment.RestAsync();
        const string Path = "/api/v1/services/plan?namespace=team-a&cluster=plan";
        await StepsAsync(rest, Path, "other None, web None");

        using (await rest.PostAsync(new Uri("/api/v1/services/team-a/plan/apps/web/actions/pause", UriKind.Relative), null, Ct))
            await environment.ApplyAsync(Set("plan", "plan", ServiceManifests.Service("web", "replicaCount: 2"), ServiceManifests.Service("other", "replicaCount: 1")));
        await environment.ServiceAsync("plan", "web", "Pending");
        await StepsAsync(rest, Path, "other None, web Wait");

        var nowhere = await GetAsync(rest, "/api/v1/services/plan?cluster=plan-nowhere");
        Assert.Contains("no kubeconfig yet", (string?)nowhere["items"]![0]!["problem"], StringComparison.Ordinal);
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static JsonObject Cluster(string name) => Json($$$"""
        {"apiVersion":"k0rdent.mirantis.com/v1beta1","kind":"ClusterDeployment","metadata":{"name":"{{{name}}}","namespace":"team-a","labels":{"preview":"{{{name}}}"} },
         "spec":{"template":"none"} }
        """);

    private static JsonObject Pages(string values, string selects = "diff") => Json($$$"""
        {"apiVersion":"k0rdent.mirantis.com/v1beta1","kind":"MultiClusterService","metadata":{"name":"pages"},
         "spec":{"clusterSelector":{"matchLabels":{"preview":"{{{selects}}}"} },
          "serviceSpec":{"services":[{"name":"pages","namespace":"apps","template":"nginx","values":"{{{values}}}","valuesFrom":[{"kind":"Secret","name":"diff-keys"}]}]} } }
        """);

    private static JsonObject More() => Json("""
        {"apiVersion":"k0rdent.mirantis.com/v1beta1","kind":"MultiClusterService","metadata":{"name":"more"},
         "spec":{"clusterSelector":{"matchLabels":{"preview":"diff"} },
          "serviceSpec":{"services":[
            {"name":"cart","namespace":"shop","template":"posted","dependsOn":[{"name":"db","namespace":"shop"}]},
            {"name":"db","namespace":"shop","template":"nginx"},
            {"name":"lost","namespace":"shop","template":"nowhere"}]} } }
        """);

    /// <summary>The ServiceSet of the MultiClusterService on a cluster, once it is there.</summary>
    private async Task<string> SetOfAsync(string cluster)
    {
        var kind = await environment.Management.FindKindAsync(Fleet.Kubernetes.Objects.GroupVersionKind.Parse("k0rdent.mirantis.com/v1beta1", "ServiceSet"), Ct);
        var found = await StateManagerEnvironment.EventuallyAsync(
            async () => (await environment.Management.Dynamic(kind!).ListAsync(new() { Namespace = "team-a" }, Ct)).Items.FirstOrDefault(set => (string?)set.At("spec", "cluster") == cluster),
            set => set is not null, "its ServiceSet");
        return found!.Key.Name;
    }

    /// <summary>A plan is made from what comes by watch: waited for until its steps are these.</summary>
    private static Task StepsAsync(HttpClient rest, string path, string expected) =>
        StateManagerEnvironment.EventuallyAsync(async () => Steps(await GetAsync(rest, path)), steps => steps == expected, path);

    private static string Steps(JsonNode page) =>
        string.Join(", ", page["items"]![0]!["services"]!.AsArray().Select(step => $"{step!["name"]} {step["action"]}").Order(StringComparer.Ordinal));

    private static JsonNode Service(JsonNode diff, string name) =>
        Assert.Single(diff["clusters"]!.AsArray().SelectMany(cluster => cluster!["services"]!.AsArray()), service => (string?)service!["name"] == name)!;

    private static JsonNode Value(JsonNode service, string path) => Assert.Single(service["values"]!.AsArray(), value => (string?)value!["path"] == path)!;

    private static async Task<JsonNode> DiffAsync(HttpClient rest, params JsonObject[] objects)
    {
        using var body = new StringContent(new JsonObject { ["objects"] = new JsonArray([.. objects.Select(item => item.DeepClone())]) }.ToJsonString(), Encoding.UTF8, "application/json");
        using var response = await rest.PostAsync(new Uri("/api/v1/services/diff", UriKind.Relative), body, Ct);
        return await ReadAsync(response);
    }

    private static async Task<JsonNode> GetAsync(HttpClient rest, string path)
    {
        using var response = await rest.GetAsync(new Uri(path, UriKind.Relative), Ct);
        return await ReadAsync(response);
    }

    private static async Task<JsonNode> ReadAsync(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync(Ct);
        Assert.True(response.IsSuccessStatusCode, text);
        Assert.DoesNotContain("canary", text, StringComparison.Ordinal);
        return JsonNode.Parse(text)!;
    }
}

public sealed class ServicePreviewTests(StateManagerEnvironment environment) : ServicePreviewCases(environment), IClassFixture<StateManagerEnvironment>;

public sealed class Helm4ServicePreviewTests(Helm4Environment environment) : ServicePreviewCases(environment), IClassFixture<Helm4Environment>;
