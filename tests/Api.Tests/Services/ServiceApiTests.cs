using System.Net;
using System.Text.Json.Nodes;
using Fleet.Contracts;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Kubernetes.Watching;
using Fleet.StateManager.ServiceSets;
using Fleet.Testing.ApiServers;
using Fleet.Testing.Servers;

namespace Fleet.Api.Tests.Services;

/// <summary>Services over REST, with clusters that nobody can reach: what the API says without them.</summary>
public sealed class ServiceApiTests
{
    private const string ReadSets = "{apiGroups: [k0rdent.mirantis.com], resources: [servicesets], verbs: [get, list]}";

    [Fact]
    public async Task Services_are_listed_page_by_page_and_filtered()
    {
        await using var host = await HostAsync();
        await SetAsync(host, "web", "shop/cart", "shop/front", "ops/agent");
        await SetAsync(host, "back", "shop/db", "ops/agent");
        var admin = await host.AdminAsync();
        var seen = new List<string>();
        var path = $"/services?namespace={host.Namespace}&limit=2";
        var page = await EventuallyListedAsync(admin, path, 2);
        while (true)
        {
            seen.AddRange(Places(page));
            Assert.InRange(page["items"]!.AsArray().Count, 1, 2);
            if ((string?)page["continue"] is not { } next)
                break;
            page = await admin.OkAsync($"{path}&continue={next}");
        }
        Assert.Equal(["back ops/agent", "back shop/db", "web ops/agent", "web shop/cart", "web shop/front"], seen);

        var all = $"/services?namespace={host.Namespace}";
        Assert.Equal(["web ops/agent", "web shop/cart", "web shop/front"], Places(await admin.OkAsync(all + "&cluster=web")));
        Assert.Equal(["back ops/agent", "web ops/agent"], Places(await admin.OkAsync(all + "&service=agent")));
        Assert.Equal(["web shop/cart"], Places(await admin.OkAsync(all + "&service=shop/cart")));
        Assert.Empty(Places(await admin.OkAsync(all + "&state=Deployed")));
        Assert.Equal(5, Places(await admin.OkAsync(all + "&state=Pending,Deployed")).Length);

        var first = await admin.OkAsync(path);
        await (await admin.AskAsync($"{path}&state=Pending&continue={first["continue"]}")).ProblemAsync(400, "invalid-request");
        Assert.Equal(["?stat", "?limit"], (await (await admin.AskAsync("/services?stat=Failed&limit=0")).ProblemAsync(400, "invalid-request")).Fields());
    }

    [Fact]
    public async Task Changes_of_services_are_streamed_with_the_version_that_an_action_names()
    {
        await using var host = await HostAsync();
        await SetAsync(host, "web", "shop/cart");
        var caller = await host.CallerAsync("watcher", ReadSets.Replace("list]", "list, watch]", StringComparison.Ordinal), "{apiGroups: [k0rdent.mirantis.com], resources: [servicesets/pause], verbs: [patch]}");
        await using var reader = await EventReader.OpenAsync(caller, $"?kinds=service-sets&namespace={host.Namespace}");
        var begin = await reader.UntilAsync(e => e.Name == "synced");
        var service = begin.Single(e => e.Name == "added").Data!["object"]!["services"]!.AsArray().Single()!;
        Assert.Equal(("web", "shop", "cart"), ((string?)service["cluster"], (string?)service["serviceNamespace"], (string?)service["name"]));
        Assert.False((bool?)begin[^1].Data!["limitedByAccess"]);

        var path = $"/services/{host.Namespace}/web/shop/cart";
        // Its status may still be written when it is looked at.
        var seen = "";
        await Wait.UntilAsync(async () =>
        {
            seen = (string)(await caller.OkAsync(path))["resourceVersion"]!;
            using var paused = await caller.PostAsync(path + "/actions/pause", null, ("If-Match", $"\"{seen}\""));
            return paused.StatusCode == HttpStatusCode.OK;
        }, "paused with the version that was seen");
        var told = await reader.UntilAsync(e => e.Name == "modified" && e.Data!["object"]!["services"]![0]!["held"] is not null);
        Assert.NotEqual(seen, (string?)told[^1].Data!["object"]!["services"]![0]!["resourceVersion"]);
        await (await caller.PostAsync(path + "/actions/pause", null, ("If-Match", $"\"{seen}\""))).ProblemAsync(412, "precondition-failed");
    }

