using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Fleet.Control.Kinds;
using Fleet.Integration.Tests.StateManager;
using Fleet.Observability;
using Fleet.Observability.Alerts;
using Fleet.Observability.Api;
using Fleet.Testing.Servers;

namespace Fleet.Integration.Tests.Observability;

/// <summary>Alerts from objects of the management API to those who are told, on a real PostgreSQL.</summary>
public sealed class AlertsTests(StateManagerEnvironment environment) : IClassFixture<StateManagerEnvironment>, IAsyncLifetime
{
    private const string Place = StateManagerEnvironment.Namespace;

    private PrivatePostgres postgres = null!;
    private AlertPeers peers = null!;
    private ObservabilityHost? host;
    private string clusters = "two";
    private HttpClient? http;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => (postgres, peers) = (await PrivatePostgres.StartAsync(), await AlertPeers.StartAsync());

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await peers.DisposeAsync();
        await postgres.DisposeAsync();
    }

    [Fact]
    public async Task Two_clusters_that_are_not_ready_are_one_incident_that_everybody_is_told_of_once_and_of_its_end()
    {
        await ReceiversAsync();
        await RouteAsync("{\"receiver\":\"webhook\",\"groupWait\":\"1s\",\"groupInterval\":\"500ms\",\"repeatInterval\":\"1h\",\"routes\":[" + string.Join(',', new[] { "pagerduty", "slack", "teams" }
            .Select(name => $$"""{"matchers":["alertname=\"NotReady\""],"receiver":"{{name}}","continue":true}""")) + ",{\"matchers\":[\"alertname=\\\"NotReady\\\"\"],\"receiver\":\"webhook\"}]}");
        foreach (var name in new[] { "web", "db" })
            await ClusterAsync(name);
        // Before the engine starts, which else may tell of what another test's rule still finds.
        await RuleAsync("""{"alert":"NotReady","cluster":{},"severity":"critical","annotations":{"summary":"{{ $labels.cluster }} is not ready"}}""");
        await StartAsync();

        // One notification, which names both.
        var told = await EventuallyAsync(() => peers.Of("/webhook"), all => all.Count > 0);
        Assert.Equal([$"{Place}/db", $"{Place}/web"], ((JsonArray)told[0]["clusters"]!).Select(cluster => (string?)cluster));
        Assert.Equal("firing", (string?)told[0]["status"]);
        Assert.Equal($"[FIRING:2] NotReady on {Place}/db, {Place}/web", (string?)told[0]["title"]);
        var trigger = (await EventuallyAsync(() => peers.Of("/pagerduty"), all => all.Count > 0))[0];
        Assert.Equal(("trigger", "critical"), ((string?)trigger["event_action"], (string?)trigger["payload"]!["severity"]));
        await EventuallyAsync(() => peers.Of("/slack"), all => all.Count > 0);
        await EventuallyAsync(() => peers.Of("/teams"), all => all.Count > 0);

        // The same by REST.
        var alerts = await EventuallyJsonAsync("/api/v1/alerts?state=firing", answer => ((JsonArray)answer["items"]!).Count == 2);
        Assert.Equal(["db is not ready", "web is not ready"], ((JsonArray)alerts["items"]!).Select(alert => (string?)alert!["summary"]).Order());
        var incident = Assert.Single((JsonArray)(await JsonAsync("/api/v1/incidents?state=firing"))["items"]!)!;
        Assert.Equal((2, "critical"), ((int)incident["alerts"]!, (string?)incident["severity"]));
        Assert.All((JsonArray)alerts["items"]!, alert => Assert.Equal((string?)incident["id"], (string?)alert!["incident"]));
        var receivers = await EventuallyJsonAsync("/api/v1/receivers", answer => ((JsonArray)answer["items"]!).Count(one => (string?)one!["state"] == "ok") == 4);
        Assert.DoesNotContain(AlertPeers.RoutingKey, (await JsonAsync("/api/v1/deliveries")).ToJsonString() + receivers.ToJsonString(), StringComparison.Ordinal);
        await EventuallyStatusAsync("receivers", "webhook", status => (string?)status?["type"] == "webhook" && Condition(status, "Ready") == "True");
        await EventuallyStatusAsync("alertrules", "rules", status => (int?)status?["firing"] == 2 && Condition(status, "Evaluated") == "True");
        await EventuallyStatusAsync("alertroutes", "route", status => Condition(status, "Ready") == "True");

        // A silence that is made by REST is shown on the alert it hushes, and its end is an end.
        var made = await http!.PostAsJsonAsync("/api/v1/silences", new { @namespace = Place, matchers = new[] { "cluster=\"web\"" }, endsAt = TimeProvider.System.GetUtcNow().AddHours(1), comment = "a test" }, Cancel);
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        var silence = (await made.Content.ReadFromJsonAsync<JsonObject>(Cancel))!;
        Assert.Equal($"system:serviceaccount:{Place}:operator", (string?)silence["createdBy"]);
        await EventuallyJsonAsync("/api/v1/alerts?state=firing&cluster=web", answer => (string?)answer["items"]![0]!["silencedBy"] == $"{Place}/{(string?)silence["name"]}");
        await EventuallyStatusAsync("silences", (string)silence["name"]!, status => (string?)status?["state"] == "Active" && (int?)status["alerts"] == 1);
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await EndAsync(silence, "1")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await EndAsync(silence, "no version")).StatusCode);
        // Silences come by watch: shown is the one with the status that has been waited for.
        var version = (await environment.Management.Dynamic(FleetKinds.Silences.Kind).GetAsync(new(Place, (string)silence["name"]!), Cancel))!.Metadata.ResourceVersion;
        var shown = Assert.Single((JsonArray)(await EventuallyJsonAsync("/api/v1/silences", answer => (string?)answer["items"]![0]!["resourceVersion"] == version))["items"]!)!;
        Assert.Equal(HttpStatusCode.NoContent, (await EndAsync(silence, (string)shown["resourceVersion"]!)).StatusCode);
        foreach (var (bad, said) in new[] { ("{}", "namespace"), ($$"""{"namespace":"{{Place}}","matchers":["a=~\".*\""],"endsAt":"2100-01-01T00:00:00Z","comment":"c"}""", "every alert"), ("nonsense", "JSON") })
        {
            var refused = await http!.PostAsync("/api/v1/silences", new StringContent(bad, Encoding.UTF8, "application/json"), Cancel);
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
            Assert.Contains(said, await refused.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        }

        // Another process goes on: nothing is told again.
        await StopAsync();
        await StartAsync();
        await EventuallyStatusAsync("alertrules", "rules", status => (int?)status?["firing"] == 2);
        await environment.ReadyAsync("web");
        await environment.ReadyAsync("db");
        var over = await EventuallyAsync(() => peers.Of("/webhook"), all => all.Any(one => (string?)one["status"] == "resolved"));
        Assert.All(over.Skip(1), one => Assert.Contains((JsonArray)one["alerts"]!, alert => (string?)alert!["status"] == "resolved"));
        var resolve = (await EventuallyAsync(() => peers.Of("/pagerduty"), all => all.Any(one => (string?)one["event_action"] == "resolve")))[^1];
        Assert.Equal((string?)trigger["dedup_key"], (string?)resolve["dedup_key"]);
        Assert.Equal(peers.HeadersOf("/webhook", "Idempotency-Key").Distinct().Count(), over.Count);

        // Who has no right sees nothing; a database that is away is told.
        http!.DefaultRequestHeaders.Authorization = new("Bearer", await environment.TokenAsync("nobody"));
        foreach (var path in new[] { "/api/v1/alerts", "/api/v1/incidents", "/api/v1/silences", "/api/v1/receivers", "/api/v1/deliveries" })
            Assert.Equal(HttpStatusCode.Forbidden, (await http.GetAsync(path, Cancel)).StatusCode);
        http.DefaultRequestHeaders.Authorization = new("Bearer", await environment.TokenAsync("operator"));
        await postgres.KillAsync();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await http.GetAsync("/api/v1/alerts", Cancel)).StatusCode);
    }

    [Fact]
    public async Task A_receiver_that_fails_for_long_is_given_up_with_a_word_and_others_go_on()
    {
        await ReceiversAsync();
        await RouteAsync("""{"receiver":"webhook","groupWait":"100ms","groupInterval":"500ms","routes":[{"matchers":["severity=\"critical\""],"receiver":"slack","continue":true},{"matchers":["severity=\"critical\""],"receiver":"webhook"}]}""");
        clusters = "one";
        await ClusterAsync("shop");
        peers.Moods["/slack"] = 503;
        await RuleAsync("""{"alert":"Away","cluster":{},"severity":"critical"}""");
        // Long enough for several attempts on a slow machine.
        await StartAsync(options => options with { GiveUpAfter = TimeSpan.FromSeconds(10) });

        await EventuallyAsync(() => peers.Of("/webhook"), all => all.Count > 0);
        await EventuallyStatusAsync("receivers", "slack", status => (int?)status?["dead"] > 0 && Condition(status, "Ready") == "False");
        var deliveries = (JsonArray)(await JsonAsync($"/api/v1/deliveries?receiver={Place}/slack"))["items"]!;
        Assert.Contains(deliveries, one => (string?)one!["outcome"] == "failed" && (int?)one["code"] == 503);
        Assert.Contains(deliveries, one => (string?)one!["outcome"] == "dead");

        // The test button says what comes of it, before and after it is mended.
        var failed = await TestAsync("slack");
        Assert.Equal((false, 503), ((bool)failed["delivered"]!, (int)failed["code"]!));
        peers.Moods.Clear();
        Assert.True((bool)(await TestAsync("slack"))["delivered"]!);
        Assert.True((bool)(await TestAsync("pagerduty"))["delivered"]!);
        Assert.Equal(["trigger", "resolve"], peers.Of("/pagerduty").Select(one => (string?)one["event_action"]));
        Assert.Equal(HttpStatusCode.NotFound, (await http!.PostAsync($"/api/v1/receivers/{Place}/nobody/test", null, Cancel)).StatusCode);
        await EventuallyStatusAsync("alertrules", "rules", status => (int?)status?["firing"] == 1);
    }

    private Task<HttpResponseMessage> EndAsync(JsonObject silence, string version)
    {
        var request = new HttpRequestMessage(HttpMethod.Delete, $"/api/v1/silences/{Place}/{(string)silence["name"]!}");
        request.Headers.TryAddWithoutValidation("If-Match", $"\"{version}\"");
        return http!.SendAsync(request, Cancel);
    }

    private async Task<JsonObject> TestAsync(string receiver)
    {
        var answer = await http!.PostAsync($"/api/v1/receivers/{Place}/{receiver}/test", null, Cancel);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return (await answer.Content.ReadFromJsonAsync<JsonObject>(Cancel))!;
    }

    private async Task ReceiversAsync()
    {
        string Value(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
        await environment.ApplyAsync($$"""
            {"apiVersion":"v1","kind":"Secret","metadata":{"name":"told","namespace":"{{Place}}"},"data":{"key":"{{Value(AlertPeers.SigningKey)}}","routing":"{{Value(AlertPeers.RoutingKey)}}",
             "slack":"{{Value(peers.Address + "/slack")}}","teams":"{{Value(peers.Address + "/teams")}}"} }
            """);
        foreach (var (name, spec) in new[]
        {
            ("webhook", $$"""{"webhook":{"url":"{{peers.Address}}/webhook","signingSecret":{"name":"told","key":"key"} } }"""),
            ("pagerduty", $$"""{"pagerDuty":{"url":"{{peers.Address}}/pagerduty","routingKeySecret":{"name":"told","key":"routing"} } }"""),
            ("slack", """{"slack":{"urlSecret":{"name":"told","key":"slack"}}}"""),
            ("teams", """{"msTeams":{"urlSecret":{"name":"told","key":"teams"}}}"""),
        })
            await ApplyAsync("Receiver", name, spec);
    }

    private Task RouteAsync(string spec) => ApplyAsync("AlertRoute", "route", spec);

    private Task RuleAsync(string rule) => ApplyAsync("AlertRule", "rules", $$"""{"interval":"200ms","clusterSelector":{"matchLabels":{"alerts":"{{clusters}}"} },"rules":[{{rule}}]}""");

    private Task ClusterAsync(string name) => environment.ApplyAsync(
        $$"""{"apiVersion":"k0rdent.mirantis.com/v1beta1","kind":"ClusterDeployment","metadata":{"name":"{{name}}","namespace":"{{Place}}","labels":{"alerts":"{{clusters}}"} },"spec":{"template":"any"} }""");

    private Task ApplyAsync(string kind, string name, string spec) => environment.ApplyAsync(
        $$"""{"apiVersion":"k0rdent.mirantis.com/v1beta1","kind":"{{kind}}","metadata":{"name":"{{name}}","namespace":"{{Place}}"},"spec":{{spec}}}""");

    private static string? Condition(JsonObject? status, string type) =>
        (status?["conditions"] as JsonArray)?.Where(one => (string?)one!["type"] == type).Select(one => (string?)one!["status"]).FirstOrDefault();

    private Task<JsonObject?> EventuallyStatusAsync(string plural, string name, Func<JsonObject?, bool> expected)
    {
        var kind = plural switch { "receivers" => FleetKinds.Receivers.Kind, "alertrules" => FleetKinds.AlertRules.Kind, "alertroutes" => FleetKinds.AlertRoutes.Kind, _ => FleetKinds.Silences.Kind };
        return StateManagerEnvironment.EventuallyAsync(
            async () => (await environment.Management.Dynamic(kind).GetAsync(new(Place, name), Cancel))?.Root["status"] as JsonObject, expected, $"status of {plural}/{name}");
    }

    private static Task<IReadOnlyList<JsonObject>> EventuallyAsync(Func<IReadOnlyList<JsonObject>> ask, Func<IReadOnlyList<JsonObject>, bool> expected) =>
        StateManagerEnvironment.EventuallyAsync(() => Task.FromResult(ask()), expected, "what is told");

    private Task<JsonObject> EventuallyJsonAsync(string path, Func<JsonObject, bool> expected) => StateManagerEnvironment.EventuallyAsync(() => JsonAsync(path), expected, path);

    private async Task<JsonObject> JsonAsync(string path) => (await http!.GetFromJsonAsync<JsonObject>(path, Cancel))!;

    private async Task StartAsync(Func<AlertOptions, AlertOptions>? change = null)
    {
        var options = new AlertOptions
        {
            AllowLoopback = true, Turn = TimeSpan.FromMilliseconds(100), ShortestInterval = TimeSpan.FromMilliseconds(200), FirstRetry = TimeSpan.FromMilliseconds(100), LongestRetry = TimeSpan.FromMilliseconds(400),
        };
        host = await ObservabilityHost.StartAsync(
            environment.Management, postgres.ConnectionString, () => environment.TokenAsync("operator"),
            services => services.AddObservability(postgres.ConnectionString, alerts: change?.Invoke(options) ?? options), application => application.MapObservabilityApi());
        http = host.Http;
    }

    private async Task StopAsync()
    {
        if (host is not null)
            await host.DisposeAsync();
        host = null;
    }
}
