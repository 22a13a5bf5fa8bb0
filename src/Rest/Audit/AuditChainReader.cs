using System.Runtime.CompilerServices;
using Fleet.Control.Audit;
using Fleet.Rest.Problems;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Fleet.Rest.Audit;

/// <summary>Reads the chain as it is at one moment, whatever is added meanwhile.</summary>
internal static class AuditChainReader
{
    /// <param name="audit">The export disposes it at its end.</param>
    /// <param name="after">Null: from the first row that is still kept.</param>
    public static async Task<AuditExport> ExportAsync(AuditContext audit, AuditPlace? after, CancellationToken ct)
    {
        await audit.Database.OpenConnectionAsync(ct);
        var connection = (NpgsqlConnection)audit.Database.GetDbConnection();
        var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, ct);
        var head = await PlaceAsync(connection, "SELECT sequence, hash FROM audit_head", ct) ?? AuditPlace.Genesis;
        var start = await PlaceAsync(connection, "SELECT last_row, last_hash FROM audit_seals ORDER BY last_row DESC LIMIT 1", ct) ?? AuditPlace.Genesis;
        if (after is not null && (after.Sequence < start.Sequence || after.Sequence > head.Sequence))
            throw ProblemException.Invalid("?after", $"must be from row {start.Sequence} to row {head.Sequence}: what is before is no longer kept, and what is after is not there");
        return new(after ?? start, head, RowsAsync(connection, (after ?? start).Sequence, ct), async () =>
        {
            await transaction.DisposeAsync();
            await audit.DisposeAsync();
        });
    }

    private static async IAsyncEnumerable<AuditRecord> RowsAsync(NpgsqlConnection connection, long after, [EnumeratorCancellation] CancellationToken ct)
    {
        // In the order of the numbers; which of two with one number came first is in its time.
        await using var command = new NpgsqlCommand($"SELECT sequence, recorded, previous_hash, hash, {AuditChainWriter.EntryColumns} FROM audit WHERE sequence > $1 ORDER BY sequence, recorded", connection);
        command.Parameters.AddWithValue(after);
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            var (sequence, recorded, previous, hash) = (reader.GetInt64(0), reader.GetFieldValue<DateTimeOffset>(1), reader.GetString(2), reader.GetString(3));
            yield return new() { Sequence = sequence, Recorded = recorded, Previous = previous, Hash = hash, Call = AuditChainWriter.Entry(reader, 4).View() };
        }
    }

    private static async Task<AuditPlace?> PlaceAsync(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct) ? new(reader.GetInt64(0), reader.GetString(1)) : null;
    }
}
