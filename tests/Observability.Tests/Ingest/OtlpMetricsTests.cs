using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Fleet.Observability.Ingest.Otlp;
using Fleet.Testing.Servers;
using FsCheck.Fluent;

namespace Fleet.Observability.Tests.Ingest;

/// <summary>OTLP/HTTP metrics in both encodings, as Prometheus has them.</summary>
public sealed class OtlpMetricsTests
{
    private static readonly long Now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

    private static string Time => $"\"{Now}000000\"";

    [Theory]
    [InlineData("http.server.request.duration", "s", "", "http_server_request_duration_seconds")]
    [InlineData("system.memory.usage", "By", "", "system_memory_usage_bytes")]
    [InlineData("system.io", "By/s", "", "system_io_bytes_per_second")]
    [InlineData("requests", "{request}", "counter", "requests_total")]
    [InlineData("requests.total", "1", "counter", "requests_total")]
    [InlineData("cpu.time", "s", "counter", "cpu_time_seconds_total")]
    [InlineData("cpu.time.seconds", "s", "counter", "cpu_time_seconds_total")]
    [InlineData("cpu.utilization", "1", "gauge", "cpu_utilization_ratio")]
    [InlineData("cpu.utilization", "1", "", "cpu_utilization")]
    [InlineData("3d.things--of?", "", "", "_3d_things_of")]
    [InlineData("job:rate:sum", "", "", "job:rate:sum")]
    [InlineData("temp", "Cel", "gauge", "temp_celsius")]
    [InlineData("speed", "km/h", "", "speed_km_per_hour")]
    public void Names_are_those_of_Prometheus(string name, string unit, string type, string expected) =>
        Assert.Equal(expected, OtlpNames.Metric(name, unit, type == "counter", type == "gauge"));

    [Theory]
    [InlineData("k8s.pod.name", "k8s_pod_name")]
    [InlineData("0a", "key_0a")]
    [InlineData("é", "_")]
    [InlineData("", "")]
    public void So_are_labels(string key, string expected) => Assert.Equal(expected, OtlpNames.Label(key));

    [Fact]
    public async Task Every_type_of_metric_arrives_from_JSON()
    {
        await using var host = await IngestHost.StartAsync();
        var request = $$$$$"""
            {"resourceMetrics": [{
              "resource": {"attributes": [
                {"key": "service.name", "value": {"stringValue": "shop"}}, {"key": "service.namespace", "value": {"stringValue": "eu"}},
                {"key": "service.instance.id", "value": {"stringValue": "i-1"}}, {"key": "k8s.pod.name", "value": {"stringValue": "shop-0"}}, {"key": "host.name", "value": {"stringValue": "n1"}}]},
              "unknownField": {"x": [1]},
              "scopeMetrics": [{
                "scope": {"name": "lib", "version": "1.2"},
                "metrics": [
                  {"name": "orders", "unit": "{order}", "sum": {"aggregationTemporality": 2, "isMonotonic": true, "dataPoints": [
                    {"timeUnixNano": {{{{{Time}}}}}, "asInt": "42", "attributes": [{"key": "kind", "value": {"stringValue": "new"}}, {"key": "a.b", "value": {"intValue": "7"}}, {"key": "a/b", "value": {"boolValue": true}}, {"key": "cluster", "value": {"stringValue": "other"}}]}]}},
                  {"name": "load", "unit": "1", "gauge": {"dataPoints": [{"timeUnixNano": {{{{{Now}}}}}000000, "asDouble": 0.5}, {"timeUnixNano": {{{{{Time}}}}}, "flags": 1, "attributes": [{"key": "gone", "value": {"stringValue": "x"}}]}]}},
                  {"name": "latency", "unit": "s", "histogram": {"aggregationTemporality": 2, "dataPoints": [
                    {"timeUnixNano": {{{{{Time}}}}}, "count": "6", "sum": 3.5, "bucketCounts": ["1", "2", 3], "explicitBounds": [0.1, 1]}]}},
                  {"name": "size", "summary": {"dataPoints": [{"timeUnixNano": {{{{{Time}}}}}, "count": "2", "sum": 5, "quantileValues": [{"quantile": 0.99, "value": 4}]}]}}
                ]}]}]}
            """;
        using var response = await host.SendAsync("/v1/metrics", Encoding.UTF8.GetBytes(request), "application/json");
        Assert.Equal("{ }", await response.Content.ReadAsStringAsync());
        Assert.Equal((HttpStatusCode.OK, "application/json"), (response.StatusCode, response.Content.Headers.ContentType!.MediaType));
        var stored = host.Queued();
        const string identity = "cluster=web,clusterNamespace=team-a,clusterUid=uid-web,";
        const string rest = "instance=i-1,job=eu/shop,k8s_pod_name=shop-0";
        const string scope = ",otel_scope_name=lib,otel_scope_version=1.2";
        Assert.Equal(
            new[]
            {
                $"__name__=orders_total,a_b=7;true,{identity}instance=i-1,job=eu/shop,k8s_pod_name=shop-0,kind=new{scope}:({Now}, 42)",
                $"__name__=load_ratio,{identity}{rest}{scope}:({Now}, 0.5)",
                $"__name__=load_ratio,{identity}gone=x,{rest}{scope}:({Now}, NaN)",
                $"__name__=latency_seconds_bucket,{identity}{rest},le=0.1{scope}:({Now}, 1)",
                $"__name__=latency_seconds_bucket,{identity}{rest},le=1{scope}:({Now}, 3)",
                $"__name__=latency_seconds_bucket,{identity}{rest},le=+Inf{scope}:({Now}, 6)",
                $"__name__=latency_seconds_count,{identity}{rest}{scope}:({Now}, 6)",
                $"__name__=latency_seconds_sum,{identity}{rest}{scope}:({Now}, 3.5)",
                $"__name__=size,{identity}{rest}{scope},quantile=0.99:({Now}, 4)",
                $"__name__=size_count,{identity}{rest}{scope}:({Now}, 2)",
                $"__name__=size_sum,{identity}{rest}{scope}:({Now}, 5)",
                $"__name__=target_info,{identity}host_name=n1,{rest}:({Now}, 1)",
            },
            stored.Select(series => series.ToString()));
        Assert.Equal(0x7ff0000000000002ul, BitConverter.DoubleToUInt64Bits(stored[2].Samples.Single().Value));
    }

