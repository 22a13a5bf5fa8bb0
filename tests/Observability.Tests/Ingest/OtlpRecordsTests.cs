using System.Text;
using System.Text.Json.Nodes;
using Fleet.Observability.Ingest.Records;
using Fleet.Testing.Grains;
using Fleet.Testing.Servers;
using FsCheck.Fluent;
using Npgsql;

namespace Fleet.Observability.Tests.Ingest;

/// <summary>OTLP/HTTP logs and traces, kept by a real PostgreSQL in partitions of a day.</summary>
public sealed class OtlpRecordsTests : IAsyncLifetime
{
    private const string TraceId = "5b8efff798038103d269b633813fc60c";
    private const string SpanId = "EEE19B7EC3C1B174";

    private PrivatePostgres postgres = null!;
    private IngestHost host = null!;

    private static ulong Now => (ulong)TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() * 1_000_000;

    public async ValueTask InitializeAsync()
    {
        postgres = await PrivatePostgres.StartAsync();
        host = await IngestHost.StartAsync(postgres: postgres.ConnectionString);
    }

    public async ValueTask DisposeAsync()
    {
        await host.DisposeAsync();
        await postgres.DisposeAsync();
    }

    [Fact]
    public async Task Logs_in_JSON_and_protobuf_are_rows_of_the_cluster()
    {
        var json = $$$$$"""
            {"resourceLogs": [{"resource": {"attributes": [{"key": "service.name", "value": {"stringValue": "shop"}}, {"key": "k8s.namespace.name", "value": {"stringValue": "prod"}}, {"key": "k8s.pod.name", "value": {"stringValue": "shop-0"}}]},
             "scopeLogs": [{"scope": {"name": "lib"}, "logRecords": [
              {"timeUnixNano": "{{{{{Now}}}}}", "severityNumber": 17, "severityText": "ERROR", "body": {"stringValue": "it broke\u0000 \ud83d\ude80"}, "traceId": "{{{{{TraceId}}}}}", "spanId": "{{{{{SpanId}}}}}", "surprise": 1,
               "attributes": [{"key": "n", "value": {"intValue": "9007199254740993"}}, {"key": "list", "value": {"arrayValue": {"values": [{"boolValue": true}, {}]}}}]}]}]}]}
            """;
        Assert.Equal("{ }", await SendAsync("/v1/logs", Encoding.UTF8.GetBytes(json), "application/json"));
        var record = new Message().Fixed(11, Now).Int(2, 9).Bytes(5, new Message().Text(1, "hello").Done()).Bytes(9, Convert.FromHexString(TraceId)).Done();
        var protobuf = new Message().Bytes(1, new Message().Bytes(2, new Message().Bytes(2, record).Done()).Done()).Done();
        Assert.Equal("", await SendAsync("/v1/logs", OtlpMetricsTests.Compress(protobuf), "application/x-protobuf", "gzip"));

        var rows = await RowsAsync("SELECT cluster_namespace || '/' || cluster || '/' || cluster_uid, service, k8s_namespace, k8s_pod, severity::text, body, encode(trace_id, 'hex'), coalesce(encode(span_id, 'hex'), '-'), scope, attributes::text FROM logs ORDER BY logs.severity DESC");
        Assert.Equal(["team-a/web/uid-web", "shop", "prod", "shop-0", "17", "it broke 🚀", TraceId, SpanId.ToLowerInvariant(), "lib", """{"n": 9007199254740993, "list": [true, null]}"""], rows[0]);
        Assert.Equal(["team-a/web/uid-web", "", "", "", "9", "hello", TraceId, "-", "", "{}"], rows[1]);
    }

    [Fact]
    public async Task Spans_keep_their_ids_times_events_and_links()
    {
        var start = Now;
        var json = $$$$$"""
            {"resourceSpans": [{"resource": {"attributes": [{"key": "service.name", "value": {"stringValue": "shop"}}]}, "scopeSpans": [{"spans": [
              {"traceId": "{{{{{TraceId}}}}}", "spanId": "{{{{{SpanId}}}}}", "parentSpanId": "", "name": "GET /", "kind": 2, "startTimeUnixNano": "{{{{{start}}}}}", "endTimeUnixNano": "{{{{{start + 1500}}}}}", "status": {"code": 2, "message": "bad"},
               "events": [{"timeUnixNano": "{{{{{start}}}}}", "name": "retry", "attributes": [{"key": "n", "value": {"doubleValue": 1.5}}]}], "links": [{"traceId": "{{{{{TraceId}}}}}", "spanId": "{{{{{SpanId}}}}}"}]},
              {"traceId": "00000000000000000000000000000000", "spanId": "{{{{{SpanId}}}}}", "name": "none", "startTimeUnixNano": "{{{{{start}}}}}"},
              {"traceId": "{{{{{TraceId}}}}}", "spanId": "{{{{{SpanId}}}}}", "name": "ancient", "startTimeUnixNano": "1000"}]}]}]}
            """;
        var partial = JsonNode.Parse(await SendAsync("/v1/traces", Encoding.UTF8.GetBytes(json), "application/json"))!["partialSuccess"]!;
        Assert.Equal(("2", "too_old: 1; wrong_id: 1"), ((string)partial["rejectedSpans"]!, (string)partial["errorMessage"]!));
        var row = Assert.Single(await RowsAsync("SELECT encode(trace_id, 'hex'), encode(span_id, 'hex'), coalesce(encode(parent_span_id, 'hex'), '-'), name, kind::text, duration_ns::text, status::text, status_message, events->0->>'name', links->0->>'spanId' FROM spans"));
        Assert.Equal([TraceId, SpanId.ToLowerInvariant(), "-", "GET /", "2", "1500", "2", "bad", "retry", SpanId.ToLowerInvariant()], row);
        using var wrong = await host.SendAsync("/v1/traces", """{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"not-hex!"}]}]}]}"""u8.ToArray(), "application/json");
        Assert.Equal(400, (int)wrong.StatusCode);
    }

