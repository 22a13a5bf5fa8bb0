using System.Net;
using System.Text.Json.Nodes;

namespace Fleet.Api.Tests;

/// <summary>Lists: pages of one snapshot, filters, ETags.</summary>
public sealed class ListTests
{
    public static TheoryData<string> Servers => [.. Testing.ApiServers.ApiServers.Names];

    [Theory, MemberData(nameof(Servers))]
    public async Task Pages_are_of_one_snapshot_whatever_changes_meanwhile(string server)
    {
        await using var host = await ApiHost.StartAsync(server);
        var caller = await host.CallerAsync("reader", Rules.ReadClusters);
        for (var i = 0; i < 10; i++)
            await host.ClusterAsync($"c{i}");
        var list = $"/clusters?namespace={host.Namespace}&limit=3";
        var first = await caller.OkAsync(list);
        await host.ClusterAsync("c00");
        await host.ClusterAsync("d1");
        await host.Client.Dynamic(Control.Kinds.FleetKinds.ClusterDeployments.Kind).DeleteAsync(new(host.Namespace, "c7"), Kubernetes.Resources.DeleteOptions.Background, default);
        List<string> names = [.. first.Names()];
        var page = first;
        var pages = 1;
        while ((string?)page["continue"] is { } token)
        {
            page = await caller.OkAsync($"{list}&continue={token}");
            Assert.InRange(page.Names().Length, 0, 3);
            Assert.Equal((string?)first["resourceVersion"], (string?)page["resourceVersion"]);
            names.AddRange(page.Names());
            pages++;
        }

        Assert.Equal(Enumerable.Range(0, 10).Select(i => $"c{i}"), names);
        Assert.Equal(4, pages);
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task A_token_goes_with_its_own_query_only(string server)
    {
        await using var host = await ApiHost.StartAsync(server);
        var caller = await host.CallerAsync("reader", Rules.ReadClusters);
        for (var i = 0; i < 3; i++)
            await host.ClusterAsync($"c{i}");
        var list = $"/clusters?namespace={host.Namespace}&limit=1";
        var token = (string)(await caller.OkAsync(list))["continue"]!;
        foreach (var path in (string[])[$"{list}&q=c&continue={token}", $"/clusters?limit=1&continue={token}", $"{list}&continue={token[..^4]}", $"{list}&continue=%00", $"{list}&continue=bm8"])
            Assert.Equal(["?continue"], (await (await caller.AskAsync(path)).ProblemAsync(400, "invalid-request")).Fields());
        // The token grants nothing to others.
        var stranger = await host.CallerAsync("stranger");
        await (await stranger.AskAsync($"{list}&continue={token}")).ProblemAsync(403, "forbidden");
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task Filters_are_combined(string server)
    {
        await using var host = await ApiHost.StartAsync(server);
        var caller = await host.CallerAsync("reader", Rules.ReadClusters);
        var ready = await host.ClusterAsync("web-1", labels: "env: prod", template: "aws-1-0-0", credential: "aws");
        await host.StatusAsync(ready, Ready("True", "Succeeded", "Object is ready"));
        var failed = await host.ClusterAsync("web-2", labels: "env: prod", template: "azure-1-0-0");
        await host.StatusAsync(failed, Ready("False", "Failed", "quota is used up"));
        await host.ClusterAsync("db", labels: "env: test", template: "aws-1-0-0");
        async Task<string[]> Names(string filter) => (await caller.OkAsync($"/clusters?namespace={host.Namespace}&{filter}")).Names();
        Assert.Equal(["db", "web-1", "web-2"], await Names(""));
        Assert.Equal(["web-1"], await Names("ready=true"));
        Assert.Equal(["db", "web-2"], await Names("ready=false"));
        Assert.Equal(["db", "web-1"], await Names("template=aws-1-0-0"));
        Assert.Equal(["web-1"], await Names("credential=aws"));
        Assert.Equal(["web-1", "web-2"], await Names("labelSelector=env%3Dprod"));
        Assert.Equal(["db"], await Names("labelSelector=env%21%3Dprod"));
        Assert.Equal(["web-2"], await Names("q=QUOTA"));
        Assert.Equal(["db", "web-2"], await Names("phase=Failed,Pending"));
        Assert.Equal(["web-1"], await Names("ready=true&template=aws-1-0-0&labelSelector=env%3Dprod&q=web"));
        Assert.Empty(await Names("ready=true&template=azure-1-0-0"));
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task A_page_that_is_known_is_not_sent_again_and_any_change_makes_it_new(string server)
    {
        await using var host = await ApiHost.StartAsync(server);
        var caller = await host.CallerAsync("reader", Rules.ReadClusters);
        var cluster = await host.ClusterAsync("a");
        var list = $"/clusters?namespace={host.Namespace}";
        using var first = await caller.AskAsync(list);
        var etag = first.Headers.ETag!.ToString();
        Assert.Equal(HttpStatusCode.NotModified, (await caller.AskAsync(list, ("If-None-Match", etag))).StatusCode);
        // Something else in the management API is no change of this list.
        await host.NewNamespaceAsync();
        Assert.Equal(HttpStatusCode.NotModified, (await caller.AskAsync(list, ("If-None-Match", $"\"other\", {etag}"))).StatusCode);
        await host.StatusAsync(cluster, Ready("True", "Succeeded", "Object is ready"));
        Assert.Equal(HttpStatusCode.OK, (await caller.AskAsync(list, ("If-None-Match", etag))).StatusCode);

        using var one = await caller.AskAsync($"/clusters/{host.Namespace}/a");
        Assert.False(one.Headers.ETag!.IsWeak);
        Assert.Equal($"\"{(string?)JsonNode.Parse(await one.Content.ReadAsStringAsync())!["resourceVersion"]}\"", one.Headers.ETag.Tag);
        using var again = await caller.AskAsync($"/clusters/{host.Namespace}/a", ("If-None-Match", one.Headers.ETag.Tag));
        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
        Assert.Empty(await again.Content.ReadAsByteArrayAsync());
    }

    internal static JsonObject Ready(string status, string reason, string message) => new()
    {
        ["conditions"] = new JsonArray(new JsonObject
        {
            ["type"] = "Ready", ["status"] = status, ["reason"] = reason, ["message"] = message, ["lastTransitionTime"] = "2026-11-21T12:00:00Z",
        }),
    };
}
