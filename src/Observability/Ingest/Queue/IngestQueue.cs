using System.Threading.Channels;
using Fleet.Observability.Ingest.Wire;
using Microsoft.Win32.SafeHandles;

namespace Fleet.Observability.Ingest.Queue;

/// <summary>
/// Requests on disk between the answer to the sender and the store. Appending completes when the disk has the request; requests that come meanwhile share one flush.
/// When the bound is reached the oldest file is given up, and whose samples those were is counted and said. Any number may append, one reads.
/// </summary>
public sealed partial class IngestQueue : IAsyncDisposable
{
    private const int MostAtOnce = 16 * 1024 * 1024;
    private const int MostNamed = 5;

    private readonly QueueOptions options;
    private readonly IngestMetrics metrics;
    private readonly ILogger log;
    private readonly FileStream folderLock;
    private readonly QueueCursor cursor;
    private readonly Channel<Pending> pending;
    private readonly SemaphoreSlim news = new(0, 1);
    private readonly Task writing;
    private readonly Lock gate = new();

    /// <summary>Length of every file, by number; what is beyond it is not promised to anybody.</summary>
    private readonly SortedDictionary<long, long> segments = [];
    private SafeFileHandle? active;
    private long activeNumber;

    private IngestQueue(QueueOptions options, IngestMetrics metrics, ILogger log, FileStream folderLock)
    {
        (this.options, this.metrics, this.log, this.folderLock) = (options, metrics, log, folderLock);
        cursor = new QueueCursor(options.Folder);
        Recover();
        pending = Channel.CreateBounded<Pending>(new BoundedChannelOptions(options.MostPending) { SingleReader = true });
        writing = Task.Run(WriteAsync);
    }

    /// <summary>Bytes that the store does not have yet.</summary>
    public long Waiting
    {
        get
        {
            lock (gate)
            {
                var (segment, offset) = cursor.Position;
                return segments.Sum(one => one.Key < segment ? 0 : one.Key == segment ? Math.Max(0, one.Value - offset) : one.Value);
            }
        }
    }

    /// <summary>Where the first request that the store does not have begins.</summary>
    public QueuePosition Position
    {
        get
        {
            lock (gate)
                return cursor.Position;
        }
    }

