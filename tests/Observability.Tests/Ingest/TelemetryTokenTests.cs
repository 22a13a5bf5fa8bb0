using System.Net;
using Fleet.Testing.Servers;

namespace Fleet.Observability.Tests.Ingest;

/// <summary>The service as it is deployed: tokens from the management API, and kill -9 while samples come in.</summary>
public sealed class TelemetryTokenTests
{
    private static long Now => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

    [Fact]
    public async Task Tokens_are_made_rotated_and_revoked_and_are_written_nowhere()
    {
        await using var peer = await PeerStore.StartAsync();
        await using var service = await ObservabilityProcess.StartAsync(peer.Address);
        await service.MakeClusterAsync("team-a", "web");
        await service.MakeClusterAsync("team-b", "web");
        Assert.Equal(401, (await service.TokensAsync(HttpMethod.Post, "team-a/web")).Status);
        await service.ActAsAsync("team-a", "create,list,delete");

        Assert.Equal(403, (await service.TokensAsync(HttpMethod.Post, "team-b/web")).Status);
        Assert.Equal(404, (await service.TokensAsync(HttpMethod.Post, "team-a/other")).Status);
        var (status, made) = await service.TokensAsync(HttpMethod.Post, "team-a/web");
        Assert.Equal(201, status);
        var first = (string)made!["token"]!;
        await UntilAsync(service, first, HttpStatusCode.NoContent);
        await peer.UntilAsync(() => !peer.Taken.IsEmpty);
        peer.Taken.TryPeek(out var series);
        Assert.Equal(("web", "team-a"), (series!["cluster"], series["clusterNamespace"]));
        Assert.Equal((await service.KubectlAsync("get", "cld", "web", "-n", "team-a", "-o", "jsonpath={.metadata.uid}")).Out, series["clusterUid"]);

        // A second one works beside the first, then the first goes.
        var second = (string)(await service.TokensAsync(HttpMethod.Post, "team-a/web")).Answer!["token"]!;
        await UntilAsync(service, second, HttpStatusCode.NoContent);
        await UntilAsync(service, first, HttpStatusCode.NoContent);
        Assert.Equal(204, (await service.TokensAsync(HttpMethod.Delete, "team-a/web", $"/{made["id"]}")).Status);
        await UntilAsync(service, first, HttpStatusCode.Unauthorized);
        await UntilAsync(service, second, HttpStatusCode.NoContent);
        Assert.Equal(404, (await service.TokensAsync(HttpMethod.Delete, "team-a/web", $"/{made["id"]}")).Status);

        // Neither the Secret nor the list nor a log has a token.
        var list = (await service.TokensAsync(HttpMethod.Get, "team-a/web")).Answer!;
        Assert.Single(list["items"]!.AsArray());
        var secret = (await service.KubectlAsync("get", "secret", "web-telemetry-tokens", "-n", "team-a", "-o", "go-template={{range .data}}{{. | base64decode}}{{end}}")).MustSucceed().Out;
        Assert.StartsWith("sha256:", secret, StringComparison.Ordinal);
        foreach (var text in (string[])[secret, list.ToJsonString(), await File.ReadAllTextAsync(service.Log)])
        {
            Assert.DoesNotContain(first, text, StringComparison.Ordinal);
            Assert.DoesNotContain(second.Split('_')[^1], text, StringComparison.Ordinal);
        }

        // A Secret of another namespace that copies the hash speaks for nobody, whatever uid it claims.
        await CopySecretAsync(service);
        Assert.Equal(204, (await service.TokensAsync(HttpMethod.Delete, "team-a/web", $"/{list["items"]![0]!["id"]}")).Status);
        await UntilAsync(service, second, HttpStatusCode.Unauthorized);

        await TokensWithoutSecretsAsync(service);

        // With the cluster its tokens go, and a new cluster of that name has none.
        var third = (string)(await service.TokensAsync(HttpMethod.Post, "team-a/web")).Answer!["token"]!;
        await UntilAsync(service, third, HttpStatusCode.NoContent);
        (await service.KubectlAsync("delete", "cld", "web", "-n", "team-a")).MustSucceed();
        await UntilAsync(service, third, HttpStatusCode.Unauthorized);
        await service.MakeClusterAsync("team-a", "web");
        await UntilAsync(service, third, HttpStatusCode.Unauthorized);
    }

