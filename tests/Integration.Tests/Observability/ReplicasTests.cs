using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Fleet.Integration.Tests.StateManager;

namespace Fleet.Integration.Tests.Observability;

/// <summary>Three processes of fleet-observability over one management API and one PostgreSQL, of which one is killed.</summary>
public sealed class ReplicasTests(StateManagerEnvironment environment) : IClassFixture<StateManagerEnvironment>, IAsyncLifetime
{
    private const string Place = StateManagerEnvironment.Namespace;

    private ObservabilityReplicas replicas = null!;

    private static IReadOnlyList<string> Names => ObservabilityReplicas.Names;

    private static IReadOnlyList<string> Clusters => ObservabilityReplicas.Clusters;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => replicas = await ObservabilityReplicas.PrepareAsync(environment);

    public ValueTask DisposeAsync() => replicas.DisposeAsync();

    [Fact]
    public async Task One_that_is_killed_leaves_no_hour_out_and_none_twice_tells_nobody_twice_and_every_replica_answers_the_same()
    {
        await replicas.BeginAsync();
        var epochs = await replicas.EpochsAsync();

        // The end of it can not be told, when the one that tells is killed.
        replicas.Peers.Moods["/webhook"] = 503;
        await replicas.EndAsync();
        var before = await replicas.SeenAsync();
        var killed = Assert.Single(Names, name => replicas.RunsHere(name, "alerts"));
        await replicas.KillAsync(killed);
        replicas.Peers.Moods.Clear();
        var left = Names.Where(name => name != killed).ToList();

        var told = await EventuallyAsync(() => Task.FromResult(replicas.Peers.Of("/webhook")), all => all.Any(one => (string?)one["status"] == "resolved"), "the end is told");
        // Its log may be behind what it does.
        await EventuallyAsync(() => Task.FromResult(left.Count(name => replicas.RunsHere(name, "alerts"))), count => count > 0, "another alerts, and says so");
        Assert.Single(left, name => replicas.RunsHere(name, "alerts"));
        await EventuallyAsync(replicas.WaitingAsync, waiting => waiting == 0, "the outbox is empty again");
        var keys = replicas.Peers.HeadersOf("/webhook", "Idempotency-Key");
        Assert.Equal(keys.Distinct(), keys);
        Assert.Equal(told.Count, replicas.Peers.Of("/webhook").Count);
        Assert.Single(told, one => (string?)one["status"] == "firing");

        // By an owner of a greater epoch, and so is each cluster that was the killed one's.
        var later = await replicas.EpochsAsync();
        Assert.True(later["observability/singleton:alerts"] > epochs["observability/singleton:alerts"]);
        Assert.All(epochs, epoch => Assert.True(later[epoch.Key] >= epoch.Value, epoch.Key));

        // All clusters are looked at again, and what is accounted for is as long as the time that has passed: no piece is missing, none is there twice.
        var after = await EventuallyAsync(() => replicas.SeenAsync(), seen => seen.All(one => one.Value.Until > before[one.Key].Until.AddSeconds(15)), "costs of all clusters go on");
        await replicas.AssertNothingIsMissingAndNothingTwiceAsync(before, after);

        // Nobody looks any more, so that answers can be compared; the killed one comes back.
        foreach (var cluster in Clusters)
            await replicas.DeclareClusterAsync(cluster, byAgent: true);
        await replicas.StartAsync(killed);
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
        var made = await replicas.Client("a").PostAsync($"/api/v1/clusters/{Place}/prod/telemetry-tokens", null, Cancel);
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
            async () => (await replicas.SeenAsync("cluster_uid")).GetValueOrDefault(uid), seen => seen.Seconds > 0, "the looks count");
        Assert.InRange(seconds, 0.9, (until - first.AddSeconds(1)).TotalSeconds + 0.01);
        await EventuallyAsync(() => replicas.RowsAsync("SELECT sequence FROM agent_looks"), rows => rows.Count == 0, "none waits");
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
        using var response = await replicas.Client(name).SendAsync(request, Cancel);
        return response.StatusCode;
    }

    private async Task<string> AnswerAsync(string name, string path)
    {
        using var response = await replicas.Client(name).GetAsync(path, Cancel);
        return $"{response.StatusCode} {await response.Content.ReadAsStringAsync(Cancel)}";
    }

    private static Task<T> EventuallyAsync<T>(Func<Task<T>> ask, Func<T, bool> expected, string what) => StateManagerEnvironment.EventuallyAsync(ask, expected, what);
}
