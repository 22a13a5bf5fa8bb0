using System.Collections.Concurrent;
using Fleet.Kubernetes.Core;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Kubernetes.Tests.Scripted;
using Fleet.Kubernetes.Watching;
using Microsoft.AspNetCore.Http;

namespace Fleet.Kubernetes.Tests.Watching;

public sealed class InformerTests
{
    private static readonly CancellationToken None = TestContext.Current.CancellationToken;

    /// <summary>Answers lists and watches from two scripts and waits for the n-th event.</summary>
    private sealed class Scene(ScriptedServer server, KubernetesClient client, Informer<ConfigMap, string> informer) : IAsyncDisposable
    {
        private readonly BlockingCollection<string> seen = [];

        internal ScriptedServer Server => server;
        internal Informer<ConfigMap, string> Informer => informer;

        internal static async Task<Scene> StartAsync(Func<HttpContext, Task>[] lists, Func<HttpContext, Task>[] watches, IEqualityComparer<string>? unchanged = null)
        {
            int list = -1, watch = -1;
            var server = await ScriptedServer.StartAsync(c => c.Request.Query.ContainsKey("watch")
                ? watches[Math.Min(Interlocked.Increment(ref watch), watches.Length - 1)](c)
                : lists[Math.Min(Interlocked.Increment(ref list), lists.Length - 1)](c));
            var client = server.Client(new() { ReadRetries = 0 });
            var scene = new Scene(server, client, client.Resource(CoreTypes.ConfigMaps).Informer(new InformerOptions<ConfigMap, string>
            {
                Project = c => $"{c.Metadata.Name}={c.Data!["v"]}",
                Indices = new Dictionary<string, Func<string, IEnumerable<string>>> { ["letter"] = s => [s[..1]] },
                FirstBackoff = TimeSpan.FromMilliseconds(1),
                LongestBackoff = TimeSpan.FromMilliseconds(2),
                Unchanged = unchanged,
                Jitter = () => 0,
            }));
            scene.Informer.Subscribe(e => scene.seen.Add($"{e.Type} {e.Item}{(e.Previous is null ? "" : " was " + e.Previous)}"));
            scene.Informer.Start();
            return scene;
        }

        internal List<string> Take(int count)
        {
            using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(20));
            return [.. Enumerable.Range(0, count).Select(_ => seen.Take(timeout.Token))];
        }

        internal List<string> Queries => [.. server.Requests.Select(r => r.PathAndQuery.Contains("watch=true", StringComparison.Ordinal)
            ? "watch " + r.PathAndQuery.Split("resourceVersion=")[1]
            : "list")];

