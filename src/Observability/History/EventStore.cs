using Fleet.Rest.Databases;
using Microsoft.EntityFrameworkCore;

namespace Fleet.Observability.History;

/// <summary>Writes and reads events. Writing is idempotent, so that a watcher may hand over the same event again after a restart.</summary>
public sealed class EventStore(MigratedContexts<HistoryContext> contexts)
{
    private const int MostRows = 1000;

    /// <summary>All or none of them; a repeated event moves its count and time forward, never back.</summary>
    public async Task SaveAsync(IReadOnlyCollection<EventRow> rows, CancellationToken ct)
    {
        await using var history = await contexts.OpenAsync(ct);
        await using var transaction = await history.Database.BeginTransactionAsync(ct);
        foreach (var row in rows)
        {
            await history.Database.ExecuteSqlAsync(
                $"""
                INSERT INTO events (uid, namespace, kind, name, object_uid, type, reason, message, count, first_seen, last_seen)
                VALUES ({row.Uid}, {row.Namespace}, {row.Kind}, {row.Name}, {row.ObjectUid}, {row.Type}, {row.Reason}, {row.Message}, {row.Count}, {row.FirstSeen}, {row.LastSeen})
                ON CONFLICT (uid) DO UPDATE SET count = EXCLUDED.count, last_seen = EXCLUDED.last_seen, message = EXCLUDED.message
                WHERE events.last_seen <= EXCLUDED.last_seen
                """, ct);
        }

        await transaction.CommitAsync(ct);
    }

    /// <param name="name">Of the object that the events are about; null for any.</param>
    /// <param name="limit">At most 1000; the newest come first.</param>
    public async Task<IReadOnlyList<EventRow>> FindAsync(string? @namespace, string? name, DateTimeOffset since, int limit, CancellationToken ct)
    {
        await using var history = await contexts.OpenAsync(ct);
        return await history.Events.AsNoTracking()
            .Where(row => (@namespace == null || row.Namespace == @namespace) && (name == null || row.Name == name) && row.LastSeen >= since)
            .OrderByDescending(row => row.LastSeen).ThenBy(row => row.Uid)
            .Take(Math.Clamp(limit, 1, MostRows))
            .ToListAsync(ct);
    }

    /// <summary>Deletes what is older; returns how many.</summary>
    public async Task<int> ForgetAsync(DateTimeOffset before, CancellationToken ct)
    {
        await using var history = await contexts.OpenAsync(ct);
        return await history.Events.Where(row => row.LastSeen < before).ExecuteDeleteAsync(ct);
    }
}