    /// <summary>As the CLI's account: it may make tokens, and read no Secret. Calls of the query API are measured as all others.</summary>
    private static async Task TokensWithoutSecretsAsync(ObservabilityProcess service)
    {
        await service.ActAsAsync("team-b", "create", "clusterdeployments.k0rdent.mirantis.com/telemetry-tokens");
        Assert.Equal(201, (await service.TokensAsync(HttpMethod.Post, "team-b/web")).Status);
        Assert.Equal(403, (await service.TokensAsync(HttpMethod.Get, "team-b/web")).Status);
        Assert.Equal(403, (await service.TokensAsync(HttpMethod.Post, "team-a/web")).Status);
        await service.ActAsAsync("team-a", null);

        Assert.Equal(HttpStatusCode.Unauthorized, (await service.Client.GetAsync(new Uri("/api/v1/prometheus/api/v1/query?query=up", UriKind.Relative))).StatusCode);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!(await service.Client.GetStringAsync(new Uri("/metrics", UriKind.Relative))).Contains(
            "fleet_api_request_duration_seconds_count{method=\"GET\",route=\"/api/v1/prometheus/api/v1/query\",status=\"401\"} 1\n", StringComparison.Ordinal))
        {
            // It is counted when the answer has gone.
            Assert.False(limit.IsCancellationRequested);
            await Task.Delay(TimeSpan.FromMilliseconds(30), TimeProvider.System, CancellationToken.None);
        }
    }

    [Fact]
    public async Task Kills_while_samples_come_in_lose_none_that_was_acknowledged()
    {
        await using var store = await MetricsStore.StartVictoriaMetricsAsync();
        await using var service = await ObservabilityProcess.StartAsync(store.WriteAddress);
        await service.MakeClusterAsync("team-a", "web");
        await service.ActAsAsync("team-a", "create");
        var token = (string)(await service.TokensAsync(HttpMethod.Post, "team-a/web")).Answer!["token"]!;
        await UntilAsync(service, token, HttpStatusCode.NoContent);

        var acknowledged = new List<int>();
        var start = Now - 600_000;
        var next = 0;
        for (var round = 0; round < 3; round++)
        {
            // The kill comes in the middle of requests of four senders: after a number of answers, not a time.
            using var enough = new SemaphoreSlim(0);
            var dead = false;
            var senders = Enumerable.Range(0, 4).Select(async _ =>
            {
                while (!Volatile.Read(ref dead))
                {
                    var number = Interlocked.Increment(ref next);
                    try
                    {
                        using var response = await service.WriteAsync(WriteRequests.V1(Series.Of("killed", start + number, number, ("n", $"{number % 50}"))), token);
                        if (response.StatusCode != HttpStatusCode.NoContent)
                            continue;
                        lock (acknowledged)
                            acknowledged.Add(number);
                        enough.Release();
                    }
                    catch (HttpRequestException)
                    {
                        return;
                    }
                }
            }).ToList();
            for (var i = 0; i < 60 + (37 * round); i++)
                await enough.WaitAsync(TimeSpan.FromSeconds(30));
            await service.KillAsync();
            Volatile.Write(ref dead, true);
            await Task.WhenAll(senders);
            await service.StartAsync();
        }
        Assert.True(acknowledged.Count >= 290);
        var kept = await UntilAllAsync(store, [.. acknowledged.Select(number => (double)number)]);
        Assert.Empty(acknowledged.Select(number => (double)number).Except(kept));
    }

    private static async Task<HashSet<double>> UntilAllAsync(MetricsStore store, HashSet<double> wanted)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            var kept = (await store.SamplesAsync("killed")).Select(sample => sample.Value).ToHashSet();
            if (wanted.IsSubsetOf(kept) || limit.IsCancellationRequested)
                return kept;
            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, CancellationToken.None);
        }
    }

    private static async Task CopySecretAsync(ObservabilityProcess service)
    {
        var copy = (await service.KubectlAsync("get", "secret", "web-telemetry-tokens", "-n", "team-a", "-o", "json")).MustSucceed().Out;
        var node = System.Text.Json.Nodes.JsonNode.Parse(copy)!;
        var metadata = node["metadata"]!.AsObject();
        metadata["namespace"] = "team-b";
        foreach (var field in (string[])["uid", "resourceVersion", "creationTimestamp", "managedFields"])
            metadata.Remove(field);
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, node.ToJsonString());
        (await service.KubectlAsync("create", "-f", file)).MustSucceed();
        File.Delete(file);
    }

    private static async Task UntilAsync(ObservabilityProcess service, string token, HttpStatusCode status)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (true)
        {
            using var response = await service.WriteAsync(WriteRequests.V1(Series.Of("up", Now, 1)), token);
            if (response.StatusCode == status)
                return;
            Assert.False(limit.IsCancellationRequested, $"still {response.StatusCode}");
            await Task.Delay(TimeSpan.FromMilliseconds(30), TimeProvider.System, CancellationToken.None);
        }
    }
}
