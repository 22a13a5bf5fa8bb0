using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Fleet.Control.Grains;
using Fleet.Integration.Tests.StateManager;
using Fleet.Observability.Collection;
using Fleet.Observability.Costs;
using Fleet.Observability.Focus;
using Fleet.Observability.Focus.Bills;
using Fleet.Testing.Servers;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Fleet.Integration.Tests.Observability;

/// <summary>Costs of a simulated cluster, from its API server to <c>/allocation</c>, on a real PostgreSQL.</summary>
public sealed class CollectionTests(StateManagerEnvironment environment) : IClassFixture<StateManagerEnvironment>, IAsyncLifetime
{
    private PrivatePostgres postgres = null!;
    private ObservabilityHost? host;
    private HttpClient? http;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => postgres = await PrivatePostgres.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await postgres.DisposeAsync();
    }

    [Fact]
    public async Task What_runs_in_a_cluster_is_priced_and_adds_up_to_what_its_nodes_cost()
    {
        await environment.ApplyAsync("""
            {"apiVersion":"k0rdent.mirantis.com/v1beta1","kind":"PriceSheet","metadata":{"name":"usual"},
             "spec":{"currency":"EUR","periods":[{"validFrom":"2020-01-01T00:00:00Z","nodes":[{"cpuCoreHour":300,"ramGibHour":40}],"storage":[{"gibMonth":0.04}]}]} }
            """);
        await environment.ApplyAsync($$$"""
            {"apiVersion":"k0rdent.mirantis.com/v1beta1","kind":"ClusterDeployment","metadata":{"name":"prod","namespace":"{{{StateManagerEnvironment.Namespace}}}","annotations":{"fleet/kubelets":"summary"} },"spec":{"template":"any"} }
            """);
        await environment.ApplyToClusterAsync("""
            {"apiVersion":"v1","kind":"Namespace","metadata":{"name":"shop","labels":{"team":"payments"} } }
            """);
        await environment.ApplyToClusterAsync("""
            {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web","namespace":"shop"},"spec":{"replicas":2,"selector":{"matchLabels":{"app":"web"} },
             "template":{"metadata":{"labels":{"app":"web"} },"spec":{"containers":[{"name":"app","image":"web","resources":{"requests":{"cpu":"500m","memory":"256Mi"} } }]} } } }
            """);
        await StartAsync();

        var shop = await EventuallyAsync("/allocation?window=today&aggregate=namespace&includeIdle=true", answer => Row(answer, "shop") is not null);
        Assert.Equal("EUR", (string?)shop["currency"]);
        var row = Row(shop, "shop")!;
        // Two pods of half a core, which did not begin in the same moment.
        Assert.InRange((double)row["cpuCoreRequestAverage"]!, 0.5, 1.001);
        Assert.True((double)row["cpuCost"]! > 0 && (double)row["ramCost"]! > 0, row.ToJsonString());

        // The usage of the simulated metrics-server arrives, and a label of the namespace is one of its pods.
        await EventuallyAsync("/allocation?window=today&aggregate=label:team", answer => (double?)Row(answer, "payments")?["cpuCoreUsageAverage"] > 0);

        // The kubelets count what goes over the network, at full tens of seconds.
        await EventuallyAsync("/allocation?window=today&aggregate=namespace", answer => (double?)Row(answer, "shop")?["networkReceiveBytes"] > 0);

        // A filter shows the row's own figure; what is wrong is told with 400.
        var filtered = await EventuallyAsync("/allocation?window=today&aggregate=controller&filter=namespace:\"shop\"", answer => Row(answer, "deployment:web") is not null);
        Assert.Single((JsonObject)filtered["data"]![0]!);
        foreach (var (query, said) in new[] { ("window=someday", "window"), ("window=1d&aggregate=nothing", "aggregated"), ("window=1d&colour=red", "colour"), ("window=1d&filter=namespace:shop", "filter") })
        {
            var answer = await http!.GetAsync($"/allocation?{query}", Cancel);
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
            Assert.Contains(said, await answer.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        }

        // Assets of the two nodes; how far it reaches.
        var assets = await EventuallyAsync("/assets?window=today", answer => answer["data"] is JsonObject { Count: >= 2 });
        Assert.All((JsonObject)assets["data"]!, asset => Assert.StartsWith($"{StateManagerEnvironment.Namespace}/prod/", asset.Key, StringComparison.Ordinal));
        var clusters = await http!.GetFromJsonAsync<JsonObject>("/api/v1/costs/clusters", Cancel);
        Assert.Equal($"{StateManagerEnvironment.Namespace}/prod", (string?)clusters!["items"]![0]!["cluster"]);
        Assert.Empty((JsonArray)clusters["items"]![0]!["problems"]!);
        Assert.Equal((true, true), ((bool)clusters["items"]![0]!["simulated"]!, (bool)clusters["items"]![0]!["balanced"]!));

        // The same as a bill.
        var bill = await http!.GetAsync("/api/v1/costs/focus?version=1.3", Cancel);
        Assert.Equal("text/csv", bill.Content.Headers.ContentType?.MediaType);
        var rows = Fleet.Cost.Focus.FocusCsv.Read(new StringReader(await bill.Content.ReadAsStringAsync(Cancel)), 10_000);
        Assert.Empty(Fleet.Cost.Focus.FocusValidator.Validate(rows));
        Assert.Contains(rows.Rows, row => row.Contains("shop"));
        Assert.Equal(HttpStatusCode.BadRequest, (await http.GetAsync("/api/v1/costs/focus?format=parquet", Cancel)).StatusCode);

        // A provider's bill is found again, and what is none is refused.
        var own = await http.PostAsync("/api/v1/costs/reconcile", new StringContent(await bill.Content.ReadAsStringAsync(Cancel)), Cancel);
        var compared = (await own.Content.ReadFromJsonAsync<JsonObject>(Cancel))!;
        Assert.Equal(("EUR", 0), ((string?)compared["currency"], (int)compared["unmatchedBill"]!["count"]!));
        Assert.Contains(compared["items"]!.AsArray(), item => (string?)item!["kind"] == "Node" && (double)item["factor"]! is > 0 and <= 1.000001);
        Assert.Equal(HttpStatusCode.BadRequest, (await http.PostAsync("/api/v1/costs/reconcile", new StringContent("A,B\n1,2\n"), Cancel)).StatusCode);

        // A new process goes on where this one stopped: the time in between is not lost, and nothing counts twice.
        var before = await OfShopAsync("minutes");
        await StopAsync();
        await StartAsync();
        await EventuallyAsync("/allocation?window=today&aggregate=namespace", answer => (double?)Row(answer, "shop")?["minutes"] > before);
        Assert.InRange(await OfShopAsync("cpuCoreRequestAverage"), 0.5, 1.001);

        // Nobody, and somebody without the right.
        http!.DefaultRequestHeaders.Authorization = null;
        Assert.Equal(HttpStatusCode.Unauthorized, (await http.GetAsync("/allocation?window=today", Cancel)).StatusCode);
        http.DefaultRequestHeaders.Authorization = new("Bearer", await environment.TokenAsync("nobody"));
        Assert.Equal(HttpStatusCode.Forbidden, (await http.GetAsync("/allocation?window=today", Cancel)).StatusCode);

        // An answer without rows would say that nothing costs anything.
        http.DefaultRequestHeaders.Authorization = new("Bearer", await environment.TokenAsync("operator"));
        await postgres.KillAsync();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await http.GetAsync("/allocation?window=today", Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await http.GetAsync("/api/v1/costs/focus", Cancel)).StatusCode);
    }

    private static JsonObject? Row(JsonObject answer, string key) => answer["data"] is JsonArray { Count: > 0 } sets ? sets[0]![key] as JsonObject : null;

    private async Task<double> OfShopAsync(string field) =>
        (double)Row(await EventuallyAsync("/allocation?window=today&aggregate=namespace", answer => Row(answer, "shop") is not null), "shop")![field]!;

    private Task<JsonObject> EventuallyAsync(string path, Func<JsonObject, bool> expected) =>
        StateManagerEnvironment.EventuallyAsync(async () => (await http!.GetFromJsonAsync<JsonObject>(path, Cancel))!, expected, path);

    [Fact]
    public async Task A_process_that_ends_writes_what_it_has_seen_first()
    {
        var looks = new Looks();
        await environment.ApplyAsync($$$"""
            {"apiVersion":"k0rdent.mirantis.com/v1beta1","kind":"ClusterDeployment","metadata":{"name":"prod","namespace":"{{{StateManagerEnvironment.Namespace}}}"},"spec":{"template":"any"} }
            """);
        // The second look of a cluster is written at once, the others after a day.
        await StartAsync(TimeSpan.FromDays(1), services => services.AddSingleton<ILookObserver>(looks));
        await StateManagerEnvironment.EventuallyAsync(() => Task.FromResult(looks.Count), count => count >= 5, "looks");
        await host!.StopAsync();

        await using var database = NpgsqlDataSource.Create(postgres.ConnectionString);
        await using var command = database.CreateCommand("SELECT seen_until FROM cost_clusters");
        Assert.Equal(looks.Last.UtcDateTime, (DateTime)(await command.ExecuteScalarAsync(Cancel))!, TimeSpan.FromMilliseconds(1));
    }

    private async Task StartAsync(TimeSpan? writeEvery = null, Action<IServiceCollection>? add = null)
    {
        host = await ObservabilityHost.StartAsync(
            environment.Management, postgres.ConnectionString, () => environment.TokenAsync("operator"),
            services =>
            {
                services.AddCollection(new() { Every = TimeSpan.FromMilliseconds(500), WriteEvery = writeEvery ?? TimeSpan.FromSeconds(1) });
                add?.Invoke(services);
            },
            application => application.MapCosts().MapFocus().MapBills());
        http = host.Http;
    }

    private async Task StopAsync()
    {
        if (host is not null)
            await host.DisposeAsync();
        host = null;
    }

    private sealed class Looks : ILookObserver
    {
        public int Count { get; private set; }

        public DateTimeOffset Last { get; private set; }

        public Task LookedAsync(ClusterLook look, CancellationToken ct)
        {
            (Count, Last) = (Count + 1, look.Time);
            return Task.CompletedTask;
        }

        public Task GoneAsync(string clusterUid, GrainOwnership owner, CancellationToken ct) => Task.CompletedTask;
    }
}
