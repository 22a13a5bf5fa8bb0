using Fleet.Control.Grains;
using Npgsql;

namespace Fleet.Observability.Ingest.Records;

/// <summary>Drops the days that are older than they are kept, once an hour.</summary>
public sealed partial class RecordRetention(RecordStore store, RecordOptions options, GrainOwnership owner, TimeProvider clock, ILogger<RecordRetention> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await ForgetAsync(RecordKind.Logs, options.LogRetention, stoppingToken);
            await ForgetAsync(RecordKind.Spans, options.SpanRetention, stoppingToken);
            await Task.Delay(Pause, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ForgetAsync(RecordKind kind, TimeSpan retention, CancellationToken ct)
    {
        try
        {
            var gone = await store.ForgetAsync(kind, owner, DateOnly.FromDateTime((clock.GetUtcNow() - retention).UtcDateTime), ct);
            if (gone.Count > 0)
                LogGone(string.Join(", ", gone));
        }
        catch (GrainElsewhereException)
        {
            // Another process drops them; this one is about to be stopped.
        }
        catch (Exception failure) when (failure is NpgsqlException or TimeoutException)
        {
            LogLater(kind.Table, failure.Message);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return;
        }
    }

    [LoggerMessage(3030, LogLevel.Information, "Telemetry older than it is kept has been dropped: {Tables}")]
    private partial void LogGone(string tables);

    [LoggerMessage(3031, LogLevel.Warning, "Old telemetry in {Table} cannot be dropped now: {Reason}")]
    private partial void LogLater(string table, string reason);
}
