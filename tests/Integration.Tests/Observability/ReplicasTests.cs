using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Fleet.Contracts;
using Fleet.Control.Kinds;
using Fleet.Integration.Tests.StateManager;
using Fleet.Testing;
using Fleet.Testing.Processes;
using Fleet.Testing.Servers;
using Npgsql;

namespace Fleet.Integration.Tests.Observability;

/// <summary>Three processes of fleet-observability over one management API and one PostgreSQL, of which one is killed.</summary>
public sealed class ReplicasTests(StateManagerEnvironment environment) : IClassFixture<StateManagerEnvironment>, IAsyncLifetime
{
    private const string Place = StateManagerEnvironment.Namespace;

    private static readonly string[] Names = ["a", "b", "c"];
    private static readonly string[] Clusters = ["prod", "east", "west", "north", "south", "centre"];

    private readonly TemporaryFolder folder = new("replicas");
    private readonly Dictionary<string, ServerProcess> running = [];
    private readonly Dictionary<string, HttpClient> clients = [];
    private PrivatePostgres postgres = null!;
    private NpgsqlDataSource database = null!;
    private AlertPeers peers = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        (postgres, peers) = (await PrivatePostgres.StartAsync(), await AlertPeers.StartAsync());
        database = NpgsqlDataSource.Create(postgres.ConnectionString);
        foreach (var cluster in Clusters.Where(name => name != "prod"))
            await environment.AddClusterAsync(cluster);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in running.Values)
            await process.DisposeAsync();
        foreach (var client in clients.Values)
            client.Dispose();
        await database.DisposeAsync();
        await peers.DisposeAsync();
        await postgres.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task One_that_is_killed_leaves_no_hour_out_and_none_twice_tells_nobody_twice_and_every_replica_answers_the_same()
    {
        await PrepareAsync();
        await Task.WhenAll(Names.Select(StartAsync));

        // Everything begins: all clusters are looked at, by whomever, and all of them fire as one incident.
        await EventuallyAsync(() => SeenAsync(), seen => seen.Count == Clusters.Length && seen.Values.All(one => one.Seconds > 0), "costs of all clusters");
        var firing = await EventuallyAsync(() => Task.FromResult(peers.Of("/webhook")), told => told.Count > 0, "the first notification");
        Assert.Equal(Clusters.Select(name => $"{Place}/{name}").Order(StringComparer.Ordinal), ((JsonArray)firing[0]["clusters"]!).Select(cluster => (string?)cluster));
        await EventuallyAsync(WaitingAsync, waiting => waiting == 0, "the outbox is empty");
        var epochs = await EpochsAsync();

        // The end of it can not be told, when the one that tells is killed.
        peers.Moods["/webhook"] = 503;
        foreach (var cluster in Clusters)
            await ReadyAsync(cluster);
        await EventuallyAsync(WaitingAsync, waiting => waiting > 0, "the end waits in the outbox");
        var before = await SeenAsync();
        var killed = Assert.Single(Names, name => RunsHere(name, "alerts"));
        await running[killed].KillAsync();
        peers.Moods.Clear();
        var left = Names.Where(name => name != killed).ToList();

        var told = await EventuallyAsync(() => Task.FromResult(peers.Of("/webhook")), all => all.Any(one => (string?)one["status"] == "resolved"), "the end is told");
        Assert.Single(left, name => RunsHere(name, "alerts"));
        await EventuallyAsync(WaitingAsync, waiting => waiting == 0, "the outbox is empty again");
        var keys = peers.HeadersOf("/webhook", "Idempotency-Key");
        Assert.Equal(keys.Distinct(), keys);
        Assert.Equal(told.Count, peers.Of("/webhook").Count);
        Assert.Single(told, one => (string?)one["status"] == "firing");

        // By an owner of a greater epoch, and so is each cluster that was the killed one's.
        var later = await EpochsAsync();
        Assert.True(later["observability/singleton:alerts"] > epochs["observability/singleton:alerts"]);
        Assert.All(epochs, epoch => Assert.True(later[epoch.Key] >= epoch.Value, epoch.Key));

        // All clusters are looked at again, and what is accounted for is as long as the time that has passed: no piece is missing, none is there twice.
        var after = await EventuallyAsync(() => SeenAsync(), seen => seen.All(one => one.Value.Until > before[one.Key].Until.AddSeconds(15)), "costs of all clusters go on");
        foreach (var (cluster, then) in before)
            Assert.Equal((after[cluster].Until - then.Until).TotalSeconds, after[cluster].Seconds - then.Seconds, 0.01);
        Assert.Equal(0L, (await RowsAsync("SELECT count(*) FROM cost_hours WHERE cpu_used < 0 OR receive_bytes < 0 OR transfer_bytes < 0"))[0]);
        Assert.Equal(0L, (await RowsAsync("SELECT count(*) FROM (SELECT hour, cluster_uid FROM cost_coverage GROUP BY 1, 2 HAVING sum(seen) > 3600.01) t"))[0]);

        // Nobody looks any more, so that answers can be compared; the killed one comes back.
        foreach (var cluster in Clusters)
            await ClusterAsync(cluster, byAgent: true);
        await StartAsync(killed);
        await LooksArriveAnywhereAsync();
        foreach (var path in (string[])
        [
            "/api/v1/alerts?state=all", "/api/v1/incidents", "/api/v1/silences", "/api/v1/receivers", "/api/v1/deliveries", "/api/v1/costs/clusters", "/allocation?window=today&aggregate=cluster",
            "/assets?window=today", "/api/v1/costs/summary", "/api/v1/costs/budgets", "/api/v1/costs/categories", "/api/v1/recommendations", "/api/v1/costs/anomalies",
        ])
            await EventuallyAsync(
                async () => (await Task.WhenAll(Names.Select(name => AnswerAsync(name, path)))).ToList(), answers => answers.TrueForAll(one => one == answers[0] && one.StartsWith("OK", StringComparison.Ordinal)), $"the same at {path}");

        // Figures of the whole fleet are told by one of them.
        await EventuallyAsync(
            async () => (await Task.WhenAll(Names.Select(name => AnswerAsync(name, "/metrics")))).Count(text => text.Contains("fleet_cost_month_to_date", StringComparison.Ordinal) && text.Contains("cluster=\"west\"", StringComparison.Ordinal)),
            count => count == 1, "one replica tells costs as metrics");
    }

    /// <summary>An agent's looks, each at another replica: only one of these owns the cluster.</summary>
    private async Task LooksArriveAnywhereAsync()
    {
        var made = await clients["a"].PostAsync($"/api/v1/clusters/{Place}/prod/telemetry-tokens", null, Cancel);
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        var token = (string)JsonNode.Parse(await made.Content.ReadAsStringAsync(Cancel))!["token"]!;
        var (uid, first, at) = ((await environment.GetAsync("ClusterDeployment", "prod"))!.Metadata.Uid!, TimeProvider.System.GetUtcNow().AddSeconds(-20), 0);
        var last = first;
        foreach (var name in Names.Concat(Names))
        {
            last = first.AddSeconds(++at);
            await EventuallyAsync(() => LookAsync(name, token, last), status => status == HttpStatusCode.NoContent, $"{name} takes a look");
        }
        // The hour is written a while after the first look; the last ones may wait for the next write.
        var (until, seconds) = await EventuallyAsync(
            async () => (await SeenAsync("cluster_uid")).GetValueOrDefault(uid), seen => seen.Seconds > 0, "the looks count");
        Assert.InRange(seconds, 0.9, (until - first.AddSeconds(1)).TotalSeconds + 0.01);
        await EventuallyAsync(() => RowsAsync("SELECT sequence FROM agent_looks"), rows => rows.Count == 0, "none waits");
    }

    private async Task<HttpStatusCode> LookAsync(string name, string token, DateTimeOffset time)
    {
        using var bytes = new MemoryStream();
        await using (var gzip = new GZipStream(bytes, CompressionLevel.Fastest, leaveOpen: true))
            await gzip.WriteAsync(Encoding.UTF8.GetBytes(
                $$$"""{"version": 1, "time": "{{{time:O}}}", "nodes": [{"uid": "n", "name": "n", "cores": 2, "ramBytes": 8e9, "providerId": "", "address": "", "labels": {}}]}"""), Cancel);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/looks") { Content = new ByteArrayContent(bytes.ToArray()) };
        request.Content.Headers.ContentType = new("application/json");
        request.Content.Headers.ContentEncoding.Add("gzip");
        request.Headers.Authorization = new("Bearer", token);
        request.Headers.TryAddWithoutValidation("X-Fleet-Sent-At", TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture));
        using var response = await clients[name].SendAsync(request, Cancel);
        return response.StatusCode;
    }

    private async Task PrepareAsync()
    {
        await environment.ApplyAsync($$$"""{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"{{{FleetApi.SystemNamespace}}}"} }""");
        await environment.ApplyAsync("""
            {"apiVersion":"k0rdent.mirantis.com/v1beta1","kind":"PriceSheet","metadata":{"name":"usual"},
             "spec":{"currency":"EUR","periods":[{"validFrom":"2020-01-01T00:00:00Z","nodes":[{"cpuCoreHour":300,"ramGibHour":40}]}]} }
            """);
        await environment.ApplyAsync($$"""
            {"apiVersion":"v1","kind":"Secret","metadata":{"name":"told","namespace":"{{Place}}"},"data":{"key":"{{Convert.ToBase64String(Encoding.UTF8.GetBytes(AlertPeers.SigningKey))}}"} }
            """);
        await ApplyAsync("Receiver", "webhook", $$"""{"webhook":{"url":"{{peers.Address}}/webhook","signingSecret":{"name":"told","key":"key"} } }""");
        await ApplyAsync("AlertRoute", "route", """{"receiver":"webhook","groupWait":"1s","groupInterval":"1s","repeatInterval":"1h"}""");
        foreach (var cluster in Clusters)
            await ClusterAsync(cluster);
        await ApplyAsync("AlertRule", "rules", """{"interval":"1s","clusterSelector":{"matchLabels":{"replicas":"three"}},"rules":[{"alert":"NotReady","cluster":{},"severity":"critical"}]}""");
    }

    private async Task StartAsync(string name)
    {
        var port = FreePort.Next();
        clients.GetValueOrDefault(name)?.Dispose();
        clients[name] = new() { BaseAddress = new($"http://127.0.0.1:{port}"), Timeout = TimeSpan.FromSeconds(30) };
        clients[name].DefaultRequestHeaders.Authorization = new("Bearer", await environment.TokenAsync("operator"));
        running[name] = await ServerProcess.StartAsync(
            $"fleet-observability-{name}", "dotnet",
            [
                Path.Combine(TestLogs.RepositoryRoot, "artifacts", "bin", "Observability", "release", "Fleet.Observability.dll"), "--postgres", folder.Write($"postgres-{name}", postgres.ConnectionString),
                "--kubeconfig", environment.ManagementKubeconfig, "--urls", clients[name].BaseAddress!.AbsoluteUri, "--alert-receivers-on-loopback", "true",
                "--replica", name, "--replica-address", "127.0.0.1",
            ],
            new Dictionary<string, string?> { ["FLEET_COSTS_EVERY"] = "1s" });
        await running[name].WaitUntilAsync(async ct => (await clients[name].GetAsync("/readyz", ct)).IsSuccessStatusCode, TimeSpan.FromSeconds(90));
    }

    private bool RunsHere(string name, string singleton)
    {
        // The log is still being written.
        using var reader = new StreamReader(new FileStream(running[name].LogPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        var log = reader.ReadToEnd();
        return Times($"{singleton} runs here") > Times($"{singleton} has ended here");

        int Times(string text) => log.Split(text).Length - 1;
    }

    /// <summary>Up to when a cluster is accounted for, and how many seconds of it there are; both of one moment.</summary>
    private async Task<Dictionary<string, (DateTimeOffset Until, double Seconds)>> SeenAsync(string by = "cluster")
    {
        var seen = new Dictionary<string, (DateTimeOffset, double)>();
        try
        {
            await using var command = database.CreateCommand($"SELECT c.{by}, c.seen_until, sum(v.seen) FROM cost_clusters c JOIN cost_coverage v USING (cluster_uid) GROUP BY 1, 2");
            await using var reader = await command.ExecuteReaderAsync(Cancel);
            while (await reader.ReadAsync(Cancel))
                seen[reader.GetString(0)] = (reader.GetFieldValue<DateTimeOffset>(1), reader.GetDouble(2));
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            // Nobody has made it yet.
        }
        return seen;
    }

    private async Task<Dictionary<string, long>> EpochsAsync()
    {
        var epochs = new Dictionary<string, long>();
        await using var command = database.CreateCommand("SELECT owned, epoch FROM owner_epochs");
        await using var reader = await command.ExecuteReaderAsync(Cancel);
        while (await reader.ReadAsync(Cancel))
            epochs[reader.GetString(0)] = reader.GetInt64(1);
        return epochs;
    }

    private async Task<long> WaitingAsync() => (long)(await RowsAsync("SELECT count(*) FROM alert_outbox"))[0];

    private async Task<List<object>> RowsAsync(string sql)
    {
        await using var command = database.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync(Cancel);
        var rows = new List<object>();
        while (await reader.ReadAsync(Cancel))
            rows.Add(reader.GetValue(0));
        return rows;
    }

    private async Task<string> AnswerAsync(string name, string path)
    {
        using var response = await clients[name].GetAsync(path, Cancel);
        return $"{response.StatusCode} {await response.Content.ReadAsStringAsync(Cancel)}";
    }

    private Task ClusterAsync(string name, bool byAgent = false) => environment.ApplyAsync(
        $$"""
        {"apiVersion":"k0rdent.mirantis.com/v1beta1","kind":"ClusterDeployment","metadata":{"name":"{{name}}","namespace":"{{Place}}","labels":{"replicas":"three"},
         "annotations":{{{(byAgent ? "\"fleet/collection\":\"agent\"" : "\"fleet/kubelets\":\"summary\"")}}} },"spec":{"template":"any"} }
        """);

    private async Task ReadyAsync(string name)
    {
        var deployments = environment.Management.Dynamic(FleetKinds.ClusterDeployments.Kind);
        var cluster = (await deployments.GetAsync(new(Place, name), Cancel))!;
        cluster.Root["status"] = new JsonObject
        {
            ["conditions"] = new JsonArray(new JsonObject { ["type"] = "Ready", ["status"] = "True", ["reason"] = "Succeeded", ["message"] = "", ["lastTransitionTime"] = "2026-11-22T00:00:00Z" }),
        };
        await deployments.UpdateStatusAsync(cluster, Cancel);
    }

    private Task ApplyAsync(string kind, string name, string spec) => environment.ApplyAsync(
        $$"""{"apiVersion":"k0rdent.mirantis.com/v1beta1","kind":"{{kind}}","metadata":{"name":"{{name}}","namespace":"{{Place}}"},"spec":{{spec}}}""");

    private static Task<T> EventuallyAsync<T>(Func<Task<T>> ask, Func<T, bool> expected, string what) => StateManagerEnvironment.EventuallyAsync(ask, expected, what);
}
