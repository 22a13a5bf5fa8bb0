using System.Diagnostics;
using System.Globalization;
using System.Text;
using Fleet.Contracts;
using Fleet.Integration.Tests.StateManager;
using Fleet.Testing;
using Fleet.Testing.Processes;
using Fleet.Testing.Servers;
using Npgsql;

namespace Fleet.Integration.Tests.Observability;

/// <summary>Three processes of fleet-observability over one management API and one PostgreSQL, six clusters that cost something, and a rule that fires for each until it is about none of them.</summary>
internal sealed class ObservabilityReplicas : IAsyncDisposable
{
    private const string Place = StateManagerEnvironment.Namespace;

    private readonly StateManagerEnvironment environment;
    private readonly PrivatePostgres postgres;
    private readonly NpgsqlDataSource database;
    private readonly TemporaryFolder folder = new("replicas");
    private readonly Dictionary<string, ServerProcess> running = [];
    private readonly Dictionary<string, HttpClient> clients = [];
    private readonly Dictionary<string, EpochGate> gates;

    private ObservabilityReplicas(StateManagerEnvironment environment, PrivatePostgres postgres, AlertPeers peers)
    {
        (this.environment, this.postgres, Peers) = (environment, postgres, peers);
        database = NpgsqlDataSource.Create(postgres.ConnectionString);
        gates = Names.ToDictionary(name => name, _ => new EpochGate(postgres.Port));
    }

    public static IReadOnlyList<string> Names { get; } = ["a", "b", "c"];

    public static IReadOnlyList<string> Clusters { get; } = ["prod", "east", "west", "north", "south", "centre"];

