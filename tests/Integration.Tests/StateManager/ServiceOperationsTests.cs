using System.Text;
using System.Text.Json.Nodes;
using Fleet.Contracts;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using static Fleet.Integration.Tests.StateManager.ServiceManifests;

namespace Fleet.Integration.Tests.StateManager;

/// <summary>What people do with a service over REST, with real helm: look at it, take it back, hold it, let it go.</summary>
public abstract class ServiceOperationsCases(StateManagerEnvironment environment) : IAsyncLifetime
{
    private const string Canary = "canary-4711-must-never-be-shown";

    private static readonly ResourceKind Deployments = new("apps", "v1", "Deployment", "deployments", true);

    public async ValueTask InitializeAsync() => await environment.ApplyAsync(Template());

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return default;
    }

    [Fact]
    public async Task A_rollback_holds_until_it_is_resumed_or_the_service_is_declared_otherwise()
    {
        await environment.AddClusterAsync("back");
        await environment.ApplyAsync(Set("back", "back", Service("web", "replicaCount: 1")));
        await environment.ServiceAsync("back", "web", "Deployed");
        await environment.ApplyAsync(Set("back", "back", Service("web", "replicaCount: 2")));
        await DeployedAsync("back", 2);
        using var rest = await environment.RestAsync();
        const string Path = "/api/v1/services/team-a/back/apps/web";
        Assert.Equal([(2, "deployed"), (1, "superseded")], await HistoryAsync(rest, Path));
        await RefusedAsync(rest, Path + "/actions/rollback", """{"revision":9}""", 409, "it can go back to 1, 2");
        await RefusedAsync(rest, Path + "/actions/rollback", """{"revision":2}""", 409, "is what runs");

        // Taken back, told, and kept through reconciles and a restart of StateManager.
        var answer = await PostAsync(rest, Path + "/actions/rollback", """{"revision":1}""");
        Assert.Equal(1, (int?)answer["held"]!["revision"]);
        var state = await environment.ServiceAsync("back", "web", "Pending");
        await StateManagerEnvironment.EventuallyAsync(() => ReplicasAsync("back"), replicas => replicas == 1, "back at one replica");
        state = await StateManagerEnvironment.EventuallyAsync(
            () => environment.ServiceAsync("back", "web", "Pending"), s => ((string?)s["lastDeployedHash"])?.EndsWith("@3", StringComparison.Ordinal) == true, "revision 3 is ours");
        Assert.Contains("held at revision 1 by system:serviceaccount:team-a:operator", (string?)state["failureMessage"], StringComparison.Ordinal);
        Assert.Equal("RolledBack", (string?)Condition(state, "Held")!["reason"]);
        var set = await environment.StatusAsync("back", _ => true, "read");
        Assert.False((bool?)set!["deployed"]);
        await environment.StopServiceAsync();
        await environment.StartServiceAsync();
        await environment.TouchSetAsync("back");
        using var again = await environment.RestAsync();
        await StateManagerEnvironment.EventuallyAsync(
            async () => (string?)(await GetAsync(again, "/api/v1/services?namespace=team-a&cluster=back&held=true"))["items"]![0]?["state"], found => found == "Pending", "seen again");
        // Helm keeps two revisions unless the service asks for more: the one that it went back to is gone by now.
        Assert.Equal([(3, "deployed"), (2, "superseded")], await HistoryAsync(again, Path));
        var revisions = (await GetAsync(again, Path + "/history"))["revisions"]!.AsArray();
        Assert.Equal("system:serviceaccount:team-a:operator", (string?)revisions[0]!["requestedBy"]);
        Assert.Null(revisions[1]!["requestedBy"]);

        // Somebody else's upgrade of what is held is taken back as well.
        await environment.HelmOnAsync("back", "rollback", "web", "2", "-n", "apps");
        await StateManagerEnvironment.EventuallyAsync(() => HistoryAsync(again, Path), history => history[0].Revision == 5, "taken back");
        await StateManagerEnvironment.EventuallyAsync(() => ReplicasAsync("back"), replicas => replicas == 1, "one replica again");

        // Let go: the declaration is applied.
        Assert.Null((await PostAsync(again, Path + "/actions/resume"))["held"]);
        state = await DeployedAsync("back", 6);
        Assert.Null(Condition(state, "Held"));
        Assert.Equal(2, await ReplicasAsync("back"));

        // A new declaration ends a rollback by itself, and its entry goes.
        await PostAsync(again, Path + "/actions/rollback", """{"revision":5}""");
        await StateManagerEnvironment.EventuallyAsync(() => ReplicasAsync("back"), replicas => replicas == 1, "back once more");
        await environment.ApplyAsync(Set("back", "back", Service("web", "replicaCount: 3")));
        await environment.ServiceAsync("back", "web", "Deployed");
        Assert.Equal(3, await ReplicasAsync("back"));
        var annotations = (await environment.GetAsync("ServiceSet", "back"))!.Metadata.Annotations;
        Assert.False(annotations?.ContainsKey(FleetAnnotations.HeldServices) == true, "the entry is gone");
    }

    [Fact]
    public async Task A_paused_service_stays_as_it_is_and_a_restart_rolls_its_pods()
    {
        var cluster = await environment.AddClusterAsync("pause");
        await environment.ApplyAsync(Set("pause", "pause", Service("web", "replicaCount: 1"), Service("other", "replicaCount: 1")));
        await environment.ServiceAsync("pause", "web", "Deployed");
        await environment.ServiceAsync("pause", "other", "Deployed");
        using var rest = await environment.RestAsync();
        const string Path = "/api/v1/services/team-a/pause/apps/web";
        await PostAsync(rest, Path + "/actions/pause");
        await environment.ApplyAsync(Set("pause", "pause", Service("web", "replicaCount: 2"), Service("other", "replicaCount: 2")));
        var state = await environment.ServiceAsync("pause", "web", "Pending");
        Assert.Contains("paused by", (string?)state["failureMessage"], StringComparison.Ordinal);
        await StateManagerEnvironment.EventuallyAsync(() => environment.ValuesAsync("pause", "other"), values => (int?)values["replicaCount"] == 2, "the other one goes on");
        Assert.Equal(1, (int?)(await environment.ValuesAsync("pause", "web"))["replicaCount"]);
        await PostAsync(rest, Path + "/actions/resume");
        await environment.ServiceAsync("pause", "web", "Deployed");
        Assert.Equal(2, (int?)(await environment.ValuesAsync("pause", "web"))["replicaCount"]);

        var before = await HistoryAsync(rest, Path);
        var restarted = Assert.Single((await PostAsync(rest, Path + "/actions/restart"))["restarted"]!.AsArray());
        Assert.Equal("Deployment apps/web-simple-nginx", (string?)restarted);
        var deployment = await cluster.Dynamic(Deployments).GetAsync(new("apps", "web-simple-nginx"), Ct);
        Assert.NotNull(deployment!.At("spec", "template", "metadata", "annotations", "kubectl.kubernetes.io/restartedAt"));
        await environment.ServiceAsync("pause", "web", "Deployed");
        Assert.Equal(before, await HistoryAsync(rest, Path));
    }

    [Fact]
    public async Task Values_say_where_they_are_from_and_secrets_are_never_shown()
    {
        await environment.AddClusterAsync("values");
        await environment.ApplyAsync(Source("ConfigMap", "settings", ("values.yaml", "replicaCount: 1\npodLabels: {tier: front}")));
        await environment.ApplyAsync(Source("Secret", "keys", ("values.yaml", $"content: {Canary}\npodAnnotations: {{token: \"{Canary}\"}}")));
        await environment.ApplyAsync(Set("values", "values", Service("web", "replicaCount: 2\npodLabels: {hint: '{{ lower \"WEB\" }}'}", ("ConfigMap", "settings"), ("Secret", "keys"))));
        await environment.ServiceAsync("values", "web", "Deployed");
        using var rest = await environment.RestAsync();
        const string Path = "/api/v1/services/team-a/values/apps/web";

        var answer = await GetAsync(rest, Path + "/values");
        Assert.Equal(["Chart", "ConfigMap", "Secret", "Values"], answer["layers"]!.AsArray().Select(layer => (string?)layer!["kind"]));
        JsonNode Value(string path) => Assert.Single(answer["values"]!.AsArray(), value => (string?)value!["path"] == path)!;
        Assert.Equal((2, "Values"), ((int?)Value("replicaCount")["value"], (string?)Value("replicaCount")["from"]!["kind"]));
        Assert.Equal(["ConfigMap", "Chart"], Value("replicaCount")["over"]!.AsArray().Select(origin => (string?)origin!["kind"]));
        Assert.Equal("values.yaml", (string?)Value("podLabels.tier")["from"]!["key"]);
        Assert.True((bool?)Value("content")["secret"]);
        Assert.Null(Value("content")["value"]);
        Assert.Equal("keys", (string?)Value("podAnnotations.token")["from"]!["name"]);
        // The template has been rendered.
        Assert.Equal("web", (string?)Value("podLabels.hint")["value"]);

        var manifest = (string)(await GetAsync(rest, Path + "/manifest"))["manifest"]!;
        Assert.Contains("index.html: '***'", manifest.Replace('"', '\''), StringComparison.Ordinal);
        Assert.Contains("kind: Deployment", manifest, StringComparison.Ordinal);

        // Also not the one that was there before the Secret was changed, nor when it is gone.
        await environment.ApplyAsync(Source("Secret", "keys", ("values.yaml", "content: another-canary-0815")));
        Assert.DoesNotContain(Canary, (await GetAsync(rest, Path + "/manifest?revision=1")).ToJsonString(), StringComparison.Ordinal);
        await environment.Management.Dynamic(new("", "v1", "Secret", "secrets", true)).DeleteAsync(new("team-a", "keys"), DeleteOptions.Background, Ct);
        foreach (var part in (string[])["", "/history", "/manifest", "/manifest?revision=1"])
            Assert.DoesNotContain("canary", (await GetAsync(rest, Path + part)).ToJsonString(), StringComparison.Ordinal);
        await RefusedAsync(rest, Path + "/values", null, 409, "Secret team-a/keys does not exist");
        // The upgrade that the changed Secret began may still run when the Secret goes.
        var view = await StateManagerEnvironment.EventuallyAsync(
            () => GetAsync(rest, Path), found => (string?)found["revisions"]?[0]?["status"] == "deployed", "the last revision is deployed");
        Assert.Contains(view["objects"]!.AsArray(), item => (string?)item!["kind"] == "ConfigMap");
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static JsonObject? Condition(JsonObject state, string type) =>
        (state["conditions"] as JsonArray)?.OfType<JsonObject>().FirstOrDefault(condition => (string?)condition["type"] == type);

    /// <summary>Deployed at this revision.</summary>
    private async Task<JsonObject> DeployedAsync(string set, int revision) => await StateManagerEnvironment.EventuallyAsync(
        () => environment.ServiceAsync(set, "web", "Deployed"), s => ((string?)s["lastDeployedHash"])?.EndsWith($"@{revision}", StringComparison.Ordinal) == true, $"revision {revision}");

    private async Task<int?> ReplicasAsync(string cluster) => (int?)(await environment.ValuesAsync(cluster, "web"))["replicaCount"];

    private static async Task<(int Revision, string Status)[]> HistoryAsync(HttpClient rest, string path) =>
        [.. (await GetAsync(rest, path + "/history"))["revisions"]!.AsArray().Select(revision => ((int)revision!["revision"]!, (string)revision["status"]!))];

    private static async Task<JsonNode> GetAsync(HttpClient rest, string path)
    {
        using var response = await rest.GetAsync(new Uri(path, UriKind.Relative), Ct);
        var text = await response.Content.ReadAsStringAsync(Ct);
        Assert.True(response.IsSuccessStatusCode, $"GET {path}: {text}");
        Assert.DoesNotContain("canary", text, StringComparison.Ordinal);
        return JsonNode.Parse(text)!;
    }

    private static async Task<JsonNode> PostAsync(HttpClient rest, string path, string? body = null)
    {
        using var response = await SendAsync(rest, path, body, HttpMethod.Post);
        var text = await response.Content.ReadAsStringAsync(Ct);
        Assert.True(response.IsSuccessStatusCode, $"POST {path}: {text}");
        return JsonNode.Parse(text)!;
    }

    private static async Task RefusedAsync(HttpClient rest, string path, string? body, int status, string says)
    {
        using var response = await SendAsync(rest, path, body, body is null ? HttpMethod.Get : HttpMethod.Post);
        var text = await response.Content.ReadAsStringAsync(Ct);
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Contains(says, (string?)JsonNode.Parse(text)!["detail"], StringComparison.Ordinal);
        Assert.DoesNotContain("canary", text, StringComparison.Ordinal);
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpClient rest, string path, string? body, HttpMethod method)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        return await rest.SendAsync(request, Ct);
    }
}

public sealed class ServiceOperationsTests(StateManagerEnvironment environment) : ServiceOperationsCases(environment), IClassFixture<StateManagerEnvironment>;

public sealed class Helm4ServiceOperationsTests(Helm4Environment environment) : ServiceOperationsCases(environment), IClassFixture<Helm4Environment>;
