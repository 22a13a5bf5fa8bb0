using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Fleet.Observability.History;

namespace Fleet.Observability.Tests.Query;

/// <summary>Logs and traces by REST: what is found, in pages, and never what belongs to others.</summary>
public sealed class RecordQueryTests(QueryFixture fixture) : IClassFixture<QueryFixture>
{
    private static readonly DateTimeOffset Now = Truncated(TimeProvider.System.GetUtcNow().AddMinutes(-1));

    [Fact]
    public async Task Logs_are_found_by_cluster_pod_severity_text_trace_and_time()
    {
        await LogsAsync("find", (Now.AddMinutes(-3), 9, "started 50% of_it"), (Now.AddMinutes(-2), 17, "It BROKE"), (Now.AddMinutes(-1), 13, "careful"));
        Assert.Equal(["careful", "It BROKE", "started 50% of_it"], await BodiesAsync("pod=find-0"));
        Assert.Equal(["It BROKE"], await BodiesAsync("pod=find-0&severity=error"));
        Assert.Equal(["careful", "It BROKE"], await BodiesAsync("pod=find-0&severity=warn&namespace=prod&cluster=team-a/web&service=find"));
        Assert.Equal(["It BROKE"], await BodiesAsync("pod=find-0&q=broke"));
        Assert.Equal(["started 50% of_it"], await BodiesAsync("pod=find-0&q=50%25 of_"));
        // % and _ mean themselves.
        Assert.Empty(await BodiesAsync("pod=find-0&q=5_%25"));
        Assert.Empty(await BodiesAsync("pod=find-0&namespace=other"));
        Assert.Equal(["It BROKE"], await BodiesAsync($"pod=find-0&from={Time(Now.AddMinutes(-2))}&to={Time(Now.AddMinutes(-1))}"));
        var line = (await fixture.OkAsync("/api/v1/logs?pod=find-0&q=broke", fixture.TeamA))["items"]![0]!;
        Assert.Equal(("team-a/web", "ERROR", 17, "find"), ((string)line["cluster"]!, (string)line["severity"]!, (int)line["severityNumber"]!, (string)line["service"]!));
        Assert.Equal("7", line["attributes"]!["n"]!.ToString());
        Assert.Equal("find-0", (string)line["resource"]!["k8s.pod.name"]!);
    }

    [Fact]
    public async Task Pages_hold_each_line_once_also_those_of_one_moment()
    {
        await LogsAsync("pages", [.. Enumerable.Range(0, 25).Select(n => (Now.AddSeconds(-n / 10), 9, $"line {n}"))]);
        var seen = new List<string>();
        var path = "/api/v1/logs?pod=pages-0&limit=4";
        for (string? next = ""; next is not null;)
        {
            var page = await fixture.OkAsync(path + (next.Length > 0 ? $"&continue={next}" : ""), fixture.TeamA);
            seen.AddRange(page["items"]!.AsArray().Select(item => (string)item!["body"]!));
            next = (string?)page["continue"];
        }
        Assert.Equal(Enumerable.Range(0, 25).Select(n => $"line {n}").Order(), seen.Order());
        var times = (await fixture.OkAsync("/api/v1/logs?pod=pages-0", fixture.TeamA))["items"]!.AsArray().Select(item => (DateTimeOffset)item!["time"]!).ToList();
        Assert.Equal(times.OrderDescending(), times);
    }

