using System.Net;
using System.Text;
using Fleet.Observability.Ingest;
using Fleet.Observability.Ingest.Records;
using Fleet.Observability.Query;
using Fleet.Testing;
using Fleet.Testing.Servers;
using Npgsql;

namespace Fleet.Observability.Tests.Ingest;

/// <summary>Logs and traces that go on by OTLP: to another Fleet, which keeps them in PostgreSQL.</summary>
public sealed class OtlpForwardingTests
{
    private static ulong Now => (ulong)TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() * 1_000_000;

    [Fact]
    public async Task Logs_and_traces_arrive_at_a_receiver_with_the_cluster_in_their_resource()
    {
        using var folder = new TemporaryFolder("otlp-forward");
        await using var postgres = await PrivatePostgres.StartAsync();
        await using var receiver = await IngestHost.StartAsync(postgres: postgres.ConnectionString);
        var token = folder.Write("token", receiver.DataToken.Text);
        var root = receiver.Client.BaseAddress!.AbsoluteUri.TrimEnd('/');
        var targets = RecordTargets.For($"{root}/v1/logs", $"{root}/v1/traces", token, null, folder.FullPath);
        // The database of the one that sends on is never asked.
        await using var host = await IngestHost.StartAsync(add: services => services.AddRecords(new() { ConnectionString = "Host=127.0.0.1;Port=9" }, targets));

        var logs = $$$$"""
            {"resourceLogs": [{"resource": {"attributes": [{"key": "service.name", "value": {"stringValue": "shop"}}, {"key": "k8s.cluster.name", "value": {"stringValue": "somebody else's"}}]},
             "scopeLogs": [{"logRecords": [{"timeUnixNano": "{{{{Now}}}}", "severityNumber": 9, "body": {"stringValue": "kept"}}, {"timeUnixNano": "1", "body": {"stringValue": "too old for the receiver"}}]}]}]}
            """;
        using (var answer = await host.SendAsync("/v1/logs", Encoding.UTF8.GetBytes(logs), "application/json"))
            Assert.Equal((HttpStatusCode.OK, "{ }"), (answer.StatusCode, await answer.Content.ReadAsStringAsync()));
        // A field of the protobuf that nobody here knows goes on as well; the receiver takes the span.
        var span = new Message().Bytes(1, Convert.FromHexString("5b8efff798038103d269b633813fc60c")).Bytes(2, Convert.FromHexString("eee19b7ec3c1b174")).Text(5, "GET /").Fixed(7, Now).Fixed(8, Now + 1000).Text(77, "later").Done();
        var traces = new Message().Bytes(1, new Message().Bytes(2, new Message().Bytes(2, span).Done()).Done()).Done();
        using (var answer = await host.SendAsync("/v1/traces", traces, "application/x-protobuf"))
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);

        var kept = await UntilAsync(postgres, "SELECT body || ' ' || cluster || ' ' || (resource ->> 'k8s.cluster.name') || ' ' || (resource ->> 'fleet.cluster.namespace') || ' ' || (resource ->> 'k8s.cluster.uid') || ' ' || service FROM logs");
        Assert.Equal("kept data web team-a uid-web shop", kept);
        Assert.Equal("GET / web", await UntilAsync(postgres, "SELECT name || ' ' || (resource ->> 'k8s.cluster.name') FROM spans"));
        // partialSuccess of the receiver is counted here.
        await UntilAsync(() => host.MetricsAsync(), text => text.Contains("fleet_forward_refused_records_total{what=\"logs\"} 1\n", StringComparison.Ordinal));
        Assert.Contains("fleet_forward_records_total{what=\"logs\"} 1\n", await host.MetricsAsync(), StringComparison.Ordinal);

        // A broken message is refused at once, and nothing of it goes on.
        using (var answer = await host.SendAsync("/v1/logs", [0x0a, 0x7f], "application/x-protobuf"))
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public void Questions_say_where_the_answers_are()
    {
        var elsewhere = new TelemetryElsewhereException("logs", new Uri("https://logs.example/v1/logs?tenant=secret"));
        Assert.Contains("https://logs.example/v1/logs,", elsewhere.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ftp://logs.example", "q")]
    [InlineData("https://user:hunter2@logs.example/v1/logs", "q")]
    [InlineData("https://logs.example/v1/logs", null)]
    public void What_cannot_be_a_receiver_is_said_without_what_was_given(string address, string? queue)
    {
        var refused = Assert.Throws<FormatException>(() => RecordTargets.For(address, null, null, null, queue));
        Assert.DoesNotContain("hunter2", refused.Message, StringComparison.Ordinal);
    }

    private static async Task<string> UntilAsync(PrivatePostgres postgres, string sql)
    {
        var found = "";
        await UntilAsync(async () =>
        {
            await using var source = NpgsqlDataSource.Create(postgres.ConnectionString);
            await using var command = source.CreateCommand(sql);
            return found = (await command.ExecuteScalarAsync())?.ToString() ?? "";
        }, text => text.Length > 0);
        return found;
    }

    private static async Task UntilAsync(Func<Task<string>> read, Func<string, bool> reached)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (await read() is var text && !reached(text))
        {
            Assert.False(limit.IsCancellationRequested, text);
            await Task.Delay(TimeSpan.FromMilliseconds(30), TimeProvider.System, CancellationToken.None);
        }
    }
}
