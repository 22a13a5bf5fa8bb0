using System.Collections.Immutable;
using System.Text.Json;
using Fleet.Control.Grains;
using Fleet.Observability.Alerts.Routing;
using Fleet.Observability.Alerts.States;
using Fleet.Observability.Ledger;
using Npgsql;
using NpgsqlTypes;

namespace Fleet.Observability.Alerts.Storage;

/// <summary>
/// Of the process that advances alerts. Its epoch is raised before it reads: what an earlier one writes from then on is refused, so that what was read stays true until it is written. No lock is held
/// between two writes, since a process that is frozen with one would keep everybody from alerting.
/// </summary>
internal sealed class AlertSession : IAsyncDisposable
{
    private readonly LedgerConnections.Opened opened;
    private readonly GrainOwnership owner;

    private AlertSession(LedgerConnections.Opened opened, GrainOwnership owner) => (this.opened, this.owner) = (opened, owner);

    /// <exception cref="GrainElsewhereException">A later process advances them; so do all methods.</exception>
    public static async Task<AlertSession> OpenAsync(LedgerConnections connections, GrainOwnership owner, CancellationToken ct)
    {
        var session = new AlertSession(await connections.OpenAsync(ct), owner);
        try
        {
            await session.ProveAsync(ct);
            return session;
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    /// <summary>Everything as it was written last.</summary>
    public async Task<(List<AlertInstance> Alerts, List<GroupState> Groups)> LoadAsync(CancellationToken ct)
    {
        var groups = new List<GroupState>();
        var alerts = await AlertRows.ReadAsync(new NpgsqlCommand($"SELECT {AlertRows.Columns} FROM alerts", opened.Value), ct);
        await using var command = new NpgsqlCommand(
            "SELECT key, route, namespace, receiver, labels, next_flush, members, notified_at, notified_firing, notified_resolved, sequence FROM alert_groups", opened.Value);
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
            groups.Add(new()
            {
                Key = reader.GetString(0), Route = reader.GetString(1), Namespace = reader.GetString(2), Receiver = reader.GetString(3), Labels = AlertsJson.ReadLabels(reader.GetString(4)),
                NextFlush = reader.GetFieldValue<DateTimeOffset>(5), Members = Ids(reader, 6), NotifiedAt = reader.IsDBNull(7) ? null : reader.GetFieldValue<DateTimeOffset>(7),
                NotifiedFiring = Ids(reader, 8), NotifiedResolved = Ids(reader, 9), Sequence = reader.GetInt32(10),
            });
        return (alerts, groups);
    }

    /// <summary>All of it or nothing.</summary>
    public async Task SaveAsync(AlertChanges changes, CancellationToken ct)
    {
        await using var transaction = await opened.BeginAsync(owner, ct);
        if (changes.Alerts.Count > 0)
            await AlertRows.WriteAsync(opened.Value, changes.Alerts, ct);
        await DeleteAsync("DELETE FROM alerts WHERE id = ANY($1)", changes.Forgotten, ct);
        await DeleteAsync("DELETE FROM alert_groups WHERE key = ANY($1)", changes.Notifications.Gone, ct);
        foreach (var group in changes.Notifications.Groups)
            await WriteAsync(group, ct);
        foreach (var notification in changes.Notifications.Notifications)
            await WriteAsync(notification, ct);
        await transaction.CommitAsync(ct);
    }

    /// <summary>That there is no later one, and that the database answers.</summary>
    public async Task ProveAsync(CancellationToken ct)
    {
        await using var transaction = await opened.BeginAsync(owner, ct);
        await transaction.CommitAsync(ct);
    }

    public ValueTask DisposeAsync() => opened.DisposeAsync();

    private async Task DeleteAsync(string sql, IReadOnlyList<string> ids, CancellationToken ct)
    {
        if (ids.Count == 0)
            return;
        await using var command = new NpgsqlCommand(sql, opened.Value) { Parameters = { new() { Value = ids.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text } } };
        await command.ExecuteNonQueryAsync(ct);
    }

    private async Task WriteAsync(GroupState group, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            """
            INSERT INTO alert_groups (key, route, namespace, receiver, labels, next_flush, members, notified_at, notified_firing, notified_resolved, sequence)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
            ON CONFLICT (key) DO UPDATE SET route = $2, namespace = $3, receiver = $4, labels = $5, next_flush = $6, members = $7, notified_at = $8, notified_firing = $9, notified_resolved = $10, sequence = $11
            """, opened.Value)
        {
            Parameters =
            {
                new() { Value = group.Key }, new() { Value = group.Route }, new() { Value = group.Namespace }, new() { Value = group.Receiver }, new() { Value = AlertsJson.Write(group.Labels) },
                new() { Value = group.NextFlush }, new() { Value = group.Members.ToArray() },
                new() { Value = (object?)group.NotifiedAt ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz },
                new() { Value = group.NotifiedFiring.ToArray() }, new() { Value = group.NotifiedResolved.ToArray() }, new() { Value = group.Sequence },
            },
        };
        await command.ExecuteNonQueryAsync(ct);
    }

    private async Task WriteAsync(Notification notification, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            """
            INSERT INTO alert_outbox (id, namespace, receiver, group_key, body, created, next_attempt) VALUES ($1, $2, $3, $4, $5, $6, $6)
            ON CONFLICT (id) DO NOTHING
            """, opened.Value)
        {
            Parameters =
            {
                new() { Value = notification.Id }, new() { Value = notification.Namespace }, new() { Value = notification.Receiver }, new() { Value = notification.GroupKey },
                new() { Value = JsonSerializer.Serialize(notification, AlertsJson.Default.Notification) }, new() { Value = notification.At },
            },
        };
        await command.ExecuteNonQueryAsync(ct);
    }

    private static ImmutableSortedSet<string> Ids(NpgsqlDataReader reader, int column) => ImmutableSortedSet.CreateRange(StringComparer.Ordinal, reader.GetFieldValue<string[]>(column));
}