    [Fact]
    public async Task A_tenant_sees_nothing_of_others()
    {
        var trace = Convert.ToHexStringLower(Guid.NewGuid().ToByteArray());
        await LogsAsync("mine", (Now, 9, "mine"));
        await SendAsync("/v1/logs", LogRequest("theirs", [(Now, 9, "theirs")]), fixture.Host.DataToken.Text);
        await SpansAsync(trace, "shop", fixture.Host.WebToken.Text, ("1111111111111111", "", "GET /", 0, 900, 1));
        await SpansAsync(trace, "bank", fixture.Host.DataToken.Text, ("2222222222222222", "1111111111111111", "secret", 10, 100, 2));

        Assert.Equal(["mine"], await BodiesAsync("q=mine"));
        Assert.Empty(await BodiesAsync("q=theirs"));
        Assert.Single((await fixture.OkAsync("/api/v1/logs?q=theirs", fixture.Everything))["items"]!.AsArray());
        Assert.Equal(["GET /"], await SpanNamesAsync(trace, fixture.TeamA));
        Assert.Equal(["GET /", "secret"], await SpanNamesAsync(trace, fixture.Everything));
        var listed = (await fixture.OkAsync("/api/v1/traces?limit=200", fixture.TeamA))["items"]!.AsArray().Single(one => (string)one!["traceId"]! == trace)!;
        Assert.Equal((1L, 0L), ((long)listed["spans"]!, (long)listed["errors"]!));
        Assert.DoesNotContain((await fixture.OkAsync("/api/v1/traces?service=bank", fixture.TeamA))["items"]!.AsArray(), one => (string)one!["traceId"]! == trace);

        Assert.Equal(403, (await fixture.GetAsync("/api/v1/logs?cluster=team-b/data", fixture.TeamA)).Status);
        Assert.Equal(403, (await fixture.GetAsync($"/api/v1/traces/{trace}?cluster=team-b/data", fixture.TeamA)).Status);
        Assert.Equal(403, (await fixture.GetAsync("/api/v1/related?cluster=team-b/data", fixture.TeamA)).Status);
        foreach (var path in (string[])["/api/v1/logs", "/api/v1/traces", $"/api/v1/traces/{trace}", "/api/v1/related?cluster=team-a/web"])
        {
            Assert.Equal(403, (await fixture.GetAsync(path, fixture.Nobody)).Status);
            Assert.Equal(401, (await fixture.GetAsync(path, null)).Status);
        }
    }

    [Fact]
    public async Task Traces_are_there_once_with_their_root_length_and_errors()
    {
        var (first, second) = (Convert.ToHexStringLower(Guid.NewGuid().ToByteArray()), Convert.ToHexStringLower(Guid.NewGuid().ToByteArray()));
        await SpansAsync(first, "front", fixture.Host.WebToken.Text, ("aaaaaaaaaaaaaaaa", "", "GET /cart", 0, 800, 0), ("bbbbbbbbbbbbbbbb", "aaaaaaaaaaaaaaaa", "SELECT", 100, 200, 2));
        await SpansAsync(first, "back", fixture.Host.WebToken.Text, ("cccccccccccccccc", "aaaaaaaaaaaaaaaa", "pay", 300, 900, 0));
        await SpansAsync(second, "front", fixture.Host.WebToken.Text, ("dddddddddddddddd", "eeeeeeeeeeeeeeee", "late", 0, 5, 0));

        var trace = Assert.Single(await TracesAsync("service=back"));
        Assert.Equal((first, "GET /cart", "front", "team-a/web", 3L, 1L), ((string)trace["traceId"]!, (string)trace["root"]!, (string)trace["service"]!, (string)trace["cluster"]!, (long)trace["spans"]!, (long)trace["errors"]!));
        Assert.Equal(1.2, (double)trace["duration"]!, 6);
        Assert.Equal([first, second], (await TracesAsync("service=front")).Select(one => (string)one["traceId"]!).Order(Comparer<string>.Create((a, b) => a == first ? -1 : b == first ? 1 : 0)));
        Assert.Equal([first], (await TracesAsync("service=front&errors=true")).Select(one => (string)one["traceId"]!));
        Assert.Equal([first], (await TracesAsync("service=front&minDuration=500ms")).Select(one => (string)one["traceId"]!));
        Assert.Equal([second], (await TracesAsync("service=front&name=late")).Select(one => (string)one["traceId"]!));
        var page = await fixture.OkAsync("/api/v1/traces?service=front&limit=1", fixture.TeamA);
        var rest = await fixture.OkAsync($"/api/v1/traces?service=front&limit=1&continue={(string)page["continue"]!}", fixture.TeamA);
        Assert.Equal(new HashSet<string> { first, second }, page["items"]!.AsArray().Concat(rest["items"]!.AsArray()).Select(one => (string)one!["traceId"]!).ToHashSet());

        var spans = (await fixture.OkAsync($"/api/v1/traces/{first}", fixture.TeamA))["spans"]!.AsArray();
        Assert.Equal(["GET /cart", "SELECT", "pay"], spans.Select(span => (string)span!["name"]!));
        Assert.Equal(("aaaaaaaaaaaaaaaa", "error", 0.2), ((string)spans[1]!["parentSpanId"]!, (string)spans[1]!["status"]!, (double)spans[1]!["duration"]!));
        Assert.Equal(404, (await fixture.GetAsync($"/api/v1/traces/{new string('9', 32)}", fixture.TeamA)).Status);
    }