    [Fact]
    public async Task What_an_action_did_is_what_the_next_reader_finds()
    {
        await using var host = await HostAsync();
        await SetAsync(host, "web", "shop/cart");
        var admin = await host.AdminAsync();
        var path = $"/services/{host.Namespace}/web/shop/cart";
        await EventuallyListedAsync(admin, $"/services?namespace={host.Namespace}", 1);
        // From its next change on the watch of the process tells nothing: as one that is late, or the one of another replica.
        using var told = new ManualResetEventSlim();
        using var late = host.Service<ServiceSetIndex>().Informer.Subscribe(change =>
        {
            if (change.Type == InformerEventType.Updated)
                told.Wait();
        });
        try
        {
            foreach (var round in (string[])["first", "second"])
            {
                var paused = await JsonAsync(await admin.PostAsync($"{path}/actions/pause"));
                var read = await admin.OkAsync(path);
                Assert.True(read["held"] is not null, $"{round}: {paused} {read}");
                var resumed = await JsonAsync(await admin.PostAsync($"{path}/actions/resume"));
                read = await admin.OkAsync(path);
                Assert.True(read["held"] is null, $"{round}: {resumed} {read}");
            }
        }
        finally
        {
            told.Set();
        }
    }

    [Fact]
    public async Task Status_that_was_written_since_is_no_reason_to_refuse_and_a_decision_is()
    {
        await using var host = await HostAsync();
        var set = await SetAsync(host, "web", "shop/cart", "shop/front");
        var sets = host.Client.Dynamic(FleetKinds.ServiceSets.Kind);
        var admin = await host.AdminAsync();
        var path = $"/services/{host.Namespace}/web/shop";
        await EventuallyListedAsync(admin, $"/services?namespace={host.Namespace}", 2);
        await Wait.UntilAsync(
            async () => ((string?)(await admin.OkAsync($"{path}/cart"))["message"])?.Contains("no kubeconfig", StringComparison.Ordinal) == true, "StateManager has looked at it");

        var seen = (string)(await admin.OkAsync($"{path}/cart"))["resourceVersion"]!;
        for (var time = 1; time <= 3; time++)
            await sets.PatchAsync(
                set, Patch.Merge(new() { ["metadata"] = new JsonObject { ["labels"] = new JsonObject { ["written"] = $"{time}" } } }), PatchOptions.Default, default);
        var now = (await sets.GetAsync(set, default))!.Metadata.ResourceVersion;
        Assert.NotEqual(seen, now);
        var known = host.Service<ServiceSetIndex>();
        await Wait.UntilAsync(() => Task.FromResult(known.Informer.TryGet(set, out var told) && known.Versions.IsAs(now!, told.Metadata)), "the watch has told it");
        var paused = await JsonAsync(await admin.PostAsync($"{path}/cart/actions/pause", null, ("If-Match", $"\"{seen}\"")));
        Assert.NotNull(paused["held"]);

        // Another service of the same set is another decision, but the annotation is one.
        await (await admin.PostAsync($"{path}/front/actions/pause", null, ("If-Match", $"\"{seen}\""))).ProblemAsync(412, "precondition-failed");
        await (await admin.PostAsync($"{path}/cart/actions/resume", null, ("If-Match", $"\"{now}\""))).ProblemAsync(412, "precondition-failed");
        Assert.Equal(["shop/cart"], (await AnnotationAsync(host, set))!.Select(entry => entry.Key));
    }

