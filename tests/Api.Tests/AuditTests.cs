using System.Net;
using System.Text.Json.Nodes;
using Fleet.Testing.Servers;

namespace Fleet.Api.Tests;

/// <summary>The audit in a real PostgreSQL.</summary>
public sealed class AuditTests
{
    [Theory, InlineData("embedded"), InlineData("kube-apiserver")]
    public async Task Every_call_is_known_with_who_what_and_how_it_ended(string server)
    {
        await using var host = await ApiHost.StartAsync(server, audit: new() { Database = await (await PrivatePostgres.SharedAsync()).NewDatabaseAsync() });
        await host.ClusterAsync("a");
        var writer = await host.CallerAsync("writer", Rules.ChangeClusters);
        var path = $"/clusters/{host.Namespace}/a";
        using var changed = await writer.PatchAsync(path, """{"spec":{"config":{"workers":3}}}""", ("If-Match", "*"));
        using var same = await writer.PatchAsync(path, """{"spec":{"config":{"workers":3}}}""", ("If-Match", "*"));
        using var stale = await writer.PatchAsync(path, """{"spec":{"config":{"workers":4}}}""", ("If-Match", "\"1\""));
        using var rejected = await writer.PatchAsync(path, """{"spec":{"template":""}}""", ("If-Match", "*"));
        using var forbidden = await writer.AskAsync("/provider-templates");
        await writer.OkAsync(path);
        await host.Caller("nonsense").AskAsync(path);

        var auditor = await host.CallerAsync("auditor", Rules.ReadAudit);
        await (await auditor.AskAsync("/audit")).ProblemAsync(403, "forbidden");
        await (await writer.AskAsync($"/audit?namespace={host.Namespace}")).ProblemAsync(403, "forbidden");
        // Writes are there before their answers; reads a moment later.
        var writes = (await auditor.OkAsync($"/audit?namespace={host.Namespace}&name=a&verb=patch"))["items"]!.AsArray();
        JsonNode Of(HttpResponseMessage response) => Assert.Single(writes, entry => (string?)entry!["requestId"] == response.Headers.GetValues("X-Request-Id").Single())!;
        var entry = Of(changed);
        Assert.Equal($"system:serviceaccount:{host.Namespace}:writer", (string?)entry["user"]);
        Assert.Contains("system:authenticated", entry["groups"]!.AsArray().Select(group => (string?)group));
        Assert.NotEmpty((string?)entry["uid"] ?? "");
        Assert.Equal("127.0.0.1", ((string?)entry["from"])!.Replace("::ffff:", "", StringComparison.Ordinal));
        Assert.Equal(("clusterdeployments", "Succeeded", 200), ((string?)entry["resource"], (string?)entry["outcome"], (int?)entry["status"]));
        Assert.Equal(64, ((string?)entry["before"])!.Length);
        Assert.NotEqual((string?)entry["before"], (string?)entry["after"]);
        // A write that changes nothing has the same hash before and after, which is the one after the first.
        Assert.Equal((string?)entry["after"], (string?)Of(same)["before"]);
        Assert.Equal((string?)Of(same)["before"], (string?)Of(same)["after"]);
        Assert.Equal(("Failed", 422), ((string?)Of(rejected)["outcome"], (int?)Of(rejected)["status"]));
        Assert.Null(Of(rejected)["after"]);

        var admin = await host.AdminAsync();
        await Wait.UntilAsync(async () => Has(await admin.OkAsync("/audit?limit=1000"), stale, "Failed", 412), "the stale write is in the audit");
        await Wait.UntilAsync(async () => Has(await admin.OkAsync("/audit?outcome=Refused&resource=providertemplates"), forbidden, "Refused", 403), "the refusal is in the audit");
        await Wait.UntilAsync(async () => (await admin.OkAsync("/audit?outcome=Refused&limit=1000"))["items"]!.AsArray().Any(e => (string?)e!["user"] == "" && (int?)e["status"] == 401), "the unknown caller is in the audit");
        await Wait.UntilAsync(async () => (await admin.OkAsync($"/audit?verb=get&name=a&user=system%3Aserviceaccount%3A{host.Namespace}%3Awriter"))["items"]!.AsArray().Count > 0, "the read is in the audit");
    }