    [Fact]
    public async Task What_belongs_to_a_workload_is_found_with_the_events_of_its_cluster()
    {
        await SendAsync("/v1/logs", LogRequest("api", [(Now, 9, "of the deployment")], pod: "api-7c9d8b6f5-x2x4z"), fixture.Host.WebToken.Text);
        await SendAsync("/v1/logs", LogRequest("api", [(Now, 9, "of another")], pod: "api-v2-7c9d8b6f5-x2x4z"), fixture.Host.WebToken.Text);
        var uid = Guid.NewGuid();
        await fixture.Host.Service<EventStore>().SaveAsync(
            [new EventRow { Uid = uid, Namespace = "team-a", Kind = "ClusterDeployment", Name = "web", Type = "Warning", Reason = "Late", Message = "waits", FirstSeen = Now, LastSeen = Now }], CancellationToken.None);
        var path = $"/api/v1/related?cluster=team-a/web&namespace=prod&kind=Deployment&name=api&from={Time(Now.AddMinutes(-5))}&to={Time(Now.AddMinutes(1))}";
        var related = await fixture.OkAsync(path, fixture.Everything);
        Assert.Equal(["of the deployment"], related["logs"]!.AsArray().Select(line => (string)line!["body"]!));
        Assert.Contains(related["events"]!.AsArray(), one => (string)one!["uid"]! == uid.ToString());
        Assert.Equal(200, (await fixture.GetAsync((string)related["links"]!["logs"]!, fixture.TeamA)).Status);
        // Who may not list events is not told that there are none.
        Assert.False((await fixture.OkAsync(path, fixture.TeamA)).AsObject().ContainsKey("events"));
    }

    [Theory]
    [InlineData("/api/v1/logs?pods=x", "'pods' is not known here")]
    [InlineData("/api/v1/logs?limit=0", "limit must be")]
    [InlineData("/api/v1/logs?limit=1&limit=2", "given 2 times")]
    [InlineData("/api/v1/logs?from=yesterday", "from is no time")]
    [InlineData("/api/v1/logs?from=2026-11-01T00:00:00Z&to=2026-10-01T00:00:00Z", "from must be before to")]
    [InlineData("/api/v1/logs?from=2026-10-01T00:00:00Z&to=2026-11-01T00:00:00Z", "336 hours apart")]
    [InlineData("/api/v1/logs?q=x&from=2026-11-01T00:00:00Z&to=2026-11-03T00:00:00Z", "24 hours apart")]
    [InlineData("/api/v1/logs?continue=1.2", "continue must be")]
    [InlineData("/api/v1/logs?severity=loud", "severity is one of")]
    [InlineData("/api/v1/logs?cluster=web", "namespace/name")]
    [InlineData("/api/v1/logs?traceId=12", "32 hexadecimal")]
    [InlineData("/api/v1/logs?q=%00", "zero character")]
    [InlineData("/api/v1/traces?minDuration=long", "minDuration")]
    [InlineData("/api/v1/traces/xyz", "32 hexadecimal")]
    [InlineData("/api/v1/related", "cluster is needed")]
    [InlineData("/api/v1/related?cluster=team-a/web&kind=Secret&namespace=a&name=b", "kind is")]
    public async Task What_cannot_be_asked_is_said(string path, string problem)
    {
        var (status, text) = await fixture.GetAsync(path, fixture.TeamA);
        Assert.True(status == 400, $"{status} {text}");
        Assert.Contains(problem, (string)JsonNode.Parse(text)!["detail"]!, StringComparison.Ordinal);
    }

