using System.Threading.Channels;

namespace Fleet.Rest.Audit;

/// <summary>
/// The way of entries into the store. Writes wait for theirs; reads, and ends of writes that could not be written at once, go through a bounded queue and
/// are tried until the store takes them.
/// </summary>
public sealed partial class AuditTrail : BackgroundService
{
    private const int BatchSize = 200;
    private const int LongestDetail = 2000;
    private static readonly TimeSpan ForgetEvery = TimeSpan.FromHours(6);

    private readonly IAuditStore store;
    private readonly AuditOptions options;
    private readonly ApiMetrics metrics;
    private readonly TimeProvider clock;
    private readonly ILogger<AuditTrail> log;
    private readonly Channel<AuditEntry> queue;
    private DateTimeOffset forgotten = DateTimeOffset.MinValue;

    public AuditTrail(IAuditStore store, AuditOptions options, ApiMetrics metrics, TimeProvider clock, ILogger<AuditTrail> log)
    {
        (this.store, this.options, this.metrics, this.clock, this.log) = (store, options, metrics, clock, log);
        queue = Channel.CreateBounded<AuditEntry>(new BoundedChannelOptions(options.Backlog) { FullMode = BoundedChannelFullMode.Wait, SingleReader = true });
    }

    /// <summary>Throws <see cref="AuditUnavailableException"/> when the entry cannot be written: then the change must not be made.</summary>
    public async Task BeginAsync(AuditEntry entry, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(options.WriteTimeout);
        try
        {
            await store.SaveAsync([entry], limit.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new AuditUnavailableException($"the audit was not written within {options.WriteTimeout.TotalSeconds:0} s");
        }
        catch (AuditUnavailableException)
        {
            metrics.AuditFailed();
            throw;
        }
    }

    /// <summary>The change is made, so this never fails: what cannot be written now is written later, and until then the entry says Started.</summary>
    public async Task CompleteAsync(AuditEntry entry)
    {
        entry = Bounded(entry);
        using var limit = new CancellationTokenSource(options.WriteTimeout, clock);
        try
        {
            await store.SaveAsync([entry], limit.Token);
        }
        catch (Exception error) when (error is AuditUnavailableException or OperationCanceledException)
        {
            metrics.AuditFailed();
            LogLate(entry.RequestId, error.Message);
            Enqueue(entry);
        }
    }

    /// <summary>Records a read, or a write that was not made. Never waits.</summary>
    public void Note(AuditEntry entry) => Enqueue(Bounded(entry));

    /// <summary>A call of somebody whom the management API does not know.</summary>
    public void NoteUnknown(Guid requestId, string? from, int status, string detail) => Note(new()
    {
        RequestId = requestId,
        Time = clock.GetUtcNow(),
        User = "",
        From = from,
        Verb = "",
        Resource = "",
        Outcome = AuditOutcome.Refused,
        Status = status,
        Detail = detail,
    });

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var batch = new Dictionary<Guid, AuditEntry>();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ForgetAsync(stoppingToken);
                if (batch.Count == 0)
                    await queue.Reader.WaitToReadAsync(stoppingToken);
                while (batch.Count < BatchSize && queue.Reader.TryRead(out var entry))
                    batch[entry.RequestId] = entry;
                await store.SaveAsync(batch.Values, stoppingToken);
                batch.Clear();
            }
            catch (AuditUnavailableException error)
            {
                metrics.AuditFailed();
                LogPause(error.Message);
                await Task.Delay(options.Pause, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
        }

        await DrainAsync(batch);
    }

    /// <summary>What is still queued at the end gets one try.</summary>
    private async Task DrainAsync(Dictionary<Guid, AuditEntry> batch)
    {
        while (queue.Reader.TryRead(out var entry))
            batch[entry.RequestId] = entry;
        if (batch.Count == 0)
            return;
        using var limit = new CancellationTokenSource(options.WriteTimeout, clock);
        try
        {
            await store.SaveAsync(batch.Values, limit.Token);
        }
        catch (Exception error) when (error is AuditUnavailableException or OperationCanceledException)
        {
            LogLost(batch.Count, error.Message);
        }
    }

    private async Task ForgetAsync(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        if (now - forgotten < ForgetEvery)
            return;
        await store.ForgetAsync(now - options.Retention, ct);
        forgotten = now;
    }

    private void Enqueue(AuditEntry entry)
    {
        if (!queue.Writer.TryWrite(entry))
            metrics.AuditDropped();
    }

    private static AuditEntry Bounded(AuditEntry entry) => entry.Detail is { Length: > LongestDetail } detail ? entry with { Detail = detail[..LongestDetail] } : entry;

    [LoggerMessage(1311, LogLevel.Warning, "The audit is not written, reads wait in a queue: {Reason}")]
    private partial void LogPause(string reason);

    [LoggerMessage(1312, LogLevel.Warning, "The end of call {RequestId} is not in the audit yet: {Reason}")]
    private partial void LogLate(Guid requestId, string reason);

    [LoggerMessage(1313, LogLevel.Error, "{Count} audit entries were lost at the end of the process: {Reason}")]
    private partial void LogLost(int count, string reason);
}
