using Fleet.Control.Queueing;
using Fleet.Observability.Ingest.Forwarding;
using Fleet.Observability.Ingest.Queue;
using Fleet.Observability.Ingest.Wire;

namespace Fleet.Observability.Ingest.Stores;

/// <summary>
/// Carries the queue to the store, in order, one batch at a time. A store that is away is waited for; what it will never take is found, counted and left out, and
/// holds up nothing else.
/// </summary>
public sealed partial class StoreSender : BackgroundService
{
    private readonly IngestQueue queue;
    private readonly StoreOptions options;
    private readonly IngestMetrics metrics;
    private readonly TimeProvider clock;
    private readonly IJitterSource jitter;
    private readonly ILogger log;
    private readonly RemoteWriteStore store;
    private long oldestWaiting;

    public StoreSender(IngestQueue queue, StoreOptions options, IngestMetrics metrics, TimeProvider clock, IJitterSource jitter, ILogger<StoreSender> log)
    {
        (this.queue, this.options, this.metrics, this.clock, this.jitter, this.log) = (queue, options, metrics, clock, jitter, log);
        store = new RemoteWriteStore(options, clock);
        metrics.ObserveQueue(() => queue.Waiting, WaitedSeconds);
    }

    public override void Dispose()
    {
        store.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                // Compressed bodies are taken; they are about six times as much without.
                if (queue.Read(queue.Position, options.RequestBytes / 6) is not { } batch)
                {
                    Interlocked.Exchange(ref oldestWaiting, 0);
                    await queue.WaitAsync(stoppingToken);
                    continue;
                }
                Interlocked.Exchange(ref oldestWaiting, batch.Requests[0].AcceptedAt);
                await DeliverAsync(batch, stoppingToken);
                queue.Acknowledge(batch.Next);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // What was not acknowledged by the store is sent again at the next start.
            return;
        }
    }

    private double WaitedSeconds()
    {
        var accepted = Interlocked.Read(ref oldestWaiting);
        return accepted == 0 ? 0 : Math.Max(0, (clock.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(accepted)).TotalSeconds);
    }

    /// <summary>Returns when the store has all of it that it will ever take, or the queue has given it up.</summary>
    private async Task DeliverAsync(QueuedBatch batch, CancellationToken ct)
    {
        long left = 0;
        for (var failures = 0; ;)
        {
            // Again for each attempt: what waits gets older.
            using var asItLies = AsItLies(batch);
            using var message = asItLies is null ? Fresh(batch, ref left) : null;
            if (message is { Length: 0 })
                return;
            var answer = asItLies is not null ? await SendBlockAsync(asItLies.Memory, ct) : await SendAsync(message!.Memory, ct);
            if (answer.Verdict == StoreVerdict.Accepted)
            {
                metrics.Delivered(batch.Requests.Sum(request => (long)request.Samples) - left);
                if (failures > 0)
                    LogBack();
                return;
            }

            if (answer.Verdict == StoreVerdict.Refused && options.RefusesParts)
            {
                LogRefusedParts(ClustersOf(batch), answer.Code);
                return;
            }
            if (answer.Verdict == StoreVerdict.Refused || (answer.Verdict == StoreVerdict.Failed && (failures + 1) % options.FailuresBeforeIsolation == 0))
            {
                // Its parts can be told apart only when it is decoded.
                using var decoded = message is null ? Fresh(batch, ref left) : null;
                var series = (message ?? decoded!).Memory;
                if (series.Length == 0 || await IsolateAsync(batch, series, answer, ct))
                    return;
            }

            var delay = RetryDelay.Of(failures++, options.FirstDelay, options.LongestDelay, answer.RetryAfter, jitter);
            LogWaiting(answer.Code, queue.Waiting, delay);
            await Task.Delay(delay, clock, ct);
            if (queue.Position >= batch.Next)
                return;
        }
    }

    /// <summary>What of a batch is not too old; more that is gets counted and said.</summary>
    private PooledBytes Fresh(QueuedBatch batch, ref long left)
    {
        var message = Message(batch, out var tooOld);
        if (tooOld > left)
        {
            metrics.Undelivered("too_old", tooOld - left);
            LogTooOld(tooOld - left, ClustersOf(batch));
            left = tooOld;
        }
        return message;
    }

    /// <summary>The requests of a batch as one, without decoding them; null when a part of them has to be left out, or cannot be read. It is most of what a sender would have to do.</summary>
    private PooledBytes? AsItLies(QueuedBatch batch)
    {
        if (batch.Requests.Any(request => request.OldestTimestamp < OldestTaken()))
            return null;
        var block = new PooledBytes(batch.Requests.Sum(request => request.Body.Length) + 5);
        try
        {
            SnappyBlock.Join(batch.Requests.Select(request => request.Body), block);
            return block;
        }
        catch (MalformedPayloadException)
        {
            block.Dispose();
            return null;
        }
    }

    private long OldestTaken() => options.OldestSample is { } age ? (clock.GetUtcNow() - age).ToUnixTimeMilliseconds() : long.MinValue;

    private async Task<bool> IsolateAsync(QueuedBatch batch, ReadOnlyMemory<byte> message, StoreAnswer answer, CancellationToken ct)
    {
        var isolation = new BatchIsolation(SendAsync);
        var all = SeriesRange.All(message);
        if (answer.Verdict == StoreVerdict.Refused)
            await isolation.AfterRefusalAsync(all, ct);
        else
            await isolation.AfterFailuresAsync(all, ct);

        var givenUp = isolation.GivenUp;
        if (!isolation.IsDone)
        {
            // The store fails over every part of this batch: is it the batch? What comes after it tells.
            if (isolation.Accepted > 0 || answer.Verdict != StoreVerdict.Failed || !await TakesNextAsync(batch, ct))
                return false;
            // The store may have come back in between: it is asked once more before the batch is blamed.
            var again = (await SendAsync(message, ct)).Verdict;
            if (again == StoreVerdict.Accepted)
            {
                metrics.Delivered(all.Samples);
                return true;
            }
            if (again != StoreVerdict.Failed)
                return false;
            givenUp = all.Samples;
        }

        metrics.Delivered(isolation.Accepted);
        if (givenUp > 0)
        {
            metrics.Undelivered("refused_by_store", givenUp);
            LogRefused(givenUp, ClustersOf(batch), answer.Code);
        }
        return true;
    }

    private async Task<bool> TakesNextAsync(QueuedBatch batch, CancellationToken ct)
    {
        if (queue.Read(batch.Next, 1) is not { } next)
            return false;
        using var message = Message(next, out _);
        return message.Length > 0 && (await SendAsync(message.Memory, ct)).Verdict == StoreVerdict.Accepted;
    }

    private async Task<StoreAnswer> SendAsync(ReadOnlyMemory<byte> series, CancellationToken ct)
    {
        using var block = new PooledBytes(series.Length / 4);
        SnappyBlock.Encode(series.Span, block);
        return await SendBlockAsync(block.Memory, ct);
    }

    private async Task<StoreAnswer> SendBlockAsync(ReadOnlyMemory<byte> block, CancellationToken ct)
    {
        var answer = await store.SendAsync(block, ct);
        metrics.StoreAnswered(answer.Code);
        return answer;
    }

    /// <summary>The requests of a batch one behind the other, which makes one WriteRequest of them.</summary>
    /// <param name="tooOld">Samples that are left out.</param>
    private PooledBytes Message(QueuedBatch batch, out long tooOld)
    {
        var result = new PooledBytes(options.RequestBytes);
        var oldest = OldestTaken();
        tooOld = 0;
        foreach (var request in batch.Requests)
        {
            try
            {
                using var body = SnappyBlock.Decode(request.Body.Span, QueuedRequest.LongestRecord);
                if (request.OldestTimestamp < oldest)
                    tooOld += StaleSamples.LeaveOut(body.Span, oldest, result);
                else
                    result.Append(body.Span);
            }
            catch (MalformedPayloadException failure)
            {
                // Its checksum is right, so it was written like that, by another version of this program.
                LogUnreadable(failure.Message);
                metrics.Undelivered("unreadable", request.Samples);
            }
        }
        return result;
    }

    private static string ClustersOf(QueuedBatch batch)
    {
        var clusters = batch.Requests.Select(request => request.Cluster).Distinct().ToList();
        return string.Join(", ", clusters.Take(5)) + (clusters.Count > 5 ? $" and {clusters.Count - 5} others" : "");
    }
}
