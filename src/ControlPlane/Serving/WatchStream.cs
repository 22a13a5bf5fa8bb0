using System.IO.Pipelines;
using System.Buffers;
using System.Text;
using Fleet.ControlPlane.Kinds;
using Fleet.ControlPlane.Machinery;
using Fleet.ControlPlane.Storage;
using Fleet.Kubernetes.Resources;

namespace Fleet.ControlPlane.Serving;

/// <summary>One watch: reads the shared history from its own position, filters, and writes stored bytes between fixed ones.</summary>
internal sealed class WatchStream
{
    private const int MostPerRead = 500;
    private static readonly TimeSpan BookmarkEvery = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan DefaultLife = TimeSpan.FromMinutes(30);

    private readonly ApiRequest request;
    private readonly KindInfo kind;
    private readonly ObjectTable table;
    private readonly LabelSelector labels;
    private readonly FieldSelector fields;
    private readonly string? @namespace;
    private readonly string? name;
    private readonly bool bookmarks;
    private readonly WatchFrames frames;
    private readonly WatchSignal signal = new();
    private readonly PipeWriter pipe;
    private readonly TimeProvider clock;
    private long position;

    public WatchStream(ApiRequest request)
    {
        this.request = request;
        kind = request.Kind;
        table = request.Cluster.Table(kind);
        labels = LabelSelector.Parse(request.Query("labelSelector"));
        fields = FieldSelector.Parse(kind, request.Query("fieldSelector"));
        @namespace = request.Target.Namespace;
        name = request.Target.Name;
        bookmarks = request.Flag("allowWatchBookmarks");
        clock = request.Cluster.Settings.Clock;
        frames = new WatchFrames(kind, AcceptHeader.Read(request.Http.Request.Headers.Accept), request.Query("includeObject"), clock);
        pipe = request.Http.Response.BodyWriter;
    }

    public async Task RunAsync()
    {
        var from = StartRevision(out var sendInitial, out var announceEnd);
        var seconds = request.Number("timeoutSeconds");
        var ends = clock.GetUtcNow() + (seconds > 0 ? TimeSpan.FromSeconds(seconds) : DefaultLife);
        var history = request.Cluster.Store.Remember(table);
        history.Register(signal);
        await using var alarm = clock.CreateTimer(static s => ((WatchSignal)s!).Set(), signal, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        await using var aborted = request.Aborted.UnsafeRegister(static s => ((WatchSignal)s!).End(), signal);
        try
        {
            request.Http.Response.ContentType = "application/json";
            if (sendInitial) await SendInitialAsync(announceEnd);
            else position = from;
            await request.Http.Response.StartAsync(request.Aborted);
            await pipe.FlushAsync(request.Aborted);
            await FollowAsync(history, alarm, ends);
        }
        finally
        {
            history.Unregister(signal);
        }
    }

    private long StartRevision(out bool sendInitial, out bool announceEnd)
    {
        var text = request.Query("resourceVersion");
        announceEnd = request.Flag("sendInitialEvents");
        ListOptions.Check(request, isWatch: true);
        sendInitial = announceEnd || string.IsNullOrEmpty(text) || text == "0";
        if (request.Query("sendInitialEvents") == "false" && sendInitial)
        {
            sendInitial = false;
            return request.Cluster.Revision;
        }
        return ListOptions.Version(request) ?? 0;
    }

    private async Task SendInitialAsync(bool announceEnd)
    {
        var (state, revision) = request.Cluster.Store.Snapshot(table);
        var pending = 0;
        foreach (var item in state.Range(@namespace))
        {
            if (!Matches(item)) continue;
            frames.Write(pipe, WatchFrames.Added, item);
            if (++pending % 256 == 0) await pipe.FlushAsync(request.Aborted);
        }
        position = revision;
        if (announceEnd && bookmarks) frames.WriteBookmark(pipe, revision, initialEnd: true);
    }

    private async Task FollowAsync(WatchHistory history, ITimer alarm, DateTimeOffset ends)
    {
        var batch = new List<StoreEvent>();
        var nextBookmark = clock.GetUtcNow() + BookmarkEvery;
        var armed = DateTimeOffset.MinValue;
        while (!signal.Ended)
        {
            // Read first, and the counter itself: it is published after the history has the change. (The table's own state comes before that.)
            var complete = request.Cluster.Store.Revision;
            batch.Clear();
            if (!history.TryRead(position, batch, MostPerRead))
            {
                WriteGone();
                await pipe.FlushAsync(request.Aborted);
                return;
            }
            var wrote = false;
            foreach (var change in batch)
            {
                wrote |= Send(change);
                position = change.Revision;
            }
            var now = clock.GetUtcNow();
            var caughtUp = batch.Count < MostPerRead;
            if (caughtUp && complete > position) position = complete;
            var over = now >= ends;
            if (bookmarks && caughtUp && (over || now >= nextBookmark))
            {
                nextBookmark = now + BookmarkEvery;
                frames.WriteBookmark(pipe, position, initialEnd: false);
                wrote = true;
            }
            if (wrote) await pipe.FlushAsync(request.Aborted);
            if (over) return;
            if (!caughtUp) continue;
            var wake = bookmarks && nextBookmark < ends ? nextBookmark : ends;
            // Set again after it rang, which it may do a little early.
            if (wake != armed || batch.Count == 0) alarm.Change(wake - now, Timeout.InfiniteTimeSpan);
            armed = wake;
            await signal.WaitAsync();
        }
    }

    private bool Send(StoreEvent change)
    {
        if (@namespace is not null && change.Object.Key.Namespace != @namespace) return false;
        var before = change.Previous is { } previous && Matches(previous);
        var after = change.Type != WatchEventType.Deleted && Matches(change.Object);
        if (!before && !after) return false;
        frames.Write(pipe, before ? after ? WatchFrames.Modified : WatchFrames.Deleted : WatchFrames.Added, change.Object);
        return true;
    }

    private bool Matches(StoredObject item) => (name is null || item.Key.Name == name) && labels.Matches(item) && (fields.IsEverything || fields.Matches(item));

    private void WriteGone()
    {
        var status = StatusBody.Failure(ApiErrors.Expired($"too old resource version: {position}"));
        pipe.Write(Encoding.UTF8.GetBytes($"{{\"type\":\"ERROR\",\"object\":{status.ToJsonString()}}}\n"));
    }
}
