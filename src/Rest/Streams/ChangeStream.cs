using System.Text;
using System.Threading.Channels;
using Fleet.Control.Access;
using Fleet.Kubernetes.Resources;
using Fleet.Rest.Lists;
using Fleet.Rest.Requests;

namespace Fleet.Rest.Streams;

/// <summary>What streams need of the process.</summary>
internal sealed record StreamParts(
    IKubernetesClient Client, CallerAccess Access, AdminApiOptions Options, ApiMetrics Metrics, IHostApplicationLifetime Lifetime, TimeProvider Clock);

/// <summary>
/// One reader's stream of server-sent events. Feeds fill a bounded queue, one writer empties it; whoever reads too slowly is told so and cut, and can come
/// back with the last id.
/// </summary>
internal sealed class ChangeStream(StreamParts parts, ApiCall call, IReadOnlyList<ApiKind> kinds, string? @namespace, StreamPosition position, IDisposable place) : IResult
{
    public const string MediaType = "text/event-stream";

    private static readonly byte[] Beat = ": alive\n\n"u8.ToArray();

    private bool isCut;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        using (place)
        {
            httpContext.Response.ContentType = MediaType;
            httpContext.Response.Headers.CacheControl = "no-store";
            // Proxies such as nginx would collect the stream otherwise.
            httpContext.Response.Headers["X-Accel-Buffering"] = "no";
            parts.Metrics.StreamOpened();
            try
            {
                await RunAsync(httpContext);
            }
            finally
            {
                parts.Metrics.StreamClosed();
            }
        }
    }

    private async Task RunAsync(HttpContext http)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, parts.Lifetime.ApplicationStopping);
        var queue = Channel.CreateBounded<StreamEvent>(new BoundedChannelOptions(parts.Options.StreamBacklog) { SingleReader = true });
        Task[] feeds =
        [
            .. kinds.Select(kind => new KindFeed(kind, @namespace, call, parts.Client, queue.Writer, parts.Clock).RunAsync(position.Of(kind.Segment), end.Token)),
        ];
        var reason = "";
        _ = Task.WhenAny(feeds).ContinueWith(
            first => queue.Writer.TryComplete(first.Result.Exception?.GetBaseException()), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        try
        {
            await WriteAllAsync(http, queue.Reader, end.Token);
        }
        catch (StreamEndException e)
        {
            reason = e.Message;
        }
        catch (Exception e) when (e is SlowReaderException or ChannelClosedException { InnerException: SlowReaderException })
        {
            Cut();
            reason = $"the reader is too slow: more than {parts.Options.StreamBacklog} changes wait; come back with the last id";
        }
        catch (OperationCanceledException)
        {
            reason = parts.Lifetime.ApplicationStopping.IsCancellationRequested ? "the server stops; come back with the last id" : "";
        }
        finally
        {
            await end.CancelAsync();
            await Task.WhenAll(feeds).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (reason.Length > 0 && !http.RequestAborted.IsCancellationRequested)
            await WriteAsync(http, Text(KindFeed.Note(StreamEvent.Closing, null, reason)));
    }

    private async Task WriteAllAsync(HttpContext http, ChannelReader<StreamEvent> queue, CancellationToken ct)
    {
        // At once, so that the reader knows that the stream stands and proxies pass on the headers.
        await WriteAsync(http, Beat);
        var lastCheck = parts.Clock.GetTimestamp();
        var batch = new MemoryStream();
        while (true)
        {
            var more = queue.WaitToReadAsync(ct).AsTask();
            while (await Task.WhenAny(more, Task.Delay(parts.Options.Heartbeat, parts.Clock, ct)) != more)
            {
                ct.ThrowIfCancellationRequested();
                await CheckCallerAsync(http, ct);
                lastCheck = parts.Clock.GetTimestamp();
                await WriteAsync(http, Beat);
            }

            // A failed feed has closed the queue; what was in it before is still read.
            if (!await more)
                throw new OperationCanceledException("the feeds have ended");
            if (parts.Clock.GetElapsedTime(lastCheck) >= parts.Options.Heartbeat)
            {
                await CheckCallerAsync(http, ct);
                lastCheck = parts.Clock.GetTimestamp();
            }

            batch.SetLength(0);
            while (batch.Length < 64 * 1024 && queue.TryRead(out var next))
                batch.Write(Text(next));
            await WriteAsync(http, batch.GetBuffer().AsMemory(0, (int)batch.Length));
        }
    }

    /// <summary>A token that has ended ends the streams that it has opened.</summary>
    private async Task CheckCallerAsync(HttpContext http, CancellationToken ct)
    {
        try
        {
            if (await parts.Access.WhoAsync(http.Request, fresh: false, ct) is null)
                throw new StreamEndException("the token is not valid any more");
        }
        catch (KubeApiException)
        {
            // Nobody can tell now; the next look will.
        }
    }

    private async Task WriteAsync(HttpContext http, ReadOnlyMemory<byte> bytes)
    {
        using var patience = new CancellationTokenSource(parts.Options.StreamPatience, parts.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, patience.Token);
        try
        {
            await http.Response.Body.WriteAsync(bytes, either.Token);
            await http.Response.Body.FlushAsync(either.Token);
        }
        // Not by RequestAborted: the server itself gives the connection up whose write is cancelled.
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            // Its connection is full: there is no way to tell it more.
            Cut();
            http.Abort();
            throw;
        }
    }

    /// <summary>Once for a stream: one whose feed was too fast may then not even take the reason why it ends.</summary>
    private void Cut()
    {
        if (!Interlocked.Exchange(ref isCut, true))
            parts.Metrics.StreamCut();
    }

    private byte[] Text(StreamEvent change)
    {
        if (change.Kind is { } kind && (change.Version is not null || change.Name == StreamEvent.Resync))
            position.Move(kind, change.Version);
        var text = new StringBuilder();
        if (change.Name is not null)
            text.Append("event: ").Append(change.Name).Append('\n');
        // An empty id makes readers forget theirs, which is right while everything is being listed.
        text.Append("id: ").Append(position).Append('\n');
        if (change.Name is not null)
            text.Append("data: ").Append(Encoding.UTF8.GetString(change.Data)).Append('\n');
        return Encoding.UTF8.GetBytes(text.Append('\n').ToString());
    }
}

/// <summary>The stream ends for this reason, which the reader is told.</summary>
internal sealed class StreamEndException(string reason) : Exception(reason);
