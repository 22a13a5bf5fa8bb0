using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Fleet.Control.Grains;
using Fleet.Observability.Collection.Agents;
using Fleet.Observability.Tests.Ingest;
using Microsoft.Extensions.DependencyInjection;

namespace Fleet.Observability.Tests.Agent;

/// <summary>The way in for looks, with whoever takes them played by the test.</summary>
public sealed class LookEndpointTests : IAsyncLifetime
{
    private IngestHost host = null!;

    private static long Now => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

    public async ValueTask InitializeAsync() =>
        // Every cluster is this process'; ReplicasTests have looks that arrive elsewhere.
        host = await IngestHost.StartAsync(
            add: services => services.AddSingleton<AgentLooks>().AddSingleton(s => new LookDesk(s.GetRequiredService<AgentLooks>(), null!, s.GetRequiredService<IGrainDirectory>(), null!)),
            map: application => application.MapLooks());

    public ValueTask DisposeAsync() => host.DisposeAsync();

    [Fact]
    public async Task A_look_is_answered_when_its_cluster_has_taken_it()
    {
        var looks = host.Service<AgentLooks>();
        SeenTime? seen = null;
        looks.Offered += cluster =>
        {
            var offered = looks.Next("uid-web")!;
            seen = new(cluster.ToString(), offered.Look.Time, offered.Look.Problems);
            looks.Done("uid-web", LookVerdict.Taken);
        };
        var time = DateTimeOffset.FromUnixTimeMilliseconds(Now - 60_000);
        Assert.Equal(HttpStatusCode.NoContent, (await SendAsync(Document(time))).StatusCode);
        Assert.Equal(("team-a/web", time), (seen!.Cluster, seen.Time));

        // A clock that is an hour ahead: the look is of an hour before what it says, and says so.
        Assert.Equal(HttpStatusCode.NoContent, (await SendAsync(Document(time.AddHours(1)), sent: Now + 3_600_000)).StatusCode);
        Assert.InRange(seen.Time, time.AddSeconds(-5), time.AddSeconds(30));
        Assert.Contains("clock", Assert.Single(seen.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cluster_that_is_looked_at_from_here_takes_none()
    {
        var looks = host.Service<AgentLooks>();
        looks.Offered += _ => looks.Done("uid-web", LookVerdict.NotByAgent);
        using var answer = await SendAsync(Document(DateTimeOffset.FromUnixTimeMilliseconds(Now)));
        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        Assert.Contains("fleet/collection=agent", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_taken_is_refused_with_its_reason()
    {
        var good = Gzip(Document(DateTimeOffset.FromUnixTimeMilliseconds(Now)));
        // The last four bytes say how much it holds.
        byte[] huge = [.. good[..^4], 0xff, 0xff, 0xff, 0x7f];
        Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(good, token: "flt_000000000000_no")).StatusCode);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await SendAsync(huge)).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await SendAsync((byte[])[.. good[..10], .. new byte[good.Length - 14], .. good[^4..]])).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await SendAsync("""{"version": 9, "time": "2026-11-22T12:00:00Z"}""")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await SendAsync("[]")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await SendAsync(good, sent: "yesterday")).StatusCode);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await SendAsync(good, type: "text/plain")).StatusCode);
    }

    [Fact]
    public async Task Looks_that_nobody_takes_are_sent_away_instead_of_piling_up()
    {
        var looks = host.Service<AgentLooks>();
        var here = 0;
        using var four = new SemaphoreSlim(0);
        looks.Offered += _ =>
        {
            if (Interlocked.Increment(ref here) <= 4)
                four.Release();
        };
        var waiting = Enumerable.Range(0, 4).Select(_ => SendAsync(Document(DateTimeOffset.FromUnixTimeMilliseconds(Now)))).ToList();
        for (var i = 0; i < 4; i++)
            Assert.True(await four.WaitAsync(TimeSpan.FromSeconds(15)));
        using var away = await SendAsync(Document(DateTimeOffset.FromUnixTimeMilliseconds(Now)));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, away.StatusCode);
        Assert.True(away.Headers.RetryAfter?.Delta >= TimeSpan.FromSeconds(1));
        while (looks.Next("uid-web") is not null)
            looks.Done("uid-web", LookVerdict.Taken);
        Assert.All(await Task.WhenAll(waiting), answer => Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode));
    }

    private static string Document(DateTimeOffset time) => $$$"""{"version": 1, "time": "{{{time:O}}}", "nodes": [{"uid": "n", "name": "n", "cores": 2, "ramBytes": 8e9, "providerId": "", "address": "", "labels": {}}]}""";

    private static byte[] Gzip(string text)
    {
        using var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Fastest))
            gzip.Write(Encoding.UTF8.GetBytes(text));
        return bytes.ToArray();
    }

    private Task<HttpResponseMessage> SendAsync(string json, object? sent = null) => SendAsync(Gzip(json), sent);

    private async Task<HttpResponseMessage> SendAsync(byte[] body, object? sent = null, string type = "application/json", string? token = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, LookEndpoint.Path) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(type);
        request.Content.Headers.ContentEncoding.Add("gzip");
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token ?? host.WebToken.Text}");
        request.Headers.TryAddWithoutValidation(LookEndpoint.SentHeader, (sent ?? Now).ToString());
        return await host.Client.SendAsync(request);
    }

    private sealed record SeenTime(string Cluster, DateTimeOffset Time, IReadOnlyList<string> Problems);
}
