using System.Text.Json.Nodes;
using Fleet.StateManager.Compliance;
using Fleet.StateManager.Compliance.Findings;
using Fleet.StateManager.Compliance.Storage;
using Fleet.Testing.ApiServers;
using Fleet.Testing.Servers;

namespace Fleet.Api.Tests.Services;

/// <summary>The compliance report over REST: pages, filters, and who may see what. The clusters are not there: the figures are their last ones.</summary>
public sealed class ComplianceApiTests
{
    private const string GetOne = "{apiGroups: [k0rdent.mirantis.com], resources: [clusterdeployments], resourceNames: [web], verbs: [get]}";

    public static TheoryData<string> Servers => [.. ApiServers.Names];

    [Theory, MemberData(nameof(Servers))]
    public async Task Whoever_may_see_a_cluster_sees_its_report(string server)
    {
        await using var host = await HostAsync(server);
        var elsewhere = await host.NewNamespaceAsync();
        await host.ClusterAsync("far", elsewhere);
        await SaveAsync(host, elsewhere, "far", ("labels", "shop", 9));
        var path = $"/compliance/clusters/{host.Namespace}/web/findings";
        await (await host.Caller(null).AskAsync("/compliance")).ProblemAsync(401, "unauthenticated");
        var stranger = await host.CallerAsync("stranger");
        foreach (var list in (string[])["/compliance", "/compliance/clusters", "/compliance/trend"])
            await (await stranger.AskAsync($"{list}?namespace={host.Namespace}")).ProblemAsync(403, "forbidden");
        await (await stranger.AskAsync(path)).ProblemAsync(403, "forbidden");
        // Not even whether it exists.
        await (await stranger.AskAsync($"/compliance/clusters/{host.Namespace}/none/findings")).ProblemAsync(403, "forbidden");
        // Everything that the stranger may see, which is nothing.
        var nothing = await stranger.OkAsync("/compliance");
        Assert.Empty(nothing["items"]!.AsArray());
        Assert.True((bool)nothing["limitedByAccess"]!);

        var one = await host.CallerAsync("one", GetOne);
        Assert.Equal(5, (await one.OkAsync(path))["items"]!.AsArray().Count);
        Assert.Equal(["web"], Clusters(await one.OkAsync($"/compliance/clusters?namespace={host.Namespace}&cluster=web")));
        Assert.Equal(5, Fail(await one.OkAsync($"/compliance/trend?namespace={host.Namespace}&cluster=web")));
        await (await one.AskAsync($"/compliance?namespace={host.Namespace}&cluster=back")).ProblemAsync(403, "forbidden");

        var reader = await host.CallerAsync("reader", Rules.ReadClusters);
        var all = await reader.OkAsync("/compliance/clusters");
        Assert.Equal(["back", "web"], Clusters(all));
        Assert.True((bool)all["limitedByAccess"]!);
        Assert.Equal(7, Fail(await reader.OkAsync("/compliance/trend")));
        await (await reader.AskAsync($"/compliance/clusters/{host.Namespace}/none/findings")).ProblemAsync(404, "not-found");
    }

