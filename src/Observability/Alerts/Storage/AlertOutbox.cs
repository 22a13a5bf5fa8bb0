using System.Text.Json;
using Fleet.Control.Grains;
using Fleet.Observability.Alerts.Delivery;
using Fleet.Observability.Ledger;
using Npgsql;
using NpgsqlTypes;

namespace Fleet.Observability.Alerts.Storage;

/// <summary>
/// Notifications that wait. Whoever takes one has it for a while; after a kill it is free again, so that it may be told twice and is never lost. Of one group and receiver the earlier goes
/// first, and one receiver has a few at a time, so that it does not hold up others. Who has a successor takes none, and says nothing of what that one has taken since.
/// </summary>
internal sealed class AlertOutbox(LedgerConnections connections, AlertOptions options)
{
    private const int MostOfOneReceiver = 2;

    public async Task<IReadOnlyList<OutboxItem>> TakeAsync(GrainOwnership owner, int most, DateTimeOffset now, CancellationToken ct)
    {
        await using var connection = await connections.OpenAsync(ct);
        await using var transaction = await connection.BeginAsync(owner, ct);
        await using var command = new NpgsqlCommand(
            """
            UPDATE alert_outbox SET leased_until = $2, attempts = attempts + 1
            WHERE (leased_until IS NULL OR leased_until < $1) AND dead_at IS NULL AND sequence IN (
                SELECT sequence FROM (
                    SELECT sequence, next_attempt, leased_until, row_number() OVER (PARTITION BY namespace, receiver ORDER BY (leased_until >= $1) DESC NULLS LAST, next_attempt, sequence) AS place
                    FROM (SELECT DISTINCT ON (namespace, receiver, group_key) * FROM alert_outbox WHERE dead_at IS NULL ORDER BY namespace, receiver, group_key, sequence) AS first_of_group
                    WHERE next_attempt <= $1 OR leased_until >= $1) AS ready
                WHERE place <= $3 AND (leased_until IS NULL OR leased_until < $1)
                ORDER BY next_attempt, sequence LIMIT $4)
            RETURNING sequence, namespace, receiver, body, created, attempts
            """, connection.Value)
        {
            // Twice the time that an attempt may take: nobody else begins while it runs.
            Parameters = { new() { Value = now }, new() { Value = now + options.DeliveryTimeout * 2 }, new() { Value = MostOfOneReceiver }, new() { Value = most } },
        };
        var items = new List<OutboxItem>();
        await using (var reader = await command.ExecuteReaderAsync(ct))
            while (await reader.ReadAsync(ct))
                items.Add(new(
                    reader.GetInt64(0), new(reader.GetString(1), reader.GetString(2)), JsonSerializer.Deserialize(reader.GetString(3), AlertsJson.Default.Notification)!,
                    reader.GetFieldValue<DateTimeOffset>(4), reader.GetInt32(5)));
        await transaction.CommitAsync(ct);
        return items;
    }

    /// <summary>What came of an attempt, and the line about it, at once. What was delivered is, whoever did it; a failure is told only of the last attempt.</summary>
    /// <param name="next">Null where it was not delivered: it is given up.</param>
    public async Task SettleAsync(OutboxItem item, DeliveryOutcome outcome, DateTimeOffset? next, DeliveryRow row, CancellationToken ct)
    {
        await using var connection = await connections.OpenAsync(ct);
        await using var transaction = await connection.Value.BeginTransactionAsync(ct);
        await using var command = outcome.Verdict == DeliveryVerdict.Delivered
            ? new NpgsqlCommand("DELETE FROM alert_outbox WHERE sequence = $1", connection.Value) { Parameters = { new() { Value = item.Sequence } } }
            : new NpgsqlCommand("UPDATE alert_outbox SET leased_until = NULL, next_attempt = coalesce($2, next_attempt), dead_at = $3, last_error = $4 WHERE sequence = $1 AND attempts = $5", connection.Value)
            {
                Parameters =
                {
                    new() { Value = item.Sequence }, new() { Value = (object?)next ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz },
                    new() { Value = next is null ? row.At : DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz }, new() { Value = outcome.Message }, new() { Value = item.Attempt },
                },
            };
        await command.ExecuteNonQueryAsync(ct);
        await NoteAsync(connection.Value, row, ct);
        await transaction.CommitAsync(ct);
    }

    /// <summary>A line about an attempt outside of the outbox.</summary>
    public async Task NoteAsync(DeliveryRow row, CancellationToken ct)
    {
        await using var connection = await connections.OpenAsync(ct);
        await NoteAsync(connection.Value, row, ct);
    }

    /// <summary>Gives up the oldest where too many wait for one receiver, and forgets what is old.</summary>
    public async Task<int> TrimAsync(DateTimeOffset now, CancellationToken ct)
    {
        await using var connection = await connections.OpenAsync(ct);
        await using var overflow = new NpgsqlCommand(
            """
            UPDATE alert_outbox SET dead_at = $1, last_error = 'too many notifications wait for this receiver' WHERE dead_at IS NULL AND sequence IN (
                SELECT sequence FROM (SELECT sequence, row_number() OVER (PARTITION BY namespace, receiver ORDER BY sequence DESC) AS place FROM alert_outbox WHERE dead_at IS NULL) AS waiting WHERE place > $2)
            """, connection.Value) { Parameters = { new() { Value = now }, new() { Value = options.MostWaiting } } };
        var lost = await overflow.ExecuteNonQueryAsync(ct);
        await using var forget = new NpgsqlCommand(
            """
            DELETE FROM alert_outbox WHERE dead_at < $1;
            """, connection.Value) { Parameters = { new() { Value = now - options.Remembered } } };
        await forget.ExecuteNonQueryAsync(ct);
        await using var deliveries = new NpgsqlCommand(
            """
            DELETE FROM alert_deliveries WHERE at < $1 OR id IN (
                SELECT id FROM (SELECT id, row_number() OVER (PARTITION BY namespace, receiver ORDER BY id DESC) AS place FROM alert_deliveries) AS rows WHERE place > $2)
            """, connection.Value) { Parameters = { new() { Value = now - options.Remembered }, new() { Value = options.MostDeliveries } } };
        await deliveries.ExecuteNonQueryAsync(ct);
        return lost;
    }

    private static async Task NoteAsync(NpgsqlConnection connection, DeliveryRow row, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            """
            INSERT INTO alert_deliveries (namespace, receiver, notification, title, alerts, at, outcome, attempt, code, milliseconds, message)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
            """, connection)
        {
            Parameters =
            {
                new() { Value = row.Namespace }, new() { Value = row.Receiver }, new() { Value = row.Notification }, new() { Value = row.Title }, new() { Value = row.Alerts }, new() { Value = row.At },
                new() { Value = row.Outcome }, new() { Value = row.Attempt }, new() { Value = (object?)row.Code ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Integer }, new() { Value = row.Milliseconds },
                new() { Value = row.Message },
            },
        };
        await command.ExecuteNonQueryAsync(ct);
    }
}
