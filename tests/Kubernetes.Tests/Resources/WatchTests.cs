using Fleet.Kubernetes.Core;
using Fleet.Kubernetes.Resources;
using Fleet.Kubernetes.Tests.Scripted;

namespace Fleet.Kubernetes.Tests.Resources;

public sealed class WatchTests
{
    private static readonly CancellationToken None = TestContext.Current.CancellationToken;

    private static async Task<(List<string> Seen, KubeApiException? Error)> WatchAsync(params string[] events)
    {
        await using var server = await ScriptedServer.StartAsync(Answer.Watch(events));
        using var client = server.Client(new() { ReadRetries = 0 });
        var seen = new List<string>();
        try
        {
            await foreach (var e in client.Resource(CoreTypes.ConfigMaps).WatchAsync(new() { ResourceVersion = "3" }, None))
                seen.Add($"{e.Type} {e.Object.Metadata.Name} {e.ResourceVersion}");
        }
        catch (KubeApiException e)
        {
            return (seen, e);
        }

        Assert.Equal("/api/v1/configmaps?watch=true&allowWatchBookmarks=true&timeoutSeconds=300&resourceVersion=3", Assert.Single(server.Requests).PathAndQuery);
        return (seen, null);
    }

    [Fact]
    public async Task Events_and_bookmarks_are_reported_until_the_server_ends_the_stream()
    {
        var (seen, error) = await WatchAsync("ADDED a:5", "MODIFIED a:6", "", "BOOKMARK :9", "DELETED a:10");
        Assert.Null(error);
        Assert.Equal(["Added a 5", "Modified a 6", "Bookmark  9", "Deleted a 10"], seen);
    }

    [Fact]
    public async Task The_object_may_stand_before_the_type()
    {
        var (seen, _) = await WatchAsync($$"""{"object":{{Answer.Item("a:5")}},"type":"ADDED"}""");
        Assert.Equal(["Added a 5"], seen);
    }

    [Fact]
    public async Task A_410_in_the_stream_is_gone()
    {
        var (seen, error) = await WatchAsync("ADDED a:5", "ERROR 410 Expired");
        Assert.Single(seen);
        Assert.True(error?.IsGone);
        Assert.Equal("too old", error?.Message);
    }

    [Theory]
    [InlineData("TORN")]
    [InlineData("ABORT")]
    public async Task A_stream_that_breaks_is_a_transient_failure(string how)
    {
        // What was sent before a reset may or may not arrive.
        var (seen, error) = await WatchAsync("ADDED a:5", how);
        Assert.InRange(seen.Count, how == "TORN" ? 1 : 0, 1);
        Assert.True(error is { Code: 0, IsTransient: true }, error?.ToString());
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("[]")]
    [InlineData("""{"type":"STRANGE","object":{}}""")]
    [InlineData("""{"type":"ADDED"}""")]
    [InlineData("""{"type":"ADDED","object":{"metadata":7}}""")]
    public async Task Garbage_in_the_stream_is_unreadable(string line)
    {
        var (_, error) = await WatchAsync(line);
        Assert.Equal(KubeApiException.UnreadableAnswer, error?.Reason);
    }

    [Fact]
    public async Task Large_events_and_many_events_pass()
    {
        var large = Answer.Item("big:7").Replace("\"v\":\"7\"", $"\"v\":\"{new string('x', 300_000)}\"", StringComparison.Ordinal);
        var (seen, error) = await WatchAsync([.. Enumerable.Range(0, 500).Select(i => $"ADDED n{i}:{i}"), $$$"""{"type":"ADDED","object":{{{large}}}}""", "ADDED last:9"]);
        Assert.Null(error);
        Assert.Equal(502, seen.Count);
        Assert.Equal("Added last 9", seen[^1]);
    }

    [Fact]
    public async Task Cancellation_ends_a_quiet_watch()
    {
        await using var server = await ScriptedServer.StartAsync(Answer.Watch("ADDED a:5", "HANG"));
        using var client = server.Client();
        using var stop = new CancellationTokenSource();
        var opened = false;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in client.Resource(CoreTypes.ConfigMaps).WatchAsync(new() { Opened = () => opened = true }, stop.Token))
                await stop.CancelAsync();
        });
        Assert.True(opened);
    }
}
