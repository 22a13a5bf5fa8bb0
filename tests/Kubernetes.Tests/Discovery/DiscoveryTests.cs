using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Kubernetes.Tests.Scripted;
using Fleet.Testing.Time;
using Microsoft.AspNetCore.Http;

namespace Fleet.Kubernetes.Tests.Discovery;

public sealed class DiscoveryTests
{
    private const string Core = """{"kind":"APIResourceList","resources":[{"name":"pods","singularName":"","namespaced":true,"kind":"Pod","verbs":["get"],"shortNames":["po"]},{"name":"pods/status","namespaced":true,"kind":"Pod","verbs":["get"]},{"name":"events","namespaced":true,"kind":"Event","shortNames":["ev"]}]}""";
    private const string Things = """{"kind":"APIResourceList","resources":[{"name":"things","singularName":"thing","namespaced":true,"kind":"Thing","shortNames":["th","po"]},{"name":"events","namespaced":true,"kind":"Event"}]}""";

    private static readonly CancellationToken None = TestContext.Current.CancellationToken;

    private static Func<HttpContext, Task> PerGroup(string things = Things) => c => (c.Request.Path.Value switch
    {
        "/api" => Answer.Json("""{"kind":"APIVersions","versions":["v1"]}"""),
        "/apis" => Answer.Json("""{"kind":"APIGroupList","groups":[{"name":"g.test","versions":[{"version":"v1alpha1"},{"version":"v1"}],"preferredVersion":{"version":"v1"}},{"name":"broken.test","versions":[{"version":"v1"}]}]}"""),
        "/api/v1" => Answer.Json(Core),
        "/apis/g.test/v1" or "/apis/g.test/v1alpha1" => Answer.Json(things),
        _ => Answer.Status(503, "ServiceUnavailable"),
    })(c);

    [Fact]
    public async Task Groups_are_read_one_by_one_where_the_server_is_old_and_a_broken_one_hides_nothing()
    {
        await using var server = await ScriptedServer.StartAsync(PerGroup());
        using var client = server.Client(new() { ReadRetries = 0 });
        Assert.Equal(new ResourceKind("g.test", "v1", "Thing", "things", true), await client.FindKindAsync(new("g.test", "v1", "Thing"), None));
        Assert.Equal("v1alpha1", (await client.FindKindAsync(new("g.test", "v1alpha1", "Thing"), None))?.Version);
        Assert.Equal("v1", (await client.Discovery.FindByWordAsync("TH", None))?.Kind.Version);
        Assert.Equal("v1alpha1", (await client.Discovery.FindByWordAsync("things.v1alpha1.g.test", None))?.Kind.Version);
        Assert.Equal("Pod", (await client.Discovery.FindByWordAsync("po", None))?.Kind.Kind);
        Assert.Equal("", (await client.Discovery.FindByWordAsync("events", None))?.Kind.Group);
        Assert.Equal("g.test", (await client.Discovery.FindByWordAsync("events.g.test", None))?.Kind.Group);
        Assert.Equal(["status"], (await client.Discovery.FindByWordAsync("pod", None))!.Subresources);
        Assert.Equal(6, server.Requests.Count);
    }

    [Fact]
    public async Task Aggregated_discovery_takes_two_calls()
    {
        await using var server = await ScriptedServer.StartAsync(c => Answer.Json(c.Request.Path == "/api"
            ? """{"kind":"APIGroupDiscoveryList","items":[{"metadata":{},"versions":[{"version":"v1","resources":[{"resource":"pods","responseKind":{"group":"","version":"v1","kind":"Pod"},"scope":"Namespaced","singularResource":"pod","shortNames":["po"],"subresources":[{"subresource":"log"}]}]}]}]}"""
            : """{"kind":"APIGroupDiscoveryList","items":[{"metadata":{"name":"g.test"},"versions":[{"version":"v1","resources":[{"resource":"things","responseKind":{"kind":"Thing"},"scope":"Cluster"}]}]}]}""")(c));
        using var client = server.Client();
        Assert.Equal(new ResourceKind("g.test", "v1", "Thing", "things", false), await client.FindKindAsync(new("g.test", "v1", "Thing"), None));
        Assert.Equal(["log"], (await client.Discovery.FindByWordAsync("po", None))!.Subresources);
        Assert.Equal(2, server.Requests.Count);
        Assert.Contains("as=APIGroupDiscoveryList", server.Requests.First().Headers["Accept"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_kind_causes_no_storm_and_is_found_once_it_is_there()
    {
        var clock = new ManualTimeProvider();
        var things = """{"resources":[]}""";
        await using var server = await ScriptedServer.StartAsync(c => PerGroup(things)(c));
        using var client = server.Client(new() { ReadRetries = 0, Clock = clock, Timeout = TimeSpan.FromHours(1) });
        Task<ResourceKind?> Find() => client.FindKindAsync(new("g.test", "v1", "Thing"), None);
        for (var i = 0; i < 50; i++)
            Assert.Null(await Find());
        Assert.Equal(6, server.Requests.Count);
        things = Things;
        clock.Advance(TimeSpan.FromSeconds(6));
        var found = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Find()));
        Assert.All(found, Assert.NotNull);
        Assert.Equal(12, server.Requests.Count);
        clock.Advance(TimeSpan.FromMinutes(11));
        await Find();
        Assert.Equal(18, server.Requests.Count);
    }

    [Fact]
    public async Task An_unreachable_server_is_an_error_and_not_an_unknown_kind()
    {
        await using var server = await ScriptedServer.StartAsync(Answer.Status(500, "InternalError"));
        using var client = server.Client(new() { ReadRetries = 0 });
        await Assert.ThrowsAsync<KubeApiException>(() => client.FindKindAsync(new("", "v1", "Pod"), None));
    }
}