    [Fact]
    public async Task Protobuf_with_gzip_arrives_and_can_be_asked_for_in_VictoriaMetrics()
    {
        await using var store = await MetricsStore.StartVictoriaMetricsAsync();
        await using var host = await IngestHost.StartAsync(store.WriteAddress);
        using var response = await host.SendAsync("/v1/metrics", Compress(Protobuf(Now)), "application/x-protobuf", "gzip");
        Assert.Equal((HttpStatusCode.OK, 0L), (response.StatusCode, response.Content.Headers.ContentLength));
        var sample = Assert.Single(await store.WaitForAsync("requests_total{clusterNamespace=\"team-a\",job=\"shop\"}", 1, TimeSpan.FromSeconds(30)));
        Assert.Equal((Now, 17.0, "web"), (sample.Timestamp, sample.Value, (string)sample.Labels["cluster"]!));
    }

    [Fact]
    public async Task What_is_refused_is_a_partial_success_and_the_rest_is_kept()
    {
        await using var host = await IngestHost.StartAsync();
        var request = $$$$$"""
            {"resourceMetrics": [{"scopeMetrics": [{"metrics": [
              {"name": "delta", "sum": {"aggregationTemporality": 1, "isMonotonic": true, "dataPoints": [{"timeUnixNano": {{{{{Time}}}}}, "asInt": 1}, {"timeUnixNano": {{{{{Time}}}}}, "asInt": 2}]}},
              {"name": "exp", "exponentialHistogram": {"aggregationTemporality": 2, "dataPoints": [{"timeUnixNano": {{{{{Time}}}}}}]}},
              {"name": "old", "gauge": {"dataPoints": [{"timeUnixNano": "1000000000", "asInt": 1}]}},
              {"name": "good", "gauge": {"dataPoints": [{"timeUnixNano": {{{{{Time}}}}}, "asInt": 1}]}}]}]}]}
            """;
        using var response = await host.SendAsync("/v1/metrics", Encoding.UTF8.GetBytes(request), "application/json");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var partial = JsonNode.Parse(await response.Content.ReadAsStringAsync())!["partialSuccess"]!;
        Assert.Equal("4", (string)partial["rejectedDataPoints"]!);
        foreach (var part in (string[])["delta_temporality: 2", "native_histogram: 1", "too_old: 1"])
            Assert.Contains(part, (string)partial["errorMessage"]!, StringComparison.Ordinal);
        Assert.Equal("good", host.Queued().Single()["__name__"]);
    }

