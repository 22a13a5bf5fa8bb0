using Fleet.Rest.Databases;
using Microsoft.EntityFrameworkCore;

namespace Fleet.Rest.Audit;

/// <summary>The audit in PostgreSQL. Brings the tables up to date before it is used first, however late the database comes.</summary>
internal sealed class PostgresAudit(IDbContextFactory<AuditContext> contexts) : IAuditStore, IDisposable
{
    private readonly MigratedContexts<AuditContext> opened = new(contexts);

    public Task SaveAsync(IReadOnlyCollection<AuditEntry> entries, CancellationToken ct) => WithAsync(async audit =>
    {
        await using var transaction = await audit.Database.BeginTransactionAsync(ct);
        foreach (var entry in entries)
            await SaveAsync(audit, entry, ct);
        await transaction.CommitAsync(ct);
        return true;
    }, ct);

    public async Task<IReadOnlyList<AuditEntry>?> FindAsync(AuditQuery query, CancellationToken ct) => await WithAsync(async audit =>
    {
        var rows = audit.Entries.AsNoTracking()
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

    public Task<int> ForgetAsync(DateTimeOffset before, CancellationToken ct) =>
        WithAsync(audit => audit.Entries.Where(row => row.Time < before).ExecuteDeleteAsync(ct), ct);

    public void Dispose() => opened.Dispose();

    /// <summary>The end of a call replaces its beginning, never the other way round.</summary>
    private static Task<int> SaveAsync(AuditContext audit, AuditEntry entry, CancellationToken ct)
    {
        var (groups, outcome) = (entry.Groups.ToArray(), entry.Outcome.ToString());
        return audit.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO audit (request_id, time, user_name, user_uid, user_groups, source, verb, resource, namespace, name, dry_run, before_hash, after_hash, outcome, status, detail)
            VALUES ({entry.RequestId}, {entry.Time}, {entry.User}, {entry.Uid}, {groups}, {entry.From}, {entry.Verb}, {entry.Resource}, {entry.Namespace}, {entry.Name},
                    {entry.DryRun}, {entry.Before}, {entry.After}, {outcome}, {entry.Status}, {entry.Detail})
            ON CONFLICT (request_id) DO UPDATE
                SET outcome = EXCLUDED.outcome, status = EXCLUDED.status, after_hash = EXCLUDED.after_hash, detail = EXCLUDED.detail
                WHERE audit.outcome = 'Started'
            """, ct);
    }

    private async Task<T> WithAsync<T>(Func<AuditContext, Task<T>> work, CancellationToken ct)
    {
        try
        {
            await using var audit = await opened.OpenAsync(ct);
            return await work(audit);
        }
        catch (Exception error) when (DatabaseFailures.IsOne(error))
        {
            throw new AuditUnavailableException("the audit database does not answer", error);
        }
    }
}
