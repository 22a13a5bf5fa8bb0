using System.Globalization;
using Fleet.Testing;
using Fleet.Testing.Servers;
using Fleet.Testing.Time;

namespace Fleet.Observability.Tests.Ingest;

/// <summary>From the receiver through the queue to a store: real ones, and one with moods.</summary>
public sealed class StoreSenderTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private static long Now => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

    [Theory]
    [InlineData("VictoriaMetrics")]
    [InlineData("Prometheus")]
    public async Task Samples_reach_a_real_store_also_what_came_while_it_was_down(string name)
    {
        await using var store = name == "Prometheus" ? await MetricsStore.StartPrometheusAsync() : await MetricsStore.StartVictoriaMetricsAsync();
        await using var host = await IngestHost.StartAsync(store.WriteAddress);
        var start = Now - 60_000;
        await SendAsync(host, start, 0, 20);
        await store.WaitForAsync("m", 20, Patience);
        await store.StopAsync();
        await SendAsync(host, start, 20, 40);
        await store.StartAsync();
        await SendAsync(host, start, 40, 60);

        var samples = await store.WaitForAsync("m", 60, Patience);
        Assert.Equal(Enumerable.Range(0, 60).Select(i => (start + (i * 1000), (double)i)), samples.Select(sample => (sample.Timestamp, sample.Value)).Order());
        Assert.All(samples, sample => Assert.Equal(
            ("web", "team-a", "uid-web"), ((string)sample.Labels["cluster"]!, (string)sample.Labels["clusterNamespace"]!, (string)sample.Labels["clusterUid"]!)));
    }

    [Fact]
    public async Task A_sample_over_which_Prometheus_fails_for_ever_holds_up_nothing()
    {
        // Two hours old and a window of half an hour: Prometheus 2.42 answers 500 "too old sample", to the whole request, each time.
        await using var store = await MetricsStore.StartPrometheusAsync("30m");
        await using var host = await IngestHost.StartAsync(store.WriteAddress, options: options => options with { FailuresBeforeIsolation = 2 });
        var now = Now;
        Assert.Equal(204, await StatusAsync(host.WriteAsync(WriteRequests.V1(Series.Of("m", now, 0)))));
        await store.WaitForAsync("m", 1, Patience);
        var mixed = Enumerable.Range(1, 40).Select(i => Series.Of("m", i == 7 ? now - 7_200_000 : now, i, ("n", $"{i}")));
        Assert.Equal(204, await StatusAsync(host.WriteAsync(WriteRequests.V1(mixed))));
        Assert.Equal(204, await StatusAsync(host.WriteAsync(WriteRequests.V1(Series.Of("later", now, 1)))));

        await store.WaitForAsync("later", 1, Patience);
        var kept = await store.SamplesAsync("m");
        Assert.Equal(Enumerable.Range(0, 41).Except([7]).Select(i => (double)i), kept.Select(sample => sample.Value).Order());
        Assert.Contains("fleet_ingest_store_refused_samples_total{reason=\"refused_by_store\"} 1", await host.MetricsAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_Prometheus_refuses_costs_only_itself()
    {
        await using var store = await MetricsStore.StartPrometheusAsync();
        await using var host = await IngestHost.StartAsync(store.WriteAddress);
        var now = Now;
        Assert.Equal(204, await StatusAsync(host.WriteAsync(WriteRequests.V1(Enumerable.Range(0, 40).Select(i => Series.Of("m", now, i, ("n", $"{i}")))))));
        await store.WaitForAsync("m", 40, Patience);
        // For three of them an earlier sample: 400, and all of the request is rolled back.
        var mixed = Enumerable.Range(0, 40).Select(i => Series.Of("m", i is 3 or 4 or 39 ? now - 5000 : now + 5000, 100 + i, ("n", $"{i}")));
        Assert.Equal(204, await StatusAsync(host.WriteAsync(WriteRequests.V1(mixed))));
        var kept = await store.WaitForAsync("m", 77, Patience);
        Assert.Equal(37, kept.Count(sample => sample.Value >= 100));
        await UntilAsync(host, "fleet_ingest_store_refused_samples_total{reason=\"refused_by_store\"} 3");
    }

    [Fact]
    public async Task What_got_too_old_while_the_store_was_away_is_left_out_by_us()
    {
        await using var peer = await PeerStore.StartAsync();
        var clock = new ManualTimeProvider(TimeProvider.System.GetUtcNow());
        peer.Answer = (_, _) => 503;
        await using var host = await IngestHost.StartAsync(peer.Address, options: options => options with { OldestSample = TimeSpan.FromHours(1) }, clock: clock);
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        Assert.Equal(204, await StatusAsync(host.WriteAsync(WriteRequests.V1(
            new Series([("__name__", "m")], [(now - 1_800_000, 1), (now, 2)]), Series.Of("gone", now - 1_800_000, 3)))));
        await peer.UntilAsync(() => peer.Requests >= 1);
        clock.Jump(TimeSpan.FromMinutes(45));
        // The second request after the jump was certainly made after it.
        var before = peer.Requests;
        await peer.UntilAsync(() => Pass() && peer.Requests >= before + 2);
        peer.Answer = (_, _) => 204;
        await peer.UntilAsync(() => Pass() && !peer.Taken.IsEmpty);
        var taken = Assert.Single(peer.Taken);
        Assert.Equal(("m", 2.0), (taken["__name__"], taken.Samples.Single().Value));
        await UntilAsync(host, "fleet_ingest_store_refused_samples_total{reason=\"too_old\"} 2");

        bool Pass()
        {
            clock.Advance(TimeSpan.FromMilliseconds(100));
            return true;
        }
    }

    [Fact]
    public async Task A_store_that_is_busy_is_left_alone_for_as_long_as_it_asks()
    {
        await using var peer = await PeerStore.StartAsync();
        var times = new List<DateTimeOffset>();
        peer.Answer = (_, response) =>
        {
            times.Add(TimeProvider.System.GetUtcNow());
            response.Headers.RetryAfter = "1";
            return times.Count < 3 ? 429 : 204;
        };
        await using var host = await IngestHost.StartAsync(peer.Address);
        await SendAsync(host, Now, 0, 1);
        await peer.UntilAsync(() => !peer.Taken.IsEmpty);
        Assert.Equal(3, times.Count);
        Assert.All(times.Zip(times.Skip(1)), pair => Assert.True(pair.Second - pair.First >= TimeSpan.FromSeconds(0.95)));
    }

    [Theory]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(401)]
    [InlineData(404)]
    public async Task A_store_that_fails_at_everything_loses_nothing(int status)
    {
        await using var peer = await PeerStore.StartAsync();
        peer.Answer = (_, _) => status;
        await using var host = await IngestHost.StartAsync(peer.Address, options: options => options with { FailuresBeforeIsolation = 2 });
        await SendAsync(host, Now - 50_000, 0, 50);
        await peer.UntilAsync(() => peer.Requests > 6);
        Assert.Empty(peer.Taken);
        peer.Answer = (_, _) => 204;
        await peer.UntilAsync(() => peer.Taken.SelectMany(series => series.Samples).Select(sample => sample.Value).Distinct().Count() >= 50);
        Assert.Equal(Enumerable.Range(0, 50).Select(i => (double)i), peer.Taken.SelectMany(series => series.Samples).Select(sample => sample.Value).Distinct().Order());
        Assert.DoesNotContain("refused_by_store", await host.MetricsAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_that_does_not_answer_holds_up_no_sender_and_loses_nothing()
    {
        await using var peer = await PeerStore.StartAsync();
        var silence = new TaskCompletionSource();
        peer.Before = silence.Task;
        await using var host = await IngestHost.StartAsync(peer.Address, options: options => options with { Timeout = TimeSpan.FromMilliseconds(300) });
        await SendAsync(host, Now - 50_000, 0, 25);
        await peer.UntilAsync(() => peer.Requests >= 3);
        Assert.Contains("fleet_ingest_store_requests_total{code=\"timeout\"}", await host.MetricsAsync(), StringComparison.Ordinal);
        await SendAsync(host, Now - 50_000, 25, 50);
        Assert.Empty(peer.Taken);
        silence.SetResult();
        await peer.UntilAsync(() => peer.Taken.SelectMany(series => series.Samples).Select(sample => sample.Value).Distinct().Count() >= 50);
        Assert.Equal(Enumerable.Range(0, 50).Select(i => (double)i), peer.Taken.SelectMany(series => series.Samples).Select(sample => sample.Value).Distinct().Order());
    }

    [Fact]
    public async Task A_batch_that_fails_as_a_whole_while_others_do_not_is_given_up()
    {
        await using var peer = await PeerStore.StartAsync();
        peer.Answer = (series, _) => series.Any(one => one["__name__"] == "poison") ? 500 : 204;
        await using var host = await IngestHost.StartAsync(peer.Address, options: options => options with { FailuresBeforeIsolation = 2, RequestBytes = 6 });
        Assert.Equal(204, await StatusAsync(host.WriteAsync(WriteRequests.V1(Enumerable.Range(0, 5).Select(i => Series.Of("poison", Now, i, ("n", $"{i}")))))));
        await peer.UntilAsync(() => peer.Requests > 20);
        Assert.Empty(peer.Taken);
        Assert.Equal(204, await StatusAsync(host.WriteAsync(WriteRequests.V1(Series.Of("good", Now, 1)))));
        await peer.UntilAsync(() => !peer.Taken.IsEmpty);
        await UntilAsync(host, "fleet_ingest_store_refused_samples_total{reason=\"refused_by_store\"} 5");
    }

    [Fact]
    public async Task A_store_that_came_back_just_before_the_next_batch_was_tried_gets_the_one_that_failed_as_well()
    {
        await using var peer = await PeerStore.StartAsync();
        var isBack = false;
        peer.Answer = (series, _) =>
        {
            isBack |= series.Any(one => one["__name__"] == "next");
            return isBack ? 204 : 500;
        };
        await using var host = await IngestHost.StartAsync(peer.Address, options: options => options with { FailuresBeforeIsolation = 2, RequestBytes = 6 });
        Assert.Equal(204, await StatusAsync(host.WriteAsync(WriteRequests.V1(Series.Of("first", Now, 1)))));
        Assert.Equal(204, await StatusAsync(host.WriteAsync(WriteRequests.V1(Series.Of("next", Now, 2)))));
        await peer.UntilAsync(() => peer.Taken.Any(series => series["__name__"] == "first"));
        Assert.DoesNotContain("refused_by_store", await host.MetricsAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_acknowledged_is_sent_by_the_next_process()
    {
        using var folder = new TemporaryFolder("kept");
        await using (var first = await IngestHost.StartAsync(new Uri("http://127.0.0.1:9/api/v1/write"), queueFolder: folder.FullPath))
            await SendAsync(first, Now - 30_000, 0, 30);
        await using var peer = await PeerStore.StartAsync();
        await using var second = await IngestHost.StartAsync(peer.Address, queueFolder: folder.FullPath);
        await peer.UntilAsync(() => peer.Taken.Count == 30);
        Assert.Equal(Enumerable.Range(0, 30).Select(i => (double)i), peer.Taken.Select(series => series.Samples.Single().Value));
    }

    private static async Task SendAsync(IngestHost host, long start, int from, int to)
    {
        for (var i = from; i < to; i++)
            Assert.Equal(204, await StatusAsync(host.WriteAsync(WriteRequests.V1(Series.Of("m", start + (i * 1000), i, ("kind", (i % 1).ToString(CultureInfo.InvariantCulture)))))));
    }

    private static async Task UntilAsync(IngestHost host, string line)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (!(await host.MetricsAsync()).Contains(line, StringComparison.Ordinal))
        {
            Assert.False(limit.IsCancellationRequested, $"{line} is not in\n{await host.MetricsAsync()}");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, CancellationToken.None);
        }
    }

    private static async Task<int> StatusAsync(Task<HttpResponseMessage> answer)
    {
        using var response = await answer;
        return (int)response.StatusCode;
    }
}