    [Fact]
    public async Task Rights_are_asked_for_each_call()
    {
        await using var host = await HostAsync();
        await SetAsync(host, "web", "shop/cart");
        var path = $"/services/{host.Namespace}/web/shop/cart";
        await (await host.Caller(null).AskAsync("/services")).ProblemAsync(401, "unauthenticated");
        await (await host.Caller("nonsense").AskAsync(path)).ProblemAsync(401, "unauthenticated");

        var stranger = await host.CallerAsync("stranger");
        await (await stranger.AskAsync($"/services?namespace={host.Namespace}")).ProblemAsync(403, "forbidden");
        await (await stranger.AskAsync(path)).ProblemAsync(403, "forbidden");
        // Not even whether it exists.
        await (await stranger.AskAsync($"/services/{host.Namespace}/web/shop/none")).ProblemAsync(403, "forbidden");

        var reader = await host.CallerAsync("reader", ReadSets);
        await EventuallyListedAsync(reader, $"/services?namespace={host.Namespace}", 1);
        await reader.OkAsync(path);
        var everywhere = await reader.OkAsync("/services");
        Assert.All(everywhere["items"]!.AsArray(), item => Assert.Equal(host.Namespace, (string?)item!["namespace"]));
        await (await reader.AskAsync($"/services/{host.Namespace}/web/shop/none")).ProblemAsync(404, "not-found");
        await (await stranger.AskAsync($"{path}/drift")).ProblemAsync(403, "forbidden");
        await (await reader.AskAsync($"{path}/drift")).ProblemAsync(503, "history-unavailable");
        foreach (var part in (string[])["values", "manifest"])
            await (await reader.AskAsync($"{path}/{part}")).ProblemAsync(403, "forbidden");
        foreach (var action in (string[])["pause", "resume", "restart"])
            await (await reader.PostAsync($"{path}/actions/{action}")).ProblemAsync(403, "forbidden");
        await (await reader.PostAsync($"{path}/actions/rollback", """{"revision":1}""")).ProblemAsync(403, "forbidden");

        // One action, and no other.
        var pauser = await host.CallerAsync("pauser", ReadSets, "{apiGroups: [k0rdent.mirantis.com], resources: [servicesets/pause], verbs: [patch]}");
        Assert.Equal(HttpStatusCode.OK, (await pauser.PostAsync($"{path}/actions/pause")).StatusCode);
        await (await pauser.PostAsync($"{path}/actions/resume")).ProblemAsync(403, "forbidden");
    }

    [Fact]
    public async Task A_pause_is_an_annotation_and_leaves_the_others_alone()
    {
        await using var host = await HostAsync();
        var set = await SetAsync(host, "web", "shop/cart", "shop/front");
        var admin = await host.AdminAsync();
        var path = $"/services/{host.Namespace}/web/shop";
        await EventuallyListedAsync(admin, $"/services?namespace={host.Namespace}", 2);

        var dry = await JsonAsync(await admin.PostAsync($"{path}/cart/actions/pause?dryRun=true"));
        Assert.NotNull(dry["held"]);
        Assert.Null(await AnnotationAsync(host, set));

        var paused = await JsonAsync(await admin.PostAsync($"{path}/cart/actions/pause"));
        Assert.Equal($"system:serviceaccount:{host.Namespace}:administrator", (string?)paused["held"]!["by"]);
        await admin.PostAsync($"{path}/front/actions/pause");
        Assert.Equal(["shop/cart", "shop/front"], (await AnnotationAsync(host, set))!.Select(entry => entry.Key));
        await Wait.UntilAsync(async () => (await admin.OkAsync($"/services?namespace={host.Namespace}&held=true"))["items"]!.AsArray().Count == 2, "both are held");
        // Told in the state as well, for those who look by kubectl.
        await Wait.UntilAsync(
            async () => ((string?)(await admin.OkAsync($"{path}/cart"))["message"])?.Contains("no kubeconfig", StringComparison.Ordinal) == true, "StateManager has looked at it");

        Assert.Null((await JsonAsync(await admin.PostAsync($"{path}/cart/actions/resume")))["held"]);
        Assert.Equal(["shop/front"], (await AnnotationAsync(host, set))!.Select(entry => entry.Key));
        await admin.PostAsync($"{path}/front/actions/resume");
        Assert.Null(await AnnotationAsync(host, set));
    }