    public AlertPeers Peers { get; }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>No process yet: see <see cref="BeginAsync"/>.</summary>
    public static async Task<ObservabilityReplicas> PrepareAsync(StateManagerEnvironment environment)
    {
        var replicas = new ObservabilityReplicas(environment, await PrivatePostgres.StartAsync(), await AlertPeers.StartAsync());
        foreach (var cluster in Clusters.Where(name => name != "prod"))
            await environment.AddClusterAsync(cluster);
        return replicas;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in running.Values)
            await process.DisposeAsync();
        foreach (var client in clients.Values)
            client.Dispose();
        foreach (var gate in gates.Values)
            await gate.DisposeAsync();
        await database.DisposeAsync();
        await Peers.DisposeAsync();
        await postgres.DisposeAsync();
        folder.Dispose();
    }

    /// <summary>All of them run, all clusters are looked at, by whomever, and all of them fire as one incident that was told.</summary>
    public async Task BeginAsync()
    {
        await DeclareAsync();
        await Task.WhenAll(Names.Select(StartAsync));
        await StateManagerEnvironment.EventuallyAsync(() => SeenAsync(), seen => seen.Count == Clusters.Count && seen.Values.All(one => one.Seconds > 0), "costs of all clusters");
        var firing = await StateManagerEnvironment.EventuallyAsync(() => Task.FromResult(Peers.Of("/webhook")), told => told.Count > 0, "the first notification");
        Assert.Equal(Clusters.Select(name => $"{Place}/{name}").Order(StringComparer.Ordinal), firing[0]["clusters"]!.AsArray().Select(cluster => (string?)cluster));
        await StateManagerEnvironment.EventuallyAsync(WaitingAsync, waiting => waiting == 0, "the outbox is empty");
    }

    /// <summary>The incident ends and its end waits in the outbox: in one evaluation, since clusters that become ready one after another may be told of in two notifications.</summary>
    public async Task EndAsync()
    {
        await RuleAsync("none");
        await StateManagerEnvironment.EventuallyAsync(WaitingAsync, waiting => waiting > 0, "the end waits in the outbox");
    }

    public async Task StartAsync(string name)
    {
        var port = FreePort.Next();
        clients.GetValueOrDefault(name)?.Dispose();
        clients[name] = new() { BaseAddress = new($"http://127.0.0.1:{port}"), Timeout = TimeSpan.FromSeconds(30) };
        clients[name].DefaultRequestHeaders.Authorization = new("Bearer", await environment.TokenAsync("operator"));
        var connection = new NpgsqlConnectionStringBuilder(postgres.ConnectionString) { Port = gates[name].Port }.ConnectionString;
        running[name] = await ServerProcess.StartAsync(
            $"fleet-observability-{name}", "dotnet",
            [
                Path.Combine(TestLogs.RepositoryRoot, "artifacts", "bin", "Observability", "release", "Fleet.Observability.dll"), "--postgres", folder.Write($"postgres-{name}", connection),
                "--kubeconfig", environment.ManagementKubeconfig, "--urls", clients[name].BaseAddress!.AbsoluteUri, "--alert-receivers-on-loopback", "true",
                "--replica", name, "--replica-address", "127.0.0.1",
            ],
            new Dictionary<string, string?> { ["FLEET_COSTS_EVERY"] = "1s" });
        await ReadyAsync(name);
    }

    public Task ReadyAsync(string name) =>
        running[name].WaitUntilAsync(async ct => (await clients[name].GetAsync("/readyz", ct)).IsSuccessStatusCode, TimeSpan.FromSeconds(90));

    public Task KillAsync(string name) => running[name].KillAsync();

    /// <summary>STOP or CONT.</summary>
    public async Task SignalAsync(string name, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", running[name].Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(Cancel);
        Assert.Equal(0, kill.ExitCode);
    }

    /// <summary>A caller of a replica who may do everything.</summary>
    public HttpClient Client(string name) => clients[name];

    /// <summary>Between a replica and PostgreSQL.</summary>
    public EpochGate Gate(string name) => gates[name];

    public bool RunsHere(string name, string singleton)
    {
        // The log is still being written.
        using var reader = new StreamReader(new FileStream(running[name].LogPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        var log = reader.ReadToEnd();
        return Times($"{singleton} runs here") > Times($"{singleton} has ended here");

        int Times(string text) => log.Split(text).Length - 1;
    }

    /// <summary>Up to when a cluster is accounted for, and how many seconds of it there are; both of one moment.</summary>
    public async Task<Dictionary<string, (DateTimeOffset Until, double Seconds)>> SeenAsync(string by = "cluster")
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

    /// <summary>What is accounted for is as long as the time that has passed: no piece is missing, none is there twice, and nothing is used or sent less than not at all.</summary>
    public async Task AssertNothingIsMissingAndNothingTwiceAsync(
        IReadOnlyDictionary<string, (DateTimeOffset Until, double Seconds)> before, IReadOnlyDictionary<string, (DateTimeOffset Until, double Seconds)> after)
    {
        foreach (var (cluster, then) in before)
            Assert.Equal((after[cluster].Until - then.Until).TotalSeconds, after[cluster].Seconds - then.Seconds, 0.01);
        Assert.Equal(0L, (await RowsAsync("SELECT count(*) FROM cost_hours WHERE cpu_used < 0 OR receive_bytes < 0 OR transfer_bytes < 0"))[0]);
        Assert.Equal(0L, (await RowsAsync("SELECT count(*) FROM (SELECT hour, cluster_uid FROM cost_coverage GROUP BY 1, 2 HAVING sum(seen) > 3600.01) t"))[0]);
    }

    /// <summary>The greatest epoch that each grain has written under.</summary>
    public async Task<Dictionary<string, long>> EpochsAsync()
    {
        var epochs = new Dictionary<string, long>();
        await using var command = database.CreateCommand("SELECT owned, epoch FROM owner_epochs");
        await using var reader = await command.ExecuteReaderAsync(Cancel);
        while (await reader.ReadAsync(Cancel))
            epochs[reader.GetString(0)] = reader.GetInt64(1);
        return epochs;
    }

    /// <summary>Notifications that are not told yet.</summary>
    public async Task<long> WaitingAsync() => (long)(await RowsAsync("SELECT count(*) FROM alert_outbox"))[0];

    /// <summary>The first column of what a question finds.</summary>
    public async Task<List<object>> RowsAsync(string sql)
    {
        await using var command = database.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync(Cancel);
        var rows = new List<object>();
        while (await reader.ReadAsync(Cancel))
            rows.Add(reader.GetValue(0));
        return rows;
    }

    public Task DeclareClusterAsync(string name, bool byAgent = false) => environment.ApplyAsync(
        $$"""
        {"apiVersion":"k0rdent.mirantis.com/v1beta1","kind":"ClusterDeployment","metadata":{"name":"{{name}}","namespace":"{{Place}}","labels":{"replicas":"three"},
         "annotations":{{{(byAgent ? "\"fleet/collection\":\"agent\"" : "\"fleet/kubelets\":\"summary\"")}}} },"spec":{"template":"any"} }
        """);

    private async Task DeclareAsync()
    {
        await environment.ApplyAsync($$$"""{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"{{{FleetApi.SystemNamespace}}}"} }""");
        await environment.ApplyAsync("""
            {"apiVersion":"k0rdent.mirantis.com/v1beta1","kind":"PriceSheet","metadata":{"name":"usual"},
             "spec":{"currency":"EUR","periods":[{"validFrom":"2020-01-01T00:00:00Z","nodes":[{"cpuCoreHour":300,"ramGibHour":40}]}]} }
            """);
        await environment.ApplyAsync($$"""
            {"apiVersion":"v1","kind":"Secret","metadata":{"name":"told","namespace":"{{Place}}"},"data":{"key":"{{Convert.ToBase64String(Encoding.UTF8.GetBytes(AlertPeers.SigningKey))}}"} }
            """);
        await ApplyAsync("Receiver", "webhook", $$"""{"webhook":{"url":"{{Peers.Address}}/webhook","signingSecret":{"name":"told","key":"key"} } }""");
        await ApplyAsync("AlertRoute", "route", """{"receiver":"webhook","groupWait":"1s","groupInterval":"1s","repeatInterval":"1h"}""");
        foreach (var cluster in Clusters)
            await DeclareClusterAsync(cluster);
        await RuleAsync("three");
    }

    private Task RuleAsync(string replicas) => ApplyAsync(
        "AlertRule", "rules", $$"""{"interval":"1s","clusterSelector":{"matchLabels":{"replicas":"{{replicas}}"} },"rules":[{"alert":"NotReady","cluster":{},"severity":"critical"}]}""");

    private Task ApplyAsync(string kind, string name, string spec) => environment.ApplyAsync(
        $$"""{"apiVersion":"k0rdent.mirantis.com/v1beta1","kind":"{{kind}}","metadata":{"name":"{{name}}","namespace":"{{Place}}"},"spec":{{spec}}}""");
}
