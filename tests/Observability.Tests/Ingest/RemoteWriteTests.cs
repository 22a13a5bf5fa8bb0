using System.Net;
using Fleet.Observability.Ingest.Samples;
using FsCheck.Fluent;

namespace Fleet.Observability.Tests.Ingest;

/// <summary>The receiver over HTTP: what the protocol says of content, codes and headers, and what is done with wrong series.</summary>
public sealed class RemoteWriteTests
{
    private const string TypeV2 = "application/x-protobuf;proto=io.prometheus.write.v2.Request";

    private static long Now => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

    [Theory]
    [InlineData("application/x-protobuf", "snappy", 204)]
    [InlineData("application/x-protobuf;proto=prometheus.WriteRequest", "snappy", 204)]
    [InlineData("application/x-protobuf; proto=\"prometheus.WriteRequest\"", "SNAPPY", 204)]
    [InlineData(null, null, 204)]
    [InlineData("application/x-protobuf;proto=io.prometheus.write.v3.Request", "snappy", 415)]
    [InlineData("application/json", "snappy", 415)]
    [InlineData("text/plain", null, 415)]
    [InlineData("application/x-protobuf", "gzip", 415)]
    [InlineData("application/x-protobuf", "zstd", 415)]
    [InlineData("application/x-protobuf", "snappy,gzip", 415)]
    public async Task Content_is_negotiated_as_the_protocol_says(string? type, string? encoding, int status)
    {
        await using var host = await IngestHost.StartAsync();
        var body = WriteRequests.Compress(WriteRequests.V1(Series.Of("up", Now, 1)));
        using var response = await host.SendAsync("/api/v1/write", body, type, encoding);
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(status == 204, host.Queued().Count == 1);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Both_versions_arrive_with_the_labels_of_the_cluster_whatever_the_sender_says(bool second)
    {
        await using var host = await IngestHost.StartAsync();
        var now = Now;
        Series[] sent =
        [
            new([("__name__", "up"), ("cluster", "somebody-else"), ("clusterNamespace", "kcm-system"), ("clusterUid", "x"), ("job", "a")], [(now - 1000, 0), (now, 1)]),
            Series.Of("a_total", now, 7.5, ("a", "b"), ("clusterV", "stays"), ("zone", "ü")),
        ];
        using var response = second ? await host.WriteAsync(WriteRequests.V2(sent), TypeV2) : await host.WriteAsync(WriteRequests.V1(sent));
        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        var stored = host.Queued();
        Assert.Equal($"__name__=up,cluster=web,clusterNamespace=team-a,clusterUid=uid-web,job=a:({now - 1000}, 0),({now}, 1)", stored[0].ToString());
        Assert.Equal($"__name__=a_total,a=b,cluster=web,clusterNamespace=team-a,clusterUid=uid-web,clusterV=stays,zone=ü:({now}, 7.5)", stored[1].ToString());
        Assert.Equal(second ? ["3"] : [], response.Headers.TryGetValues("X-Prometheus-Remote-Write-Samples-Written", out var written) ? written : []);
        // Another token, another cluster.
        (await host.WriteAsync(WriteRequests.V1(sent[0]), token: host.DataToken.Text)).Dispose();
        Assert.Equal("data", host.Queued()[2]["cluster"]);
    }

    [Fact]
    public async Task A_stale_marker_arrives_bit_by_bit()
    {
        await using var host = await IngestHost.StartAsync();
        var stale = BitConverter.UInt64BitsToDouble(0x7ff0000000000002);
        (await host.WriteAsync(WriteRequests.V1(Series.Of("up", Now, stale)))).Dispose();
        Assert.Equal(0x7ff0000000000002ul, BitConverter.DoubleToUInt64Bits(host.Queued().Single().Samples.Single().Value));
    }

    public static TheoryData<string, string[]> WrongLabels => new()
    {
        { "no_metric_name", ["job=a"] },
        { "label_empty", ["__name__=up", "job="] },
        { "label_empty", ["=x", "__name__=up"] },
        { "labels_not_sorted", ["__name__=up", "b=1", "a=1"] },
        { "label_duplicated", ["__name__=up", "a=1", "a=2"] },
        { "label_name_invalid", ["__name__=up", "a.b=1"] },
        { "metric_name_invalid", ["__name__=1up"] },
        { "label_too_long", ["__name__=up", "a=" + new string('x', 5000)] },
        { "too_many_labels", ["__name__=up", .. Enumerable.Range(100, 64).Select(i => $"l{i}=x")] },
    };

    [Theory, MemberData(nameof(WrongLabels))]
    public async Task A_series_that_breaks_a_rule_is_refused_and_the_others_are_taken(string reason, string[] labels)
    {
        await using var host = await IngestHost.StartAsync();
        var wrong = new Series([.. labels.Select(label => label.Split('=', 2)).Select(pair => (pair[0], pair[1]))], [(Now, 1), (Now + 1, 2)]);
        foreach (var second in (bool[])[false, true])
        {
            Series[] all = [wrong, Series.Of("good", Now, 1)];
            using var response = second ? await host.WriteAsync(WriteRequests.V2(all), TypeV2) : await host.WriteAsync(WriteRequests.V1(all));
            Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
            Assert.StartsWith($"{reason}: 2 samples", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            Assert.Equal(second ? "1" : null, response.Headers.TryGetValues("X-Prometheus-Remote-Write-Samples-Written", out var written) ? written.Single() : null);
        }
        Assert.Equal(["good", "good"], host.Queued().Select(series => series["__name__"]));
        Assert.Contains($$"""fleet_ingest_refused_samples_total{cluster="team-a/web",reason="{{reason}}"} 4""", await host.MetricsAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Samples_too_old_from_the_future_out_of_order_or_twice_are_left_out_and_named()
    {
        await using var host = await IngestHost.StartAsync(limits: new() { OldestSample = TimeSpan.FromHours(1) });
        var now = Now;
        var series = new Series([("__name__", "m")], [(now - 3_700_000, 1), (now - 60_000, 2), (now - 60_000, 2), (now - 60_000, 3), (now - 120_000, 4), (now, 5), (now + 3_600_000, 6), (long.MaxValue, 7), (long.MinValue, 8)]);
        using var response = await host.WriteAsync(WriteRequests.V1(series));
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var text = await response.Content.ReadAsStringAsync();
        foreach (var part in (string[])["too_old: 2", "in_the_future: 2", "out_of_order: 1", "duplicated_timestamp: 1"])
            Assert.Contains(part, text, StringComparison.Ordinal);
        // The same sample twice is no fault; it is kept once.
        Assert.Equal([(now - 60_000, 2), (now, 5)], host.Queued().Single().Samples);
    }

    [Fact]
    public async Task Without_a_valid_token_nothing_is_taken()
    {
        await using var host = await IngestHost.StartAsync();
        var body = WriteRequests.V1(Series.Of("up", Now, 1));
        foreach (var token in (string[])["", "x", host.WebToken.Text[..^1], host.WebToken.Text + "0", $"flt_{host.WebToken.Id}_", new string('a', 5000)])
        {
            using var response = await host.WriteAsync(body, token: token);
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        }
        Assert.Empty(host.Queued());
    }

    [Fact]
    public async Task More_than_one_request_may_hold_is_413()
    {
        await using var host = await IngestHost.StartAsync(limits: new() { CompressedBytes = 20_000, DecodedBytes = 100_000, SeriesPerRequest = 50, SamplesPerRequest = 100, SymbolsPerRequest = 30 });
        var samples = Enumerable.Range(0, 101).Select(i => (Now + i, 1.0)).ToList();
        Assert.Equal(413, await StatusAsync(host.WriteAsync(WriteRequests.V1(new Series([("__name__", "m")], samples)))));
        Assert.Equal(413, await StatusAsync(host.WriteAsync(WriteRequests.V1(Enumerable.Range(0, 51).Select(i => Series.Of($"m{i}", Now, 1))))));
        Assert.Equal(413, await StatusAsync(host.WriteAsync(WriteRequests.V2(Enumerable.Range(0, 31).Select(i => Series.Of($"m{i}", Now, 1))), TypeV2)));
        Assert.Equal(413, await StatusAsync(host.SendAsync("/api/v1/write", new byte[20_001], "application/x-protobuf", "snappy")));
        // Snappy makes little of zeros: the length that the block names counts, before it is decoded.
        Assert.Equal(400, await StatusAsync(host.SendAsync("/api/v1/write", WriteRequests.Compress(new byte[100_001]), "application/x-protobuf", "snappy")));
        Assert.Empty(host.Queued());
    }

    [Fact]
    public async Task A_symbol_that_every_series_refers_to_is_no_bomb()
    {
        await using var host = await IngestHost.StartAsync(limits: new() { DecodedBytes = 1_000_000 });
        var value = new string('v', 4000);
        var bomb = Enumerable.Range(0, 2000).Select(i => new Series([("__name__", $"m{i}"), .. Enumerable.Range(10, 60).Select(l => ($"l{l}", value))], [(Now, 1)]));
        Assert.Equal(413, await StatusAsync(host.WriteAsync(WriteRequests.V2(bomb), TypeV2)));
    }

    [Fact]
    public async Task Ever_new_series_end_at_the_limit_of_the_cluster_and_the_metric_is_named()
    {
        await using var host = await IngestHost.StartAsync(limits: new() { ActiveSeries = 10 });
        Task<HttpResponseMessage> Bomb(int from, string token) =>
            host.WriteAsync(WriteRequests.V1(Enumerable.Range(from, 8).Select(i => Series.Of("requests_total", Now, 1, ("id", $"{i}")))), token: token);
        Assert.Equal(204, await StatusAsync(Bomb(0, host.WebToken.Text)));
        using (var response = await Bomb(4, host.WebToken.Text))
        {
            Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
            Assert.Equal("active_series_limit: 2 samples, for example of \"requests_total\"\n", await response.Content.ReadAsStringAsync());
        }
        // Series that it has go on, and another cluster is not concerned.
        Assert.Equal(204, await StatusAsync(Bomb(0, host.WebToken.Text)));
        Assert.Equal(204, await StatusAsync(Bomb(0, host.DataToken.Text)));
        var metrics = await host.MetricsAsync();
        Assert.Contains("fleet_ingest_active_series{cluster=\"team-a/web\"} 10", metrics, StringComparison.Ordinal);
        Assert.Contains("fleet_ingest_refused_series_total{cluster=\"team-a/web\",metric=\"requests_total\"} 2", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_sends_too_much_waits_and_when_memory_is_used_up_all_do()
    {
        await using (var host = await IngestHost.StartAsync(intake: options => options with { SamplesPerSecond = 1, BurstSeconds = 5 }))
        {
            Assert.Equal(204, await StatusAsync(host.WriteAsync(WriteRequests.V1(Enumerable.Range(0, 30).Select(i => Series.Of($"m{i}", Now, 1))))));
            using var response = await host.WriteAsync(WriteRequests.V1(Series.Of("m", Now, 1)));
            Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
            Assert.InRange(response.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
            Assert.Equal(204, await StatusAsync(host.WriteAsync(WriteRequests.V1(Series.Of("m", Now, 1)), token: host.DataToken.Text)));
        }
        await using (var host = await IngestHost.StartAsync(intake: options => options with { MemoryBytes = 100 }))
        {
            using var response = await host.WriteAsync(WriteRequests.V1(Enumerable.Range(0, 30).Select(i => Series.Of($"m{i}", Now, 1))));
            Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
            Assert.InRange(response.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 6);
        }
    }

    [Fact]
    public async Task No_payload_makes_the_receiver_fail()
    {
        await using var host = await IngestHost.StartAsync(intake: options => options with { SamplesPerSecond = 1e9 });
        var random = new Random(11);
        Series[] some = [.. Enumerable.Range(0, 20).Select(i => Series.Of("m", Now, i, ("id", $"{i}")))];
        (byte[] Message, string Type)[] right = [(WriteRequests.V1(some), "application/x-protobuf"), (WriteRequests.V2(some), TypeV2)];
        var statuses = new HashSet<int>();
        foreach (var noise in ArbMap.Default.GeneratorFor<byte[]>().Sample(200, 400))
        {
            foreach (var (message, type) in right)
            {
                var damaged = (byte[])message.Clone();
                for (var n = random.Next(1, 6); n > 0; n--)
                    damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
                foreach (var body in (byte[][])[noise, damaged, message[..random.Next(message.Length)]])
                {
                    statuses.Add(await StatusAsync(host.WriteAsync(body, type)));
                    statuses.Add(await StatusAsync(host.SendAsync("/api/v1/write", body, type, "snappy")));
                }
            }
        }
        Assert.Subset(new HashSet<int> { 204, 400, 413 }, statuses);
        // Whatever was taken can be read by a store.
        Assert.All(host.Queued(), series => Assert.Equal("web", series["cluster"]));
    }

    [Fact]
    public void A_cluster_that_is_silent_for_long_is_forgotten()
    {
        var active = new ActiveSeries(2, TimeSpan.FromHours(1));
        var start = new DateTimeOffset(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);
        Assert.True(active.Admit(1, null, "m"u8, start));
        Assert.True(active.Admit(2, null, "m"u8, start.AddMinutes(50)));
        Assert.False(active.Admit(3, null, "m"u8, start.AddMinutes(59)));
        // The second generation still counts both; only the one that comes again stays.
        Assert.True(active.Admit(2, null, "m"u8, start.AddMinutes(70)));
        Assert.False(active.Admit(3, null, "m"u8, start.AddMinutes(100)));
        Assert.True(active.Admit(3, null, "m"u8, start.AddMinutes(131)));
        Assert.Equal(2, active.Count);
        Assert.True(active.Admit(4, null, "m"u8, start.AddHours(9)));
        Assert.Equal(1, active.Count);
        Assert.Equal(2, active.Refused["m"]);
    }

    private static async Task<int> StatusAsync(Task<HttpResponseMessage> answer)
    {
        using var response = await answer;
        return (int)response.StatusCode;
    }
}