    [Fact]
    public async Task Pages_go_back_in_time_without_gap_or_repetition()
    {
        await using var host = await ApiHost.StartAsync("embedded", audit: new() { Database = await (await PrivatePostgres.SharedAsync()).NewDatabaseAsync() });
        await host.ClusterAsync("a");
        var admin = await host.AdminAsync();
        for (var i = 0; i < 7; i++)
            Assert.Equal(HttpStatusCode.OK, (await admin.PatchAsync($"/clusters/{host.Namespace}/a", $"{{\"spec\":{{\"config\":{{\"i\":{i}}}}}}}", ("If-Match", "*"))).StatusCode);
        var filter = $"/audit?verb=patch&namespace={host.Namespace}";
        var all = Ids(await admin.OkAsync(filter));
        Assert.Equal(7, all.Length);
        List<string> seen = [];
        string? token = null;
        do
        {
            var page = await admin.OkAsync($"{filter}&limit=3{(token is null ? "" : "&continue=" + token)}");
            seen.AddRange(Ids(page));
            token = (string?)page["continue"];
        }
        while (token is not null);
        Assert.Equal(all, seen);
        Assert.Empty(Ids(await admin.OkAsync($"{filter}&until=2020-01-01T00:00:00Z")));
        var problem = await (await admin.AskAsync("/audit?since=yesterday&limit=0&outcome=Lost&colour=red")).ProblemAsync(400, "invalid-request");
        Assert.Equal(["?colour", "?limit", "?outcome", "?since"], problem.Fields().Order());
    }

    [Fact]
    public async Task Without_the_database_writes_are_refused_and_reads_go_on_and_are_caught_up()
    {
        await using var postgres = await PrivatePostgres.StartAsync();
        await using var host = await ApiHost.StartAsync("embedded", audit: new() { Database = await postgres.NewDatabaseAsync(), Pause = TimeSpan.FromMilliseconds(100) });
        var cluster = await host.ClusterAsync("a");
        var admin = await host.AdminAsync();
        var path = $"/clusters/{host.Namespace}/a";
        const string Patch = """{"spec":{"config":{"workers":3}}}""";
        await admin.OkAsync(path);
        await postgres.KillAsync();
        using (var refused = await admin.PatchAsync(path, Patch, ("If-Match", "*")))
        {
            await refused.ProblemAsync(503, "audit-unavailable");
            Assert.NotNull(refused.Headers.RetryAfter);
        }

        await (await admin.PostAsync($"{path}/kubeconfig", """{"role":"view"}""")).ProblemAsync(503, "audit-unavailable");
        using var read = await admin.AskAsync(path);
        Assert.Equal(HttpStatusCode.OK, read.StatusCode);
        Assert.Equal(cluster.Metadata.ResourceVersion, (string?)JsonNode.Parse(await read.Content.ReadAsStringAsync())!["resourceVersion"]);
        await (await admin.AskAsync("/audit")).ProblemAsync(503, "audit-unavailable");
        await postgres.StartServerAsync();
        await Wait.UntilAsync(async () => (await admin.PatchAsync(path, Patch, ("If-Match", "*"))).StatusCode == HttpStatusCode.OK, "writes work again");
        await Wait.UntilAsync(async () => Has(await admin.OkAsync("/audit?limit=1000"), read, "Succeeded", 200), "the read of the bad time is in the audit");
    }

    private static bool Has(JsonNode page, HttpResponseMessage response, string outcome, int status) => page["items"]!.AsArray().Any(entry =>
        (string?)entry!["requestId"] == response.Headers.GetValues("X-Request-Id").Single() && (string?)entry["outcome"] == outcome && (int?)entry["status"] == status);

    private static string[] Ids(JsonNode page) => [.. page["items"]!.AsArray().Select(entry => (string)entry!["requestId"]!)];
}
