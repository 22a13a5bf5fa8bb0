using Fleet.Kubernetes.Objects;
using Fleet.Observability.Alerts.States;
using Fleet.Observability.Ledger;
using Npgsql;
using NpgsqlTypes;

namespace Fleet.Observability.Alerts.Storage;

/// <summary>What is asked of alerts and deliveries.</summary>
internal sealed class AlertQueries(LedgerConnections connections)
{
    /// <summary>Namespaces of rules and clusters that alerts are of.</summary>
    public async Task<IReadOnlyList<string>> NamespacesAsync(CancellationToken ct)
    {
        await using var connection = await connections.OpenAsync(ct);
        await using var command = new NpgsqlCommand("SELECT tenant FROM alerts UNION SELECT rule_namespace FROM alerts UNION SELECT namespace FROM alert_deliveries", connection.Value);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var names = new List<string>();
        while (await reader.ReadAsync(ct))
            names.Add(reader.GetString(0));
        return names;
    }

    /// <param name="among">Only those of rules or clusters of these namespaces; null: all.</param>
    public async Task<List<AlertInstance>> FindAsync(AlertPhase? phase, IReadOnlyCollection<string>? among, string? cluster, int limit, CancellationToken ct)
    {
        await using var connection = await connections.OpenAsync(ct);
        return await AlertRows.ReadAsync(
            new NpgsqlCommand(
                $"""
                SELECT {AlertRows.Columns} FROM alerts
                WHERE ($1::text IS NULL OR phase = $1) AND ($2::text[] IS NULL OR tenant = ANY($2) OR rule_namespace = ANY($2))
                  AND ($3::text IS NULL OR labels::jsonb ->> 'cluster' = $3)
                ORDER BY array_position(ARRAY['Firing', 'Pending', 'Resolved'], phase), coalesce(resolved_at, fired_at, active_since) DESC, id LIMIT $4
                """, connection.Value)
            {
                Parameters =
                {
                    new() { Value = (object?)phase?.ToString() ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text },
                    new() { Value = (object?)among?.ToArray() ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text },
                    new() { Value = (object?)cluster ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text }, new() { Value = limit },
                },
            }, ct);
    }

    /// <summary>How receivers do.</summary>
    public async Task<IReadOnlyDictionary<ObjectKey, ReceiverRecord>> ReceiversAsync(DateTimeOffset since, CancellationToken ct)
    {
        await using var connection = await connections.OpenAsync(ct);
        await using var command = new NpgsqlCommand(
            """
            SELECT namespace, receiver, max(delivered), sum(failed)::integer, sum(dead)::integer, max(last_dead), (array_agg(error ORDER BY at DESC NULLS LAST))[1] FROM (
                SELECT namespace, receiver, max(at) FILTER (WHERE outcome = 'delivered') AS delivered, 0 AS failed, 0 AS dead, NULL::timestamptz AS last_dead, NULL::text AS error, NULL::timestamptz AS at
                FROM alert_deliveries GROUP BY 1, 2
                UNION ALL
                SELECT namespace, receiver, NULL, count(*) FILTER (WHERE dead_at IS NULL AND attempts > 0 AND last_error IS NOT NULL), count(*) FILTER (WHERE dead_at > $1), max(dead_at),
                    (array_agg(last_error ORDER BY sequence DESC) FILTER (WHERE last_error IS NOT NULL))[1], max(created)
                FROM alert_outbox GROUP BY 1, 2) AS parts
            GROUP BY 1, 2
            """, connection.Value) { Parameters = { new() { Value = since } } };
        await using var reader = await command.ExecuteReaderAsync(ct);
        var found = new Dictionary<ObjectKey, ReceiverRecord>();
        while (await reader.ReadAsync(ct))
            found[new(reader.GetString(0), reader.GetString(1))] = new(Time(reader, 2), reader.GetInt32(3), reader.GetInt32(4), Time(reader, 5), reader.IsDBNull(6) ? null : reader.GetString(6));
        return found;
    }

    /// <summary>Newest first.</summary>
    public async Task<List<DeliveryRow>> DeliveriesAsync(IReadOnlyCollection<string>? among, ObjectKey? receiver, int limit, CancellationToken ct)
    {
        await using var connection = await connections.OpenAsync(ct);
        await using var command = new NpgsqlCommand(
            """
            SELECT id, namespace, receiver, notification, title, alerts, at, outcome, attempt, code, milliseconds, message FROM alert_deliveries
            WHERE ($1::text[] IS NULL OR namespace = ANY($1)) AND ($2::text IS NULL OR (namespace = $2 AND receiver = $3)) ORDER BY id DESC LIMIT $4
            """, connection.Value)
        {
            Parameters =
            {
                new() { Value = (object?)among?.ToArray() ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text },
                new() { Value = (object?)receiver?.Namespace ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text },
                new() { Value = (object?)receiver?.Name ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text }, new() { Value = limit },
            },
        };
        await using var reader = await command.ExecuteReaderAsync(ct);
        var rows = new List<DeliveryRow>();
        while (await reader.ReadAsync(ct))
            rows.Add(new()
            {
                Id = reader.GetInt64(0), Namespace = reader.GetString(1), Receiver = reader.GetString(2), Notification = reader.GetString(3), Title = reader.GetString(4), Alerts = reader.GetInt32(5),
                At = reader.GetFieldValue<DateTimeOffset>(6), Outcome = reader.GetString(7), Attempt = reader.GetInt32(8), Code = reader.IsDBNull(9) ? null : reader.GetInt32(9),
                Milliseconds = reader.GetInt32(10), Message = reader.GetString(11),
            });
        return rows;
    }

    private static DateTimeOffset? Time(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetFieldValue<DateTimeOffset>(column);
}