    [Fact]
    public async Task Pages_and_filters()
    {
        await using var host = await HostAsync("embedded");
        var admin = await host.AdminAsync();
        var all = $"/compliance?namespace={host.Namespace}";
        var seen = new List<string>();
        var page = await admin.OkAsync($"{all}&limit=2");
        while (true)
        {
            seen.AddRange(Rows(page));
            if ((string?)page["continue"] is not { } next)
                break;
            page = await admin.OkAsync($"{all}&limit=2&continue={next}");
        }
        Assert.Equal(["back labels shop 2", "web labels ops 1", "web labels shop 3", "web tags shop 1"], seen);
        Assert.Equal(["web labels ops 1", "web labels shop 3"], Rows(await admin.OkAsync($"{all}&cluster=web&policy=labels")));
        Assert.Equal(["back labels shop 2", "web labels shop 3", "web tags shop 1"], Rows(await admin.OkAsync($"{all}&targetNamespace=shop")));
        Assert.Empty(Rows(await admin.OkAsync($"{all}&result=warn,pass")));
        Assert.Equal(4, Rows(await admin.OkAsync($"{all}&result=warn,fail")).Length);

        var clusters = await admin.OkAsync($"/compliance/clusters?namespace={host.Namespace}&limit=1&policy=tags");
        Assert.Equal(("back", 0, 0), (Clusters(clusters).Single(), (int)clusters["items"]![0]!["fail"]!, (int)clusters["items"]![0]!["policies"]!));
        clusters = await admin.OkAsync($"/compliance/clusters?namespace={host.Namespace}&limit=1&policy=tags&continue={clusters["continue"]}");
        Assert.Equal(("web", 1, 1), (Clusters(clusters).Single(), (int)clusters["items"]![0]!["fail"]!, (int)clusters["items"]![0]!["policies"]!));
        Assert.Null(clusters["continue"]);
        // The cluster cannot be reached, and its figures say so.
        Assert.True((bool)clusters["items"]![0]!["stale"]!);

        var findings = $"/compliance/clusters/{host.Namespace}/web/findings";
        Assert.Equal(["x0", "x1"], Named(await admin.OkAsync($"{findings}?policy=labels&targetNamespace=shop&limit=2")));
        Assert.Equal(5, Named(await admin.OkAsync($"{findings}?result=fail,warn")).Length);
        Assert.Empty(Named(await admin.OkAsync($"{findings}?severity=high")));
        Assert.Empty(Named(await admin.OkAsync($"{findings}?result=excepted")));

        await (await admin.AskAsync($"{all}&cluster=web&continue={(await admin.OkAsync($"{all}&limit=1"))["continue"]}")).ProblemAsync(400, "invalid-request");
        Assert.Equal(["?result", "?days"], (await (await admin.AskAsync("/compliance/trend?result=fail&days=400")).ProblemAsync(400, "invalid-request")).Fields());
        await (await admin.AskAsync($"{findings}?result=pass")).ProblemAsync(400, "invalid-request");
        await (await admin.AskAsync("/compliance?namespace=No_Name")).ProblemAsync(400, "invalid-request");
    }

    [Fact]
    public async Task Without_a_database_it_says_where_the_report_goes()
    {
        await using var host = await ApiHost.WithServicesAsync(await ApiServers.SharedAsync("embedded"));
        var admin = await host.AdminAsync();
        foreach (var path in (string[])["/compliance", "/compliance/clusters", "/compliance/trend", $"/compliance/clusters/{host.Namespace}/web/findings"])
            await (await admin.AskAsync(path)).ProblemAsync(503, "history-unavailable");
        await (await (await host.CallerAsync("stranger")).AskAsync($"/compliance?namespace={host.Namespace}")).ProblemAsync(403, "forbidden");
    }

    /// <summary>Two clusters with figures, as an earlier process has left them.</summary>
    private static async Task<ApiHost> HostAsync(string server)
    {
        var host = await ApiHost.WithServicesAsync(await ApiServers.SharedAsync(server), compliance: await (await PrivatePostgres.SharedAsync()).NewDatabaseAsync());
        await host.ClusterAsync("web");
        await host.ClusterAsync("back");
        await SaveAsync(host, host.Namespace, "web", ("labels", "shop", 3), ("labels", "ops", 1), ("tags", "shop", 1));
        await SaveAsync(host, host.Namespace, "back", ("labels", "shop", 2));
        return host;
    }

    private static Task SaveAsync(ApiHost host, string @namespace, string cluster, params (string Policy, string Namespace, int Fail)[] rows)
    {
        var gathered = new FindingGathering();
        foreach (var (policy, target, fail) in rows)
            for (var i = 0; i < fail; i++)
                gathered.Add(new Finding { Key = new("kyverno", policy, target), Result = FindingResult.Fail, Kind = "Pod", Name = $"x{i}" });
        return host.Service<IComplianceStore>().SaveAsync(
            new(new(@namespace, cluster), TimeProvider.System.GetUtcNow().AddHours(-1), null), null, ClusterCompliance.Of(ClusterFindings.Of([], [gathered.Result()]), []), CancellationToken.None);
    }

    private static string[] Rows(JsonNode page) => [.. page["items"]!.AsArray().Select(r => $"{r!["cluster"]} {r["policy"]} {r["targetNamespace"]} {r["fail"]}")];

    private static string[] Clusters(JsonNode page) => [.. page["items"]!.AsArray().Select(r => (string)r!["cluster"]!)];

    private static string[] Named(JsonNode page) => [.. page["items"]!.AsArray().Select(r => (string)r!["name"]!)];

    private static int Fail(JsonNode trend) => (int)trend["days"]!.AsArray()[^1]!["fail"]!;
}