    [Fact]
    public async Task Days_are_partitions_and_go_as_a_whole()
    {
        var day = 86_400_000_000_000ul;
        foreach (var age in (ulong[])[0, 1, 3])
            await SendAsync("/v1/logs", Log(Now - (age * day)), "application/x-protobuf");
        Assert.Equal(3, (await RowsAsync("SELECT body FROM logs")).Count);
        var today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
        var gone = await host.Service<RecordStore>().ForgetAsync(RecordKind.Logs, KnownOwner.OfSingleton("retention", long.MaxValue), today.AddDays(-2), CancellationToken.None);
        Assert.Equal([$"logs_{today.AddDays(-3):yyyyMMdd}"], gone);
        Assert.Equal(2, (await RowsAsync("SELECT body FROM logs")).Count);
        // What comes late for a day that went makes it anew.
        await SendAsync("/v1/logs", Log(Now - (3 * day)), "application/x-protobuf");
        Assert.Equal(3, (await RowsAsync("SELECT body FROM logs")).Count);
        Assert.Empty(await host.Service<RecordStore>().ForgetAsync(RecordKind.Logs, KnownOwner.OfSingleton("retention", long.MaxValue), today.AddDays(-3), CancellationToken.None));
    }

    [Fact]
    public async Task A_database_that_is_away_is_503_and_what_was_answered_is_there()
    {
        await SendAsync("/v1/logs", Log(Now), "application/x-protobuf");
        await ExecuteAsync("ALTER TABLE logs RENAME TO logs_away");
        using (var response = await host.SendAsync("/v1/logs", Log(Now), "application/x-protobuf"))
        {
            Assert.Equal(503, (int)response.StatusCode);
            Assert.InRange(response.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 6);
        }
        await ExecuteAsync("ALTER TABLE logs_away RENAME TO logs");
        // Connections that the server has ended are not taken for a database that is away for good.
        await ExecuteAsync("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()");
        var taken = 0;
        for (var i = 0; i < 10 && taken == 0; i++)
        {
            using var response = await host.SendAsync("/v1/logs", Log(Now), "application/x-protobuf");
            taken = (int)response.StatusCode == 200 ? 1 : 0;
        }
        Assert.Equal(1 + taken, (await RowsAsync("SELECT body FROM logs")).Count);
        Assert.Equal(1, taken);
    }

    [Fact]
    public async Task No_payload_makes_the_receiver_fail_or_writes_half_of_a_request()
    {
        var random = new Random(3);
        var json = Encoding.UTF8.GetBytes($$$$$"""{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"timeUnixNano":"{{{{{Now}}}}}","body":{"stringValue":"x\u0000"},"traceId":"{{{{{TraceId}}}}}","attributes":[{"key":"\u0000","value":{"stringValue":"\u0000"}},{"key":"d","value":{"doubleValue":1e308}}]}]}]}]}""");
        var statuses = new HashSet<int>();
        foreach (var noise in ArbMap.Default.GeneratorFor<byte[]>().Sample(100, 150))
            foreach (var (right, type) in ((byte[], string)[])[(json, "application/json"), (Log(Now), "application/x-protobuf")])
            {
                var damaged = (byte[])right.Clone();
                for (var n = random.Next(0, 4); n > 0; n--)
                    damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
                foreach (var path in (string[])["/v1/logs", "/v1/traces"])
                    foreach (var body in (byte[][])[noise, damaged])
                    {
                        using var response = await host.SendAsync(path, body, type);
                        statuses.Add((int)response.StatusCode);
                    }
            }
        Assert.Subset(new HashSet<int> { 200, 400, 413 }, statuses);
    }

    private static byte[] Log(ulong time) => new Message().Bytes(1, new Message().Bytes(2, new Message().Bytes(2,
        new Message().Fixed(1, time).Bytes(5, new Message().Text(1, "line").Done()).Done()).Done()).Done()).Done();

    private async Task<string> SendAsync(string path, byte[] body, string type, string? encoding = null)
    {
        using var response = await host.SendAsync(path, body, type, encoding);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True((int)response.StatusCode == 200, $"{response.StatusCode} {text}");
        return text;
    }

    private async Task<List<string[]>> RowsAsync(string query)
    {
        await using var connection = new NpgsqlConnection(postgres.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(query, connection);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string[]>();
        while (await reader.ReadAsync())
            rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetString)]);
        return rows;
    }

    private async Task ExecuteAsync(string statement)
    {
        await using var connection = new NpgsqlConnection(postgres.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(statement, connection);
        await command.ExecuteNonQueryAsync();
    }
}