    /// <exception cref="IOException">The folder cannot be used, or another process has it.</exception>
    public static IngestQueue Open(QueueOptions options, IngestMetrics metrics, ILogger<IngestQueue> log)
    {
        Directory.CreateDirectory(options.Folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var folderLock = new FileStream(Path.Combine(options.Folder, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        try
        {
            return new IngestQueue(options, metrics, log, folderLock);
        }
        catch
        {
            folderLock.Dispose();
            throw;
        }
    }

    /// <summary>Completes when the request will outlive this process.</summary>
    /// <exception cref="QueueUnavailableException">It was not kept.</exception>
    public Task AppendAsync(QueuedRequest request)
    {
        var one = new Pending(request);
        if (!pending.Writer.TryWrite(one))
            throw new QueueUnavailableException("too many requests are being written");
        return one.Done.Task;
    }

    /// <summary>The requests from a position on, at most about so many bytes; null when there are none yet.</summary>
    public QueuedBatch? Read(QueuePosition from, long mostBytes)
    {
        while (true)
        {
            long number, end;
            bool isLast;
            lock (gate)
            {
                // The file may have been given up meanwhile.
                var found = segments.Where(segment => segment.Key >= from.Segment).Select(segment => (long?)segment.Key).FirstOrDefault();
                if (found is null)
                    return null;
                number = found.Value;
                end = segments[number];
                isLast = number == segments.Keys.Last();
            }
            var offset = number == from.Segment ? from.Offset : 0;
            var (requests, next) = ReadSegment(number, offset, end, mostBytes);
            if (requests.Count > 0)
                return new QueuedBatch(requests, new(number, next));
            if (next < end)
                Skip(number, next, end);
            if (isLast)
                return null;
            from = new(number + 1, 0);
        }
    }

    /// <summary>Waits until something was appended after the last call.</summary>
    public Task WaitAsync(CancellationToken ct) => news.WaitAsync(ct);

    /// <summary>The store has everything before this position; files before it go.</summary>
    public void Acknowledge(QueuePosition position)
    {
        lock (gate)
        {
            cursor.MoveTo(position);
            foreach (var number in segments.Keys.Where(number => number < cursor.Position.Segment && number != activeNumber).ToList())
                Delete(number);
        }
    }

    public async ValueTask DisposeAsync()
    {
        pending.Writer.TryComplete();
        await writing;
        lock (gate)
        {
            active?.Dispose();
            active = null;
            cursor.Dispose();
        }
        await folderLock.DisposeAsync();
        news.Dispose();
    }

    private void Recover()
    {
        foreach (var number in Segment.In(options.Folder))
        {
            var path = Segment.PathOf(options.Folder, number);
            var length = new FileInfo(path).Length;
            if (number < cursor.Position.Segment || length == 0)
            {
                File.Delete(path);
                continue;
            }
            segments[number] = length;
        }
        activeNumber = Math.Max(segments.Count == 0 ? 0 : segments.Keys.Last(), cursor.Position.Segment);
        if (segments.Count == 0)
            return;

        // Only the file that was being written can end in the middle of a request.
        var last = segments.Keys.Last();
        using var file = File.OpenHandle(Segment.PathOf(options.Folder, last), access: FileAccess.ReadWrite);
        long whole = 0;
        foreach (var (_, next) in Segment.Read(file, 0, segments[last]))
            whole = next;
        if (whole < segments[last])
        {
            LogTorn(segments[last] - whole);
            RandomAccess.SetLength(file, whole);
            segments[last] = whole;
        }
    }

    private async Task WriteAsync()
    {
        var batch = new List<Pending>();
        while (await pending.Reader.WaitToReadAsync())
        {
            using var bytes = new PooledBytes();
            batch.Clear();
            while (bytes.Length < MostAtOnce && pending.Reader.TryRead(out var one))
            {
                one.Request.Write(bytes);
                batch.Add(one);
            }
            try
            {
                Write(bytes.Span);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                LogUnavailable(failure.Message);
                var told = new QueueUnavailableException("the queue's disk is full or does not work", failure);
                batch.ForEach(one => one.Done.SetException(told));
                continue;
            }
            batch.ForEach(one => one.Done.SetResult());
            if (news.CurrentCount == 0)
                news.Release();
        }
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        var file = active ??= StartSegment();
        long length;
        lock (gate)
            length = segments[activeNumber];
        try
        {
            RandomAccess.Write(file, bytes, length);
            if (options.Flush)
                RandomAccess.FlushToDisk(file);
        }
        catch
        {
            // What is in the file beyond its known length is unknown now, so nothing is added to it any more.
            CutOff(file, length);
            throw;
        }
        lock (gate)
            segments[activeNumber] = length + bytes.Length;
        if (length + bytes.Length >= options.SegmentBytes)
        {
            file.Dispose();
            active = null;
        }
        KeepBound();
    }

    private void CutOff(SafeFileHandle file, long length)
    {
        try
        {
            RandomAccess.SetLength(file, length);
        }
        catch (IOException)
        {
            // The reader and the next start both stop at the known length or at the first record whose checksum is wrong.
            return;
        }
        finally
        {
            file.Dispose();
            active = null;
        }
    }

    private SafeFileHandle StartSegment()
    {
        lock (gate)
        {
            // One that nothing could be written to is left behind empty.
            if (segments.TryGetValue(activeNumber, out var length) && length == 0)
                Delete(activeNumber);
            activeNumber++;
            var file = File.OpenHandle(Segment.PathOf(options.Folder, activeNumber), FileMode.Create, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
            segments[activeNumber] = 0;
            return file;
        }
    }

    private void KeepBound()
    {
        while (true)
        {
            long number, length;
            lock (gate)
            {
                if (segments.Count < 2 || segments.Values.Sum() <= options.MostBytes)
                    return;
                (number, length) = segments.First();
            }
            GiveUp(number, length);
        }
    }

    /// <summary>Counts and names what the store does not have, then deletes the file.</summary>
    private void GiveUp(long number, long length)
    {
        var position = Position;
        var (requests, _) = number < position.Segment ? ([], 0) : ReadSegment(number, number == position.Segment ? position.Offset : 0, length, long.MaxValue);
        var clusters = requests.GroupBy(request => request.Cluster).Select(of => (Cluster: of.Key, Samples: of.Sum(request => (long)request.Samples)))
            .OrderByDescending(of => of.Samples).ToList();
        foreach (var (cluster, samples) in clusters)
            metrics.Lost(cluster, "queue_full", samples);
        if (clusters.Count > 0)
        {
            var named = clusters.Take(MostNamed).Select(of => $"{of.Cluster}: {of.Samples}");
            LogDropped(clusters.Sum(of => of.Samples), string.Join(", ", named) + (clusters.Count > MostNamed ? $" and {clusters.Count - MostNamed} other clusters" : ""));
        }
        lock (gate)
        {
            cursor.MoveTo(new(number + 1, 0));
            Delete(number);
        }
    }

    private (List<QueuedRequest> Requests, long Next) ReadSegment(long number, long offset, long end, long mostBytes)
    {
        var requests = new List<QueuedRequest>();
        try
        {
            using var file = File.OpenHandle(Segment.PathOf(options.Folder, number), share: FileShare.ReadWrite | FileShare.Delete);
            long bytes = 0;
            foreach (var (request, next) in Segment.Read(file, offset, end))
            {
                requests.Add(request);
                offset = next;
                if ((bytes += request.Body.Length) >= mostBytes)
                    break;
            }
        }
        catch (FileNotFoundException)
        {
            // Given up just now; what comes after it is read instead.
            return (requests, end);
        }
        return (requests, offset);
    }

    private void Skip(long number, long from, long end)
    {
        LogDamaged(end - from, Path.GetFileName(Segment.PathOf(options.Folder, number)));
        // How many samples it were cannot be read any more.
        metrics.Lost("unknown", "damaged", 1);
        lock (gate)
            segments[number] = from;
    }

    private void Delete(long number)
    {
        segments.Remove(number);
        File.Delete(Segment.PathOf(options.Folder, number));
    }

    private sealed record Pending(QueuedRequest Request)
    {
        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