    [Theory]
    [InlineData("application/json", "{\"resourceMetrics\": 7}", 400)]
    [InlineData("application/json", "{", 400)]
    [InlineData("application/json", "{\"resourceMetrics\": [{\"scopeMetrics\": [{\"metrics\": [{\"name\": \"m\", \"histogram\": {\"aggregationTemporality\": 2, \"dataPoints\": [{\"bucketCounts\": [1], \"explicitBounds\": [1, 2]}]}}]}]}]}", 400)]
    [InlineData("application/x-protobuf", "no protobuf", 400)]
    [InlineData("text/plain", "", 415)]
    [InlineData("application/json", "", 400)]
    public async Task Errors_are_a_status_in_the_encoding_of_the_sender(string type, string body, int status)
    {
        await using var host = await IngestHost.StartAsync();
        using var response = await host.SendAsync("/v1/metrics", Encoding.UTF8.GetBytes(body), type);
        Assert.Equal(status, (int)response.StatusCode);
        if (type == "application/x-protobuf")
            Assert.Equal(0x12, (await response.Content.ReadAsByteArrayAsync())[0]);
        else
            Assert.NotEmpty((string)JsonNode.Parse(await response.Content.ReadAsStringAsync())!["message"]!);
        Assert.Equal(type == "application/x-protobuf" ? type : "application/json", response.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task A_gzip_bomb_is_413_or_400_whatever_it_says_to_be()
    {
        await using var host = await IngestHost.StartAsync();
        var bomb = Compress(new byte[100_000_000]);
        using (var honest = await host.SendAsync("/v1/metrics", bomb, "application/x-protobuf", "gzip"))
            Assert.Equal(413, (int)honest.StatusCode);
        BitConverter.TryWriteBytes(bomb.AsSpan(bomb.Length - 4), 1000);
        using var lying = await host.SendAsync("/v1/metrics", bomb, "application/x-protobuf", "gzip");
        Assert.Equal(400, (int)lying.StatusCode);
    }

    [Fact]
    public async Task No_payload_makes_the_receiver_fail()
    {
        await using var host = await IngestHost.StartAsync(intake: options => options with { SamplesPerSecond = 1e9 });
        var random = new Random(5);
        var json = Encoding.UTF8.GetBytes($$$$$"""
            {"resourceMetrics": [{"resource": {"attributes": [{"key": "a", "value": {"arrayValue": {"values": [{"intValue": 1}, {"kvlistValue": {"values": [{"key": "k", "value": {"doubleValue": "NaN"}}]}}]}}}]},
            "scopeMetrics": [{"metrics": [{"name": "h", "histogram": {"aggregationTemporality": 2, "dataPoints": [{"timeUnixNano": {{{{{Time}}}}}, "count": 3, "bucketCounts": [1, 2], "explicitBounds": [0.5]}]}}]}]}]}
            """);
        (byte[] Right, string Type)[] seeds = [(json, "application/json"), (Protobuf(Now), "application/x-protobuf")];
        var statuses = new HashSet<int>();
        foreach (var noise in ArbMap.Default.GeneratorFor<byte[]>().Sample(200, 300))
            foreach (var (right, type) in seeds)
            {
                var damaged = (byte[])right.Clone();
                for (var n = random.Next(1, 5); n > 0; n--)
                    damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
                foreach (var body in (byte[][])[noise, damaged, right[..random.Next(right.Length)]])
                {
                    using var plain = await host.SendAsync("/v1/metrics", body, type);
                    using var compressed = await host.SendAsync("/v1/metrics", random.Next(2) == 0 ? Compress(body) : body, type, "gzip");
                    statuses.UnionWith([(int)plain.StatusCode, (int)compressed.StatusCode]);
                }
            }
        Assert.Subset(new HashSet<int> { 200, 400, 413 }, statuses);
    }

    internal static byte[] Compress(byte[] data)
    {
        using var result = new MemoryStream();
        using (var gzip = new GZipStream(result, CompressionLevel.Fastest))
            gzip.Write(data);
        return result.ToArray();
    }

    internal static byte[] Attribute(string key, string value) => new Message().Text(1, key).Bytes(2, new Message().Text(1, value).Done()).Done();

    private static byte[] Protobuf(long milliseconds)
    {
        var point = new Message().Fixed(3, (ulong)milliseconds * 1_000_000).Fixed(6, 17).Bytes(7, Attribute("code", "200")).Done();
        var metric = new Message().Text(1, "requests").Text(3, "{request}").Bytes(7, new Message().Bytes(1, point).Int(2, 2).Int(3, 1).Done()).Done();
        var scope = new Message().Bytes(2, metric).Done();
        return new Message().Bytes(1, new Message().Bytes(1, new Message().Bytes(1, Attribute("service.name", "shop")).Done()).Bytes(2, scope).Done()).Done();
    }
}
