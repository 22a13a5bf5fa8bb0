using Fleet.Control.Audit;
using Fleet.Rest.Databases;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Fleet.Rest.Audit;

/// <summary>
/// The audit in PostgreSQL. Brings the tables up to date before it is used first, however late the database comes. Who saves while another does so goes with
/// whoever is next in one transaction: the chain has one end, and waiting for it is shared.
/// </summary>
internal sealed class PostgresAudit(IDbContextFactory<AuditContext> contexts, TimeProvider clock) : IAuditStore, IDisposable
{
    private const int MostAtOnce = 1000;

    /// <summary>For one transaction, whoever waits for it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly MigratedContexts<AuditContext> opened = new(contexts);
    private readonly SemaphoreSlim turn = new(1);
    private readonly Lock gate = new();
    private readonly List<Waiting> waiting = [];

    public async Task SaveAsync(IReadOnlyCollection<AuditEntry> entries, CancellationToken ct)
    {
        var mine = new Waiting([.. entries], new(TaskCreationOptions.RunContinuationsAsynchronously));
        lock (gate)
            waiting.Add(mine);
        try
        {
            await turn.WaitAsync(ct);
        }
        catch (OperationCanceledException)
        {
            lock (gate)
                if (waiting.Remove(mine))
                    throw;
            // Somebody writes it just now.
            await mine.Written.Task.WaitAsync(ct);
            return;
        }

        try
        {
            if (!mine.Written.Task.IsCompleted)
                await WriteAsync(Take());
        }
        finally
        {
            turn.Release();
        }

        await mine.Written.Task;
    }

    public async Task<IReadOnlyList<AuditEntry>?> FindAsync(AuditQuery query, CancellationToken ct) => await WithAsync(async audit =>
    {
        var rows = audit.Entries.AsNoTracking()
            // Of a call the last that is known of it.
            .Where(row => !audit.Entries.Any(later => later.RequestId == row.RequestId && later.Sequence > row.Sequence))
            .Where(row => (query.User == null || row.User == query.User)
                && (query.Verb == null || row.Verb == query.Verb)
                && (query.Resource == null || row.Resource == query.Resource)
                && (query.Namespace == null || row.Namespace == query.Namespace)
                && (query.Name == null || row.Name == query.Name));
        if (query.Outcome is { } outcome)
            rows = rows.Where(row => row.Outcome == outcome.ToString());
        if (query.Since is { } since)
            rows = rows.Where(row => row.Time >= since);
        if (query.Until is { } until)
            rows = rows.Where(row => row.Time < until);
        if (query.Before is { } before)
            rows = rows.Where(row => row.Time < before.Time || (row.Time == before.Time && row.RequestId.CompareTo(before.RequestId) < 0));
        var found = await rows.OrderByDescending(row => row.Time).ThenByDescending(row => row.RequestId).Take(query.Limit).ToListAsync(ct);
        return found.ConvertAll(row => row.Entry());
    }, ct);

    public Task<AuditExport?> ExportAsync(AuditPlace? after, CancellationToken ct) => AskAsync<AuditExport?>(async () =>
    {
        var audit = await opened.OpenAsync(ct);
        try
        {
            return await AuditChainReader.ExportAsync(audit, after, ct);
        }
        catch
        {
            await audit.DisposeAsync();
            throw;
        }
    });

    public async Task<int> ForgetAsync(DateTimeOffset before, CancellationToken ct)
    {
        await turn.WaitAsync(ct);
        try
        {
            return await WithAsync(async audit =>
            {
                var connection = await ConnectAsync(audit, ct);
                await AuditChainWriter.AddUnchainedAsync(connection, clock, ct);
                return await AuditChainWriter.SealAsync(connection, before, clock, ct);
            }, ct);
        }
        finally
        {
            turn.Release();
        }
    }

    public void Dispose()
    {
        opened.Dispose();
        turn.Dispose();
    }

    private List<Waiting> Take()
    {
        lock (gate)
        {
            var count = 0;
            var taken = waiting.TakeWhile(one => (count += one.Entries.Count) <= MostAtOnce || count == one.Entries.Count).ToList();
            waiting.RemoveRange(0, taken.Count);
            return taken;
        }
    }

    /// <summary>Whoever waits is told; this never fails.</summary>
    private async Task WriteAsync(List<Waiting> taken)
    {
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            await WithAsync(async audit =>
            {
                await AuditChainWriter.AddAsync(await ConnectAsync(audit, limit.Token), [.. taken.SelectMany(one => one.Entries)], clock, limit.Token);
                return true;
            }, limit.Token);
            taken.ForEach(one => one.Written.SetResult());
        }
        catch (Exception error)
        {
            var told = error as AuditUnavailableException ?? new AuditUnavailableException("the audit database does not answer", error);
            taken.ForEach(one => one.Written.SetException(told));
        }
    }

    private static async Task<NpgsqlConnection> ConnectAsync(AuditContext audit, CancellationToken ct)
    {
        await audit.Database.OpenConnectionAsync(ct);
        return (NpgsqlConnection)audit.Database.GetDbConnection();
    }

    private Task<T> WithAsync<T>(Func<AuditContext, Task<T>> work, CancellationToken ct) => AskAsync(async () =>
    {
        await using var audit = await opened.OpenAsync(ct);
        return await work(audit);
    });

    private static async Task<T> AskAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception error) when (DatabaseFailures.IsOne(error))
        {
            throw new AuditUnavailableException("the audit database does not answer", error);
        }
    }

    private sealed record Waiting(IReadOnlyList<AuditEntry> Entries, TaskCompletionSource Written);
}
