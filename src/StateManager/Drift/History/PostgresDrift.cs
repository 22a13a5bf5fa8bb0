using System.Threading.Channels;
using Fleet.Helm.Releases;
using Fleet.Kubernetes.Objects;
using Fleet.Rest.Databases;
using Microsoft.EntityFrameworkCore;

namespace Fleet.StateManager.Drift.History;

/// <summary>
/// The history in PostgreSQL, written behind: entries wait in memory while the database is away, the oldest go first when there are too many. Brings the
/// table up to date before it is used first, however late the database comes.
/// </summary>
internal sealed partial class PostgresDrift : BackgroundService, IDriftHistory
{
    private const int BatchSize = 200;
    private static readonly TimeSpan ForgetEvery = TimeSpan.FromHours(6);
    private static readonly TimeSpan LastTry = TimeSpan.FromSeconds(5);

    private readonly MigratedContexts<DriftContext> contexts;
    private readonly DriftHistoryOptions options;
    private readonly TimeProvider clock;
    private readonly ILogger<PostgresDrift> log;
    private readonly Channel<DriftRow> queue;
    private DateTimeOffset forgotten = DateTimeOffset.MinValue;

    public PostgresDrift(IDbContextFactory<DriftContext> contexts, DriftHistoryOptions options, TimeProvider clock, ILogger<PostgresDrift> log)
    {
        (this.contexts, this.options, this.clock, this.log) = (new(contexts), options, clock, log);
        queue = Channel.CreateBounded<DriftRow>(new BoundedChannelOptions(options.Backlog) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });
    }

    public void Note(DriftEntry entry) => queue.Writer.TryWrite(DriftRow.Of(entry));

    public async Task<IReadOnlyList<DriftEntry>?> FindAsync(ObjectKey cluster, ReleaseName service, int limit, CancellationToken ct)
    {
        try
        {
            await using var context = await contexts.OpenAsync(ct);
            var rows = await context.Entries.AsNoTracking()
                .Where(row => row.Namespace == cluster.Namespace && row.Cluster == cluster.Name && row.ServiceNamespace == service.Namespace && row.Service == service.Name)
                .OrderByDescending(row => row.Time).ThenByDescending(row => row.Id).Take(limit).ToListAsync(ct);
            return [.. rows.Select(row => row.ToEntry())];
        }
        catch (Exception error) when (DatabaseFailures.IsOne(error))
        {
            throw new DriftHistoryException(error);
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        contexts.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var batch = new List<DriftRow>();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (batch.Count == 0)
                    await queue.Reader.WaitToReadAsync(stoppingToken);
                Fill(batch);
                await SaveAsync(batch, stoppingToken);
                batch.Clear();
            }
            catch (Exception error) when (DatabaseFailures.IsOne(error))
            {
                LogAway(options.Pause.TotalSeconds, error.GetType().Name);
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
    private async Task DrainAsync(List<DriftRow> batch)
    {
        Fill(batch);
        if (batch.Count == 0)
            return;
        using var limit = new CancellationTokenSource(LastTry, clock);
        try
        {
            await SaveAsync(batch, limit.Token);
        }
        catch (Exception error) when (DatabaseFailures.IsOne(error) || error is OperationCanceledException)
        {
            LogLost(batch.Count);
        }
    }

    private void Fill(List<DriftRow> batch)
    {
        while (batch.Count < BatchSize && queue.Reader.TryRead(out var row))
            batch.Add(row);
    }

    private async Task SaveAsync(List<DriftRow> rows, CancellationToken ct)
    {
        await using var context = await contexts.OpenAsync(ct);
        var now = clock.GetUtcNow();
        if (now - forgotten >= ForgetEvery)
        {
            var before = now - options.Retention;
            await context.Entries.Where(row => row.Time < before).ExecuteDeleteAsync(ct);
            forgotten = now;
        }

        await using var transaction = await context.Database.BeginTransactionAsync(ct);
        foreach (var row in rows)
            await SaveAsync(context, row, ct);
        await transaction.CommitAsync(ct);
    }

    /// <summary>A row whose write seemed to fail may be there already.</summary>
    private static Task<int> SaveAsync(DriftContext context, DriftRow row, CancellationToken ct) => context.Database.ExecuteSqlAsync(
        $"""
        INSERT INTO service_drift (id, time, namespace, cluster, service_set, service_namespace, service, object_api_version, object_kind, object_namespace,
            object_name, is_missing, fields, changed_by, changed_at, action, detail)
        VALUES ({row.Id}, {row.Time}, {row.Namespace}, {row.Cluster}, {row.ServiceSet}, {row.ServiceNamespace}, {row.Service}, {row.ApiVersion}, {row.Kind},
            {row.ObjectNamespace}, {row.ObjectName}, {row.IsMissing}, {row.Fields}, {row.ChangedBy}, {row.ChangedAt}, {row.Action}, {row.Detail})
        ON CONFLICT (id) DO NOTHING
        """, ct);

    [LoggerMessage(6102, LogLevel.Warning, "The database of the drift history does not answer ({Error}); tried again in {Seconds} s, services are kept meanwhile")]
    private partial void LogAway(double seconds, string error);

    [LoggerMessage(6103, LogLevel.Warning, "{Count} entries of the drift history could not be written before the end")]
    private partial void LogLost(int count);
}