    [Theory, InlineData("kube-apiserver"), InlineData("embedded")]
    public async Task What_the_management_API_rejects_is_told_with_its_fields_and_changes_nothing(string server)
    {
        await using var host = await ApiHost.WithServicesAsync(await ApiServers.SharedAsync(server));
        var set = await SetAsync(host, "web", "shop/cart");
        var admin = await host.AdminAsync();
        var path = $"/services/{host.Namespace}/web/shop/cart";
        await EventuallyListedAsync(admin, $"/services?namespace={host.Namespace}", 1);
        // A hold is an annotation, and all of them together may take 256 KiB.
        await AnnotateAsync(new string('x', (256 * 1024) - 64));
        foreach (var dryRun in (string[])["?dryRun=true", ""])
        {
            var rejected = await (await admin.PostAsync($"{path}/actions/pause{dryRun}")).ProblemAsync(422, "rejected");
            // Some servers check them more than once.
            Assert.Equal(["metadata.annotations"], rejected.Fields().Distinct());
        }
        Assert.Null(await AnnotationAsync(host, set));
        Assert.Null((await admin.OkAsync(path))["held"]);

        await AnnotateAsync(null);
        Assert.Equal(HttpStatusCode.OK, (await admin.PostAsync($"{path}/actions/pause")).StatusCode);

        Task AnnotateAsync(string? text) => host.Client.Dynamic(FleetKinds.ServiceSets.Kind).PatchAsync(
            set, Patch.Merge(new() { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { ["filler"] = text } } }), PatchOptions.Default, default);
    }

    [Fact]
    public async Task Preconditions_bodies_and_states_are_checked()
    {
        await using var host = await HostAsync();
        var set = await SetAsync(host, "web", "shop/cart");
        var admin = await host.AdminAsync();
        var path = $"/services/{host.Namespace}/web/shop/cart";
        await EventuallyListedAsync(admin, $"/services?namespace={host.Namespace}", 1);
        await (await admin.PostAsync($"{path}/actions/pause", null, ("If-Match", "\"1\""))).ProblemAsync(412, "precondition-failed");
        Assert.Null(await AnnotationAsync(host, set));

        await (await admin.PostAsync($"{path}/actions/rollback")).ProblemAsync(415, "wrong-media-type");
        foreach (var body in (string[])["{}", """{"revision":0}""", """{"revision":"one"}""", """{"revison":1}""", "[1]"])
            await (await admin.PostAsync($"{path}/actions/rollback", body)).ProblemAsync(400, "invalid-request");
        // There is no cluster yet, so there is no release either.
        var problem = await (await admin.PostAsync($"{path}/actions/rollback", """{"revision":1}""")).ProblemAsync(409, "conflict");
        Assert.Contains("no kubeconfig yet", (string?)problem["detail"], StringComparison.Ordinal);
        await (await admin.PostAsync($"{path}/actions/restart")).ProblemAsync(409, "conflict");
        await (await admin.AskAsync($"{path}/history")).ProblemAsync(409, "conflict");
        problem = await (await admin.AskAsync($"{path}/values")).ProblemAsync(409, "conflict");
        Assert.Contains("ServiceTemplate nowhere does not exist", (string?)problem["detail"], StringComparison.Ordinal);
        Assert.Equal(["namespace", "name"], (await (await admin.AskAsync($"/services/{host.Namespace}/web/Shop/CART")).ProblemAsync(400, "invalid-request")).Fields());

        // What is known is told although the cluster is not.
        var view = await admin.OkAsync(path);
        Assert.Contains("no kubeconfig yet", (string?)view["clusterProblem"], StringComparison.Ordinal);
        Assert.Contains("ServiceTemplate nowhere does not exist", (string?)view["problem"], StringComparison.Ordinal);

        // A whole set that is paused does nothing for a rollback.
        await host.Client.Dynamic(FleetKinds.ServiceSets.Kind).PatchAsync(
            set, Patch.Merge(new() { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [FleetLabels.ServiceSetPaused] = "true" } } }), PatchOptions.Default, default);
        await Wait.UntilAsync(async () => (bool?)(await admin.OkAsync(path))["paused"] == true, "paused");
        problem = await (await admin.PostAsync($"{path}/actions/resume")).ProblemAsync(409, "conflict");
        Assert.Contains("whole ServiceSet", (string?)problem["detail"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_action_is_in_the_audit_under_its_own_name()
    {
        await using var host = await ApiHost.WithServicesAsync(
            await ApiServers.SharedAsync("embedded"), new() { Database = await (await PrivatePostgres.SharedAsync()).NewDatabaseAsync() });
        await SetAsync(host, "web", "shop/cart");
        var admin = await host.AdminAsync();
        var path = $"/services/{host.Namespace}/web/shop/cart";
        await EventuallyListedAsync(admin, $"/services?namespace={host.Namespace}", 1);
        using var paused = await admin.PostAsync($"{path}/actions/pause");
        using var refused = await admin.PostAsync($"{path}/actions/rollback", """{"revision":1}""");
        using var restart = await admin.PostAsync($"{path}/actions/restart");
        Assert.Equal(HttpStatusCode.OK, paused.StatusCode);
        await Wait.UntilAsync(async () => (await EntriesAsync()).Count == 3, "three entries");
        var entries = (await EntriesAsync()).ToDictionary(entry => (string)entry!["requestId"]!);
        JsonNode Of(HttpResponseMessage response) => entries[response.Headers.GetValues("X-Request-Id").Single()]!;
        Assert.Equal(("servicesets/pause", "web", "Succeeded", 200), Told(Of(paused)));
        Assert.NotEqual((string?)Of(paused)["before"], (string?)Of(paused)["after"]);
        Assert.Equal(("servicesets/rollback", "web", "Failed", 409), Told(Of(refused)));
        Assert.Equal(("servicesets/restart", "web", "Failed", 409), Told(Of(restart)));

        async Task<JsonArray> EntriesAsync() => (await admin.OkAsync($"/audit?namespace={host.Namespace}&verb=patch"))["items"]!.AsArray();
        static (string?, string?, string?, int?) Told(JsonNode entry) => ((string?)entry["resource"], (string?)entry["name"], (string?)entry["outcome"], (int?)entry["status"]);
    }

    internal static async Task<ApiHost> HostAsync() => await ApiHost.WithServicesAsync(await ApiServers.SharedAsync("embedded"));

    /// <summary>A ServiceSet for a cluster that does not exist, with services of a template that does not exist.</summary>
    internal static async Task<ObjectKey> SetAsync(ApiHost host, string cluster, params string[] services)
    {
        var list = string.Join(", ", services.Select(service => $"{{name: {service.Split('/')[1]}, namespace: {service.Split('/')[0]}, template: nowhere}}"));
        await host.ApplyAsync($"{{apiVersion: k0rdent.mirantis.com/v1beta1, kind: ServiceSet, metadata: {{name: {cluster}, namespace: {host.Namespace}}}, spec: {{cluster: {cluster}, provider: {{}}, services: [{list}]}}}}");
        // Without it the cluster would count as gone, and the services with it.
        await host.ClusterAsync(cluster);
        return new(host.Namespace, cluster);
    }

    internal static async Task<JsonNode> EventuallyListedAsync(HttpClient http, string path, int items)
    {
        await Wait.UntilAsync(async () => (await http.OkAsync(path))["items"]!.AsArray().Count == items, $"{items} items at {path}");
        return await http.OkAsync(path);
    }

    private static async Task<JsonNode> JsonAsync(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        return JsonNode.Parse(text)!;
    }

    private static async Task<JsonObject?> AnnotationAsync(ApiHost host, ObjectKey set)
    {
        var item = await host.Client.Dynamic(FleetKinds.ServiceSets.Kind).GetAsync(set, default);
        return item!.Metadata.Annotations?.GetValueOrDefault(FleetAnnotations.HeldServices) is { } text ? (JsonObject)JsonNode.Parse(text)! : null;
    }

    private static string[] Places(JsonNode page) => [.. page["items"]!.AsArray().Select(item => $"{item!["cluster"]} {item["serviceNamespace"]}/{item["name"]}")];
}