    private async Task<IEnumerable<string>> BodiesAsync(string query) =>
        (await fixture.OkAsync($"/api/v1/logs?{query}", fixture.TeamA))["items"]!.AsArray().Select(item => (string)item!["body"]!);

    private async Task<IReadOnlyList<JsonNode>> TracesAsync(string query) => [.. (await fixture.OkAsync($"/api/v1/traces?{query}", fixture.TeamA))["items"]!.AsArray().Select(item => item!)];

    private async Task<IEnumerable<string>> SpanNamesAsync(string trace, string token) =>
        (await fixture.OkAsync($"/api/v1/traces/{trace}", token))["spans"]!.AsArray().Select(span => (string)span!["name"]!);

    private Task LogsAsync(string service, params (DateTimeOffset Time, int Severity, string Body)[] lines) => SendAsync("/v1/logs", LogRequest(service, lines), fixture.Host.WebToken.Text);

    private Task SpansAsync(string trace, string service, string token, params (string Id, string Parent, string Name, int Start, int Length, int Status)[] spans) => SendAsync(
        "/v1/traces",
        new JsonObject
        {
            ["resourceSpans"] = new JsonArray(new JsonObject
            {
                ["resource"] = Resource(service, $"{service}-0"),
                ["scopeSpans"] = new JsonArray(new JsonObject
                {
                    ["spans"] = new JsonArray([.. spans.Select(span => new JsonObject
                    {
                        ["traceId"] = trace, ["spanId"] = span.Id, ["parentSpanId"] = span.Parent, ["name"] = span.Name, ["kind"] = 2, ["status"] = new JsonObject { ["code"] = span.Status },
                        ["startTimeUnixNano"] = Nano(Now.AddMilliseconds(span.Start)), ["endTimeUnixNano"] = Nano(Now.AddMilliseconds(span.Start + span.Length)),
                    })]),
                }),
            }),
        },
        token);

    private async Task SendAsync(string path, JsonObject body, string token)
    {
        using var response = await fixture.Host.SendAsync(path, Encoding.UTF8.GetBytes(body.ToJsonString()), "application/json", token: token);
        Assert.Equal("{ }", await response.Content.ReadAsStringAsync());
    }

    private static JsonObject LogRequest(string service, IEnumerable<(DateTimeOffset Time, int Severity, string Body)> lines, string? pod = null) => new()
    {
        ["resourceLogs"] = new JsonArray(new JsonObject
        {
            ["resource"] = Resource(service, pod ?? $"{service}-0"),
            ["scopeLogs"] = new JsonArray(new JsonObject
            {
                ["logRecords"] = new JsonArray([.. lines.Select(line => new JsonObject
                {
                    ["timeUnixNano"] = Nano(line.Time), ["severityNumber"] = line.Severity, ["body"] = new JsonObject { ["stringValue"] = line.Body },
                    ["attributes"] = new JsonArray(new JsonObject { ["key"] = "n", ["value"] = new JsonObject { ["intValue"] = "7" } }),
                })]),
            }),
        }),
    };

    private static JsonObject Resource(string service, string pod) => new()
    {
        ["attributes"] = new JsonArray([.. new (string Key, string Value)[] { ("service.name", service), ("k8s.namespace.name", "prod"), ("k8s.pod.name", pod) }
            .Select(one => new JsonObject { ["key"] = one.Key, ["value"] = new JsonObject { ["stringValue"] = one.Value } })]),
    };

    private static string Nano(DateTimeOffset time) => ((time - DateTimeOffset.UnixEpoch).Ticks * 100).ToString(CultureInfo.InvariantCulture);

    private static string Time(DateTimeOffset time) => time.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static DateTimeOffset Truncated(DateTimeOffset time) => time.AddTicks(-(time.Ticks % TimeSpan.TicksPerMillisecond));
}
