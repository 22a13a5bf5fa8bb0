using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Fleet.Rest.Lists;
using Fleet.Rest.Requests;
using Fleet.Contracts.Api;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.Rest.Streams;

/// <summary>
/// Follows one kind for one reader: from where the reader was, or from a list where that is not known any more (410). Failures of the management API are
/// waited out. Objects that the reader may not see are left out, asked anew every few seconds.
/// </summary>
internal sealed class KindFeed(ApiKind kind, string? @namespace, ApiCall call, IKubernetesClient client, ChannelWriter<StreamEvent> events, TimeProvider clock)
{
    private const int PageSize = 250;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Ends when cancelled, or with <see cref="SlowReaderException"/>.</summary>
    public async Task RunAsync(string? version, CancellationToken ct)
    {
        var reason = version is null ? "the stream begins" : "";
        while (true)
        {
            try
            {
                version ??= await ListAsync(reason, ct);
                version = await WatchAsync(version, ct);
            }
            catch (KubeApiException e) when (e.IsGone)
            {
                (version, reason) = (null, "the management API has forgotten the changes since then");
            }
            catch (KubeApiException)
            {
                // The heartbeat goes on meanwhile, and the version stays: nothing is missed.
                await Task.Delay(Pause, clock, ct);
            }
        }
    }

    private async Task<string> ListAsync(string reason, CancellationToken ct)
    {
        await events.WriteAsync(Note(StreamEvent.Resync, kind.Segment, reason), ct);
        string? next = null;
        string version;
        var isLimited = false;
        do
        {
            var page = await client.Dynamic(kind.Resource).PageAsync(new() { Namespace = @namespace, PageSize = PageSize }, next, ct);
            (version, next) = (page.ResourceVersion, page.Next);
            foreach (var item in page.Items)
                if (await MayAsync(item, ct))
                    await events.WriteAsync(Change(StreamEvent.Added, item, null), ct);
                else
                    isLimited = true;
        }
        while (next is not null);
        await events.WriteAsync(Note(StreamEvent.Synced, kind.Segment, "all that is there has been sent", isLimited) with { Version = version }, ct);
        return version;
    }

    private async Task<string> WatchAsync(string version, CancellationToken ct)
    {
        await foreach (var seen in client.Dynamic(kind.Resource).WatchAsync(new() { Namespace = @namespace, ResourceVersion = version }, ct))
        {
            version = seen.ResourceVersion;
            var change = seen.Type switch
            {
                WatchEventType.Bookmark => new StreamEvent(null, kind.Segment, [], version),
                _ when !await MayAsync(seen.Object, ct) => null,
                WatchEventType.Added => Change(StreamEvent.Added, seen.Object, version),
                WatchEventType.Modified => Change(StreamEvent.Modified, seen.Object, version),
                _ => Gone(seen.Object, version),
            };
            // Changes are never waited with: who holds up the watch of one reader would end it at the server.
            if (change is not null && !events.TryWrite(change))
                throw new SlowReaderException();
        }

        return version;
    }

    private async Task<bool> MayAsync(DynamicObject item, CancellationToken ct) =>
        await call.MayAsync(new("watch", kind.Resource, ""), ct)
        || (kind.Resource.Namespaced && await call.MayAsync(new("watch", kind.Resource, item.Key.Namespace), ct));

    private StreamEvent Change(string name, DynamicObject item, string? version) => new(
        name, kind.Segment,
        [.. Encoding.UTF8.GetBytes($"{{\"kind\":\"{kind.Segment}\",\"object\":"), .. kind.Bytes(item), (byte)'}'],
        version);

    private StreamEvent Gone(DynamicObject item, string version) => new(
        StreamEvent.Deleted, kind.Segment,
        JsonSerializer.SerializeToUtf8Bytes(
            new DeletedView
            {
                Kind = kind.Segment,
                Namespace = item.Key.Namespace is { Length: > 0 } named ? named : null,
                Name = item.Key.Name,
                Uid = item.Metadata.Uid,
            },
            RestJson.Default.DeletedView),
        version);

    internal static StreamEvent Note(string name, string? kind, string reason, bool isLimited = false) =>
        new(name, kind, JsonSerializer.SerializeToUtf8Bytes(new WatchNoteView { Kind = kind, Reason = reason, LimitedByAccess = isLimited }, RestJson.Default.WatchNoteView), null);
}

/// <summary>The reader takes less than there is to tell.</summary>
internal sealed class SlowReaderException : Exception;
