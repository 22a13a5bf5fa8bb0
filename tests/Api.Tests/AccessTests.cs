using System.Net;

namespace Fleet.Api.Tests;

/// <summary>Who may do what, by tokens and RBAC of both API servers.</summary>
public sealed class AccessTests
{
    public static TheoryData<string> Servers => [.. Testing.ApiServers.ApiServers.Names];

    [Theory, MemberData(nameof(Servers))]
    public async Task Nobody_gets_in_without_a_token_that_the_management_api_knows(string server)
    {
        await using var host = await ApiHost.StartAsync(server);
        foreach (var token in (string?[])[null, "", "nonsense", "a.b.c", new string('x', 20_000)])
            foreach (var path in (string[])["/clusters", $"/clusters/{host.Namespace}/a", "/credentials", "/audit", "/watch?kinds=clusters", "/nothing"])
            {
                using var response = await host.Caller(token is "" ? null : token).AskAsync(path);
                await response.ProblemAsync(401, "unauthenticated");
                Assert.Equal("Bearer", response.Headers.WwwAuthenticate.Single().Scheme);
            }
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task A_known_caller_without_rights_is_refused_each_call_and_never_told_what_exists(string server)
    {
        await using var host = await ApiHost.StartAsync(server);
        await host.ClusterAsync("there");
        var stranger = await host.CallerAsync("stranger");
        (HttpMethod Method, string Path, string? Body)[] calls =
        [
            (HttpMethod.Get, $"/clusters?namespace={host.Namespace}", null),
            (HttpMethod.Get, $"/clusters/{host.Namespace}/there", null),
            (HttpMethod.Get, $"/clusters/{host.Namespace}/absent", null),
            (HttpMethod.Get, $"/clusters/{host.Namespace}/there/nodes", null),
            (HttpMethod.Get, $"/clusters/{host.Namespace}/there/machines", null),
            (HttpMethod.Get, $"/clusters/{host.Namespace}/there/events", null),
            (HttpMethod.Get, $"/clusters/{host.Namespace}/there/upgrades", null),
            (HttpMethod.Post, $"/clusters/{host.Namespace}/there/kubeconfig", """{"role":"view"}"""),
            (HttpMethod.Post, $"/clusters/{host.Namespace}/there/kubeconfig", """{"admin":true}"""),
            (HttpMethod.Post, $"/clusters/{host.Namespace}/there/actions/upgrade", """{"template":"x"}"""),
            (HttpMethod.Get, $"/cluster-templates?namespace={host.Namespace}", null),
            (HttpMethod.Get, "/provider-templates", null),
            (HttpMethod.Get, $"/credentials/{host.Namespace}/x", null),
            (HttpMethod.Post, $"/credentials/{host.Namespace}/x/actions/rotate", null),
            (HttpMethod.Get, "/audit", null),
            (HttpMethod.Get, $"/watch?kinds=clusters&namespace={host.Namespace}", null),
            (HttpMethod.Get, "/watch?kinds=provider-templates", null),
        ];
        foreach (var (method, path, body) in calls)
        {
            using var response = await stranger.SendAsync(method, path, body, [("If-Match", "*")]);
            var problem = await response.ProblemAsync(403, "forbidden");
            Assert.Contains("stranger may not", (string?)problem["detail"], StringComparison.Ordinal);
        }
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task A_list_of_all_namespaces_holds_those_in_which_the_caller_may_list(string server)
    {
        await using var host = await ApiHost.StartAsync(server);
        var other = await host.NewNamespaceAsync();
        await host.ClusterAsync("mine");
        await host.ClusterAsync("theirs", other);
        var caller = await host.CallerAsync("reader", Rules.ReadClusters);
        var page = await caller.OkAsync("/clusters?limit=500");
        Assert.Equal(["mine"], page.Names());
        Assert.True((bool?)page["limitedByAccess"]);

        Assert.Equal(HttpStatusCode.OK, (await caller.AskAsync($"/clusters/{host.Namespace}/mine")).StatusCode);
        await (await caller.AskAsync($"/clusters/{other}/theirs")).ProblemAsync(403, "forbidden");
        await (await caller.AskAsync($"/clusters?namespace={other}")).ProblemAsync(403, "forbidden");
        // Reading is not changing.
        await (await caller.PatchAsync($"/clusters/{host.Namespace}/mine", """{"spec":{"dryRun":true}}""", ("If-Match", "*"))).ProblemAsync(403, "forbidden");

        var everything = await (await host.AdminAsync()).OkAsync("/clusters?limit=500");
        Assert.Superset(new HashSet<string>(["mine", "theirs"]), everything.Names().ToHashSet());
        Assert.NotEqual(true, (bool?)everything["limitedByAccess"]);
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task A_right_that_is_taken_away_ends_writes_at_once(string server)
    {
        await using var host = await ApiHost.StartAsync(server);
        await host.ClusterAsync("a");
        var caller = await host.CallerAsync("writer", Rules.ChangeClusters);
        var path = $"/clusters/{host.Namespace}/a";
        var patch = """{"metadata":{"labels":{"seen":"yes"}}}""";
        using (var first = await caller.PatchAsync(path, patch, ("If-Match", "*")))
            Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        await host.GrantAsync("writer", [Rules.ReadClusters]);
        // The server itself may take a moment to know its new rules.
        await Wait.UntilAsync(async () => (await caller.PatchAsync(path, patch, ("If-Match", "*"))).StatusCode == HttpStatusCode.Forbidden, "the write is refused", seconds: 5);
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task No_cookie_and_no_foreign_origin_help(string server)
    {
        await using var host = await ApiHost.StartAsync(server);
        var token = await host.TokenAsync("reader", Rules.ReadClusters);
        using (var response = await host.Caller(null).AskAsync("/clusters", ("Cookie", $"token={token}"), ("Origin", "https://elsewhere.example")))
            await response.ProblemAsync(401, "unauthenticated");
        using (var response = await host.Caller(token).AskAsync("/clusters", ("Origin", "https://elsewhere.example")))
        {
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.DoesNotContain(response.Headers, header => header.Key.StartsWith("Access-Control", StringComparison.OrdinalIgnoreCase) || header.Key == "Set-Cookie");
            Assert.Equal("Authorization", response.Headers.Vary.Single());
        }
    }
}
