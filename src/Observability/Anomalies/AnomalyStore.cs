using System.Text.Json;
using Fleet.Control.Grains;
using Fleet.Cost.Anomalies;
using Fleet.Observability.Ledger;
using Npgsql;
using NpgsqlTypes;

namespace Fleet.Observability.Anomalies;

/// <summary>Anomalies, open and closed.</summary>
internal sealed class AnomalyStore(LedgerConnections connections)
{
    private const int MostRows = 1000;

    /// <param name="isOpen">Null for open and closed ones.</param>
    /// <param name="clusters">Null for all.</param>
    /// <param name="since">Closed ones that ended before are left out.</param>
    /// <returns>Open ones first, the newest first.</returns>
    public async Task<IReadOnlyList<AnomalyRow>> ReadAsync(bool? isOpen, IReadOnlyCollection<string>? clusters, DateOnly since, CancellationToken ct, int limit = MostRows)
    {
        await using var opened = await connections.OpenAsync(ct);
        await using var command = new NpgsqlCommand(
            """
            SELECT id, subject, cluster, name, currency, first_day, last_day, closed_at IS NULL, expected, actual, severity, top FROM cost_anomalies
            WHERE ($1::boolean IS NULL OR (closed_at IS NULL) = $1) AND ($2::text[] IS NULL OR cluster = ANY ($2)) AND (closed_at IS NULL OR last_day >= $3)
            ORDER BY closed_at IS NOT NULL, first_day DESC, abs(actual - expected) DESC, id LIMIT $4
            """, opened.Value);
        command.Parameters.Add(new() { Value = isOpen ?? (object)DBNull.Value, NpgsqlDbType = NpgsqlDbType.Boolean });
        command.Parameters.Add(new() { Value = clusters?.ToArray() ?? (object)DBNull.Value, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        command.Parameters.AddWithValue(since);
        command.Parameters.AddWithValue(limit);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var rows = new List<AnomalyRow>();
        while (await reader.ReadAsync(ct))
            rows.Add(new(
                reader.GetInt64(0), new(reader.GetString(1), reader.GetString(2), reader.GetString(3), reader.GetString(4)),
                new(reader.GetFieldValue<DateOnly>(5), reader.GetFieldValue<DateOnly>(6), reader.GetBoolean(7), reader.GetDouble(8), reader.GetDouble(9), (AnomalySeverity)reader.GetInt16(10)),
                JsonSerializer.Deserialize<List<AnomalyPart>>(reader.GetString(11)) ?? []));
        return rows;
    }

    /// <summary>Open ones.</summary>
    public async Task<int> CountAsync(IReadOnlyCollection<string>? clusters, CancellationToken ct)
    {
        await using var opened = await connections.OpenAsync(ct);
        await using var command = new NpgsqlCommand("SELECT count(*) FROM cost_anomalies WHERE closed_at IS NULL AND ($1::text[] IS NULL OR cluster = ANY ($1))", opened.Value);
        command.Parameters.Add(new() { Value = clusters?.ToArray() ?? (object)DBNull.Value, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        return (int)(long)(await command.ExecuteScalarAsync(ct))!;
    }

    /// <summary>All or nothing. What is over is closed first: a series has at most one that is open.</summary>
    public async Task WriteAsync(GrainOwnership owner, IReadOnlyList<AnomalyRow> over, IReadOnlyList<(FoundAnomaly Found, IReadOnlyList<AnomalyPart>? Top)> written, DateTimeOffset now, CancellationToken ct)
    {
        await using var opened = await connections.OpenAsync(ct);
        await using var transaction = await opened.BeginAsync(owner, ct);
        await using (var close = new NpgsqlCommand("UPDATE cost_anomalies SET closed_at = $2 WHERE id = ANY ($1) AND closed_at IS NULL", opened.Value))
        {
            close.Parameters.AddWithValue(over.Select(row => row.Id).ToArray());
            close.Parameters.AddWithValue(now.ToUniversalTime());
            await close.ExecuteNonQueryAsync(ct);
        }
        foreach (var (found, top) in written.OrderBy(one => one.Found.Anomaly.IsOpen))
        {
            await using var write = new NpgsqlCommand(
                """
                INSERT INTO cost_anomalies AS a (subject, cluster, name, currency, first_day, last_day, expected, actual, severity, top, opened_at, closed_at)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, COALESCE($10::jsonb, '[]'), $11, CASE WHEN $12 THEN NULL ELSE $11 END)
                ON CONFLICT (subject, cluster, name, currency, first_day) DO UPDATE SET last_day = EXCLUDED.last_day, expected = EXCLUDED.expected, actual = EXCLUDED.actual,
                    severity = EXCLUDED.severity, top = COALESCE($10::jsonb, a.top), closed_at = CASE WHEN $12 THEN NULL ELSE COALESCE(a.closed_at, EXCLUDED.closed_at) END
                """, opened.Value);
            foreach (var text in (string[])[found.Series.Subject, found.Series.Cluster, found.Series.Name, found.Series.Currency])
                write.Parameters.AddWithValue(text);
            write.Parameters.AddWithValue(found.Anomaly.FirstDay);
            write.Parameters.AddWithValue(found.Anomaly.LastDay);
            write.Parameters.AddWithValue(found.Anomaly.Expected);
            write.Parameters.AddWithValue(found.Anomaly.Actual);
            write.Parameters.AddWithValue((short)found.Anomaly.Severity);
            write.Parameters.Add(new() { Value = top is null ? DBNull.Value : JsonSerializer.Serialize(top), NpgsqlDbType = NpgsqlDbType.Text });
            write.Parameters.AddWithValue(now.ToUniversalTime());
            write.Parameters.AddWithValue(found.Anomaly.IsOpen);
            await write.ExecuteNonQueryAsync(ct);
        }
        await transaction.CommitAsync(ct);
    }
}