        public async ValueTask DisposeAsync()
        {
            await informer.DisposeAsync();
            client.Dispose();
            await server.DisposeAsync();
            seen.Dispose();
        }
    }

    [Fact]
    public async Task Lists_all_pages_then_follows_changes_in_order()
    {
        await using var scene = await Scene.StartAsync(
            [Answer.Page("10", "t", "a:1"), Answer.Page("10", null, "b:2")],
            [Answer.Watch("MODIFIED a:11", "ADDED c:12", "DELETED b:13", "HANG")]);
        await scene.Informer.WaitForSyncAsync(None);
        Assert.Equal(["Added a=1", "Added b=2", "Updated a=11 was a=1", "Added c=12", "Deleted b=13"], scene.Take(5));
        Assert.Equal(["a=11", "c=12"], scene.Informer.Items.Order());
        Assert.Equal(["a=11"], scene.Informer.ByIndex("letter", "a"));
        Assert.Empty(scene.Informer.ByIndex("letter", "b"));
        Assert.True(scene.Informer.TryGet(new("ns", "c"), out var c) && c == "c=12");
        Assert.False(scene.Informer.TryGet(new("ns", "b"), out _));
        // A handler is called a moment before the version of its event is noted.
        Assert.True(SpinWait.SpinUntil(() => scene.Informer.State is { HasSynced: true, IsWatching: true, LastError: null, ResourceVersion: "13" }, TimeSpan.FromSeconds(20)));
    }

    [Fact]
    public async Task Resumes_from_the_last_event_or_bookmark_without_listing_again()
    {
        await using var scene = await Scene.StartAsync(
            [Answer.Page("10", null, "a:1")],
            [Answer.Watch("ADDED b:11"), Answer.Watch("BOOKMARK :50", "ABORT"), Answer.Watch("ADDED c:51", "TORN"), Answer.Watch("ADDED d:52", "HANG")]);
        Assert.Equal(["Added a=1", "Added b=11", "Added c=51", "Added d=52"], scene.Take(4));
        Assert.Single(scene.Queries, "list");
        Assert.Equal("watch 10", scene.Queries[1]);
        Assert.Contains("watch 11", scene.Queries);
        Assert.Equal("watch 51", scene.Queries[^1]);
    }

    [Fact]
    public async Task After_a_410_it_lists_again_and_reports_missed_deletions_and_nothing_twice()
    {
        await using var scene = await Scene.StartAsync(
            [Answer.Page("10", null, "a:1", "b:2", "c:3"), Answer.Page("90", "t", "a:1"), Answer.Page("90", null, "c:30", "d:31")],
            [Answer.Watch("ERROR 410 Expired"), Answer.Watch("ADDED e:91", "HANG")]);
        Assert.Equal(["Added a=1", "Added b=2", "Added c=3"], scene.Take(3));
        Assert.Equal(["Updated c=30 was c=3", "Added d=31", "Deleted b=2", "Added e=91"], scene.Take(4));
        Assert.Equal(2, scene.Informer.State.Lists);
        Assert.Equal("watch 90", scene.Queries[^1]);
    }

    [Fact]
    public async Task A_410_on_opening_the_watch_lists_again_too()
    {
        await using var scene = await Scene.StartAsync(
            [Answer.Page("10", null, "a:1"), Answer.Page("20", null)],
            [Answer.Status(410, "Expired"), Answer.Watch("HANG")]);
        Assert.Equal(["Added a=1", "Deleted a=1"], scene.Take(2));
    }

    [Fact]
    public async Task An_object_made_anew_under_its_name_is_a_deletion_and_an_addition()
    {
        await using var scene = await Scene.StartAsync(
            [Answer.Page("10", null, "a:1:1"), Answer.Page("20", null, "a:15:2")],
            [Answer.Watch("ERROR 410 Expired"), Answer.Watch("DELETED a:12:1", "MODIFIED a:21:2", "HANG")]);
        Assert.Equal(["Added a=1", "Deleted a=1", "Added a=15", "Updated a=21 was a=15"], scene.Take(4));
    }

    [Fact]
    public async Task An_unreachable_server_is_a_state_and_never_an_empty_store()
    {
        await using var scene = await Scene.StartAsync([Answer.Status(503, "ServiceUnavailable", "etcd is away")], [Answer.Watch("HANG")]);
        var waiting = scene.Informer.WaitForSyncAsync(None);
        SpinWait.SpinUntil(() => scene.Informer.State.Failures >= 2, TimeSpan.FromSeconds(20));
        Assert.False(waiting.IsCompleted);
        Assert.Contains("etcd is away", Assert.Throws<InformerNotSyncedException>(() => scene.Informer.Items.ToList()).Message, StringComparison.Ordinal);
        Assert.Throws<InformerNotSyncedException>(() => scene.Informer.Count);
        Assert.True(scene.Informer.State is { HasSynced: false, LastContact: null, FailingSince: not null, LastError: KubeApiException { Code: 503 } });
    }

    [Fact]
    public async Task The_store_survives_while_the_server_fails()
    {
        await using var scene = await Scene.StartAsync([Answer.Page("10", null, "a:1")], [Answer.Watch("ADDED b:11"), Answer.Status(500, "InternalError")]);
        scene.Take(2);
        SpinWait.SpinUntil(() => scene.Informer.State.Failures >= 2, TimeSpan.FromSeconds(20));
        Assert.Equal(["a=1", "b=11"], scene.Informer.Items.Order());
        Assert.True(scene.Informer.State is { HasSynced: true, IsWatching: false, LastContact: not null, LastError: not null });
    }

    [Fact]
    public async Task A_page_that_fails_leaves_the_store_as_it_was()
    {
        await using var scene = await Scene.StartAsync(
            [Answer.Page("10", null, "a:1", "b:2"), Answer.Page("20", "t", "a:1"), Answer.Status(500, "InternalError"), Answer.Page("30", null, "a:1")],
            [Answer.Watch("ERROR 410 Expired"), Answer.Watch("HANG")]);
        Assert.Equal(["Added a=1", "Added b=2", "Deleted b=2"], scene.Take(3));
        Assert.Equal(["list", "watch 10", "list", "list", "list"], scene.Queries.Take(5));
    }

    [Fact]
    public async Task An_event_that_cannot_be_read_leads_to_a_new_list()
    {
        await using var scene = await Scene.StartAsync(
            [Answer.Page("10", null, "a:1"), Answer.Page("20", null, "a:2")], [Answer.Watch("garbage"), Answer.Watch("HANG")]);
        Assert.Equal(["Added a=1", "Updated a=2 was a=1"], scene.Take(2));
    }

    [Fact]
    public async Task Changes_that_the_projection_does_not_show_can_be_left_out()
    {
        await using var scene = await Scene.StartAsync(
            [Answer.Page("10", null, "a:1")], [Answer.Watch("MODIFIED a:11", "ADDED z:12", "HANG")], EqualityComparer<string>.Create((x, y) => x![0] == y![0]));
        Assert.Equal(["Added a=1", "Added z=12"], scene.Take(2));
        Assert.True(scene.Informer.TryGet(new("ns", "a"), out var a) && a == "a=11");
    }

    [Fact]
    public async Task A_late_subscriber_first_gets_what_is_there_and_a_throwing_one_harms_nobody()
    {
        await using var scene = await Scene.StartAsync([Answer.Page("10", null, "a:1")], [Answer.Watch("HANG")]);
        await scene.Informer.WaitForSyncAsync(None);
        scene.Informer.Subscribe(_ => throw new InvalidOperationException("mine"));
        var late = new List<ObjectKey>();
        scene.Informer.Subscribe(e => late.Add(e.Key)).Dispose();
        Assert.Equal([new ObjectKey("ns", "a")], late);
        Assert.Equal("mine", scene.Informer.LastHandlerError?.Message);
    }
}
