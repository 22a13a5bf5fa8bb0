using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Fleet.Kubernetes.Core;
using Fleet.Kubernetes.Http;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.Kubernetes.Events;

/// <summary>
/// Writes events (events.k8s.io/v1) in the background. Repetitions of type, reason, action, object and related object become one event with a series. Recording never
/// blocks and never fails; what cannot be written is counted in <see cref="Dropped"/>. Dispose writes what is still queued, for a few seconds at most.
/// </summary>
public sealed class EventRecorder : IAsyncDisposable
{
    private const int LongestNote = 1024;
    private const int MostSeries = 4096;
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(5);

    private readonly IResourceClient<Event> events;
    private readonly EventRecorderOptions options;
    private readonly RequestLimit rate;
    private readonly Channel<Occurrence> queue;
    private readonly Dictionary<SeriesKey, Series> running = [];
    private readonly CancellationTokenSource stop = new();
    private readonly Task loop;
    private long dropped;
    private long lastNamed;

    public EventRecorder(IResourceClient<Event> events, EventRecorderOptions options)
    {
        this.events = events;
        this.options = options;
        rate = new(1, options.PerSecond, options.Burst, options.Clock);
        queue = Channel.CreateBounded<Occurrence>(new BoundedChannelOptions(options.QueueLength) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });
        loop = Task.Run(RunAsync);
    }

    /// <summary>Events that were lost because the queue was full or the server refused them.</summary>
    public long Dropped => Interlocked.Read(ref dropped);

    /// <summary>The last failure of writing, until one succeeds.</summary>
    public Exception? LastError { get; private set; }

    /// <param name="related">A second object that it is about, when there is one.</param>
    public void Normal(ObjectReference regarding, string reason, string action, string note, ObjectReference? related = null) =>
        Record(regarding, related, "Normal", reason, action, note);

    /// <inheritdoc cref="Normal"/>
    public void Warning(ObjectReference regarding, string reason, string action, string note, ObjectReference? related = null) =>
        Record(regarding, related, "Warning", reason, action, note);

    private void Record(ObjectReference regarding, ObjectReference? related, string type, string reason, string action, string note)
    {
        var key = new SeriesKey(
            regarding.Uid ?? "", regarding.Namespace ?? "", regarding.Name ?? "", regarding.Kind ?? "",
            related is null ? "" : $"{related.Kind} {related.Namespace}/{related.Name}", type, reason, action);
        if (!queue.Writer.TryWrite(new(regarding, related, key, Shorten(note), options.Clock.GetUtcNow())))
            Interlocked.Increment(ref dropped);
    }

    private async Task RunAsync()
    {
        using var tick = new PeriodicTimer(options.SeriesInterval, options.Clock);
        var flush = tick.WaitForNextTickAsync(stop.Token).AsTask();
        var read = queue.Reader.WaitToReadAsync(stop.Token).AsTask();
        while (true)
        {
            var first = await Task.WhenAny(read, flush).ConfigureAwait(false);
            if (first.IsCanceled)
                return;
            if (first == flush)
            {
                await FlushAsync(final: false);
                flush = tick.WaitForNextTickAsync(stop.Token).AsTask();
                continue;
            }

            if (!await read)
            {
                await FlushAsync(final: true);
                return;
            }

            while (queue.Reader.TryRead(out var seen))
                await WriteAsync(seen);
            read = queue.Reader.WaitToReadAsync(stop.Token).AsTask();
        }
    }

    private async Task WriteAsync(Occurrence seen)
    {
        if (running.TryGetValue(seen.Key, out var series) && seen.At - series.LastSeen < options.SeriesEnd)
        {
            series.Count++;
            series.LastSeen = seen.At;
            if (seen.At - series.WrittenAt >= options.SeriesInterval)
                await WriteSeriesAsync(series);
            return;
        }

        // Two in the same tick would have one name, and the second would be lost.
        lastNamed = Math.Max(seen.At.UtcTicks, lastNamed + 1);
        var name = NameOf(seen, lastNamed);
        var body = new Event
        {
            Metadata = new() { Name = name.Name, Namespace = name.Namespace },
            EventTime = seen.At,
            ReportingController = options.Controller,
            ReportingInstance = options.Instance,
            Type = seen.Key.Type,
            Reason = seen.Key.Reason,
            Action = seen.Key.Action,
            Regarding = seen.Regarding,
            Related = seen.Related,
            Note = seen.Note,
        };
        if (await TryAsync(ct => events.CreateAsync(body, ct)) && (running.Count < MostSeries || running.ContainsKey(seen.Key)))
            running[seen.Key] = new(name, seen.At);
    }

    private async Task WriteSeriesAsync(Series series)
    {
        var patch = new JsonObject
        {
            ["series"] = new JsonObject
            {
                ["count"] = series.Count,
                ["lastObservedTime"] = series.LastSeen.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture),
            },
        };
        if (await TryAsync(ct => events.PatchAsync(series.Name, Patch.Merge(patch), PatchOptions.Default, ct)))
            (series.WrittenCount, series.WrittenAt) = (series.Count, options.Clock.GetUtcNow());
    }

    private async Task FlushAsync(bool final)
    {
        var now = options.Clock.GetUtcNow();
        foreach (var (key, series) in running.ToList())
        {
            if (series.Count > series.WrittenCount)
                await WriteSeriesAsync(series);
            if (final || now - series.LastSeen >= options.SeriesEnd)
                running.Remove(key);
        }
    }

    private async Task<bool> TryAsync(Func<CancellationToken, Task> write)
    {
        try
        {
            using var slot = await rate.EnterAsync(stop.Token);
            await write(stop.Token);
            LastError = null;
            return true;
        }
        catch (Exception e)
        {
            // Events are best effort: an object must not stay unreconciled because an event could not be written.
            LastError = e;
            Interlocked.Increment(ref dropped);
            return false;
        }
    }

    private static ObjectKey NameOf(Occurrence seen, long ticks)
    {
        // As client-go: the object's name and the time in hexadecimal, so that names sort and do not collide.
        var suffix = ticks.ToString("x", CultureInfo.InvariantCulture);
        var name = seen.Key.Name.Length > 200 ? seen.Key.Name[..200].TrimEnd('.', '-') : seen.Key.Name;
        return new(seen.Key.Namespace.Length > 0 ? seen.Key.Namespace : "default", $"{name}.{suffix}");
    }

    private static string Shorten(string note)
    {
        if (Encoding.UTF8.GetByteCount(note) <= LongestNote)
            return note;
        var length = Math.Min(note.Length, LongestNote);
        while (Encoding.UTF8.GetByteCount(note.AsSpan(0, length)) > LongestNote - 3)
            length--;
        if (char.IsHighSurrogate(note[length - 1]))
            length--;
        return note[..length] + "…";
    }

    public async ValueTask DisposeAsync()
    {
        if (!queue.Writer.TryComplete())
            return;
        stop.CancelAfter(Farewell);
        await loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        rate.Dispose();
        stop.Dispose();
    }

    private sealed record Occurrence(ObjectReference Regarding, ObjectReference? Related, SeriesKey Key, string Note, DateTimeOffset At);

    private readonly record struct SeriesKey(string Uid, string Namespace, string Name, string Kind, string Related, string Type, string Reason, string Action);

    private sealed class Series(ObjectKey name, DateTimeOffset at)
    {
        internal ObjectKey Name { get; } = name;
        internal DateTimeOffset LastSeen { get; set; } = at;
        internal DateTimeOffset WrittenAt { get; set; } = at;
        internal int Count { get; set; } = 1;
        internal int WrittenCount { get; set; } = 1;
    }
}
