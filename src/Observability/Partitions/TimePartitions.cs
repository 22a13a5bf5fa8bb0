using System.Collections.Concurrent;
using System.Globalization;
using Fleet.Control.Grains;
using Fleet.Observability.Ledger;
using Fleet.Rest.Databases;
using Npgsql;

namespace Fleet.Observability.Partitions;

/// <summary>Tables of a day or a month each, made before the first row and dropped as a whole. For tables that are partitioned by a time, with names that are not from outside.</summary>
internal sealed class TimePartitions(PartitionLength length, params IReadOnlyList<string> tables)
{
    /// <summary>One at a time in all processes: two that make the same table at once fail each other.</summary>
    private const long LockKey = 0x666c656574_01;

    private readonly ConcurrentDictionary<string, bool> made = new(StringComparer.Ordinal);

    private string Format => length == PartitionLength.Day ? "yyyyMMdd" : "yyyyMM";

    public async Task MakeAsync(NpgsqlConnection connection, IEnumerable<DateTimeOffset> times, CancellationToken ct)
    {
        foreach (var start in times.Select(StartOf).Distinct().ToList())
            foreach (var table in tables.Where(table => !made.ContainsKey(NameOf(table, start))))
            {
                // Each by itself: making one waits for readers of its table, which may wait for another table in turn.
                await using var transaction = await connection.BeginTransactionAsync(ct);
                await RunAsync(connection, OwnerEpochs.EndWhenFrozen, ct);
                await RunAsync(connection, string.Create(CultureInfo.InvariantCulture, $"SELECT pg_advisory_xact_lock({LockKey})"), ct);
                await RunAsync(connection, string.Create(CultureInfo.InvariantCulture,
                    $"CREATE TABLE IF NOT EXISTS {NameOf(table, start)} PARTITION OF {table} FOR VALUES FROM ('{start:yyyy-MM-dd} 00:00+00') TO ('{EndOf(start):yyyy-MM-dd} 00:00+00')"), ct);
                await transaction.CommitAsync(ct);
                made[NameOf(table, start)] = true;
            }
    }

    /// <summary>Drops what ends before a day begins; returns the tables that went. Tables of other names are left alone.</summary>
    public async Task<IReadOnlyList<string>> ForgetAsync(NpgsqlConnection connection, GrainOwnership owner, DateOnly before, CancellationToken ct)
    {
        var gone = new List<string>();
        foreach (var table in tables)
        {
            await using var query = new NpgsqlCommand("SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = to_regclass($1) ORDER BY 1", connection);
            query.Parameters.AddWithValue(table);
            await using var reader = await query.ExecuteReaderAsync(ct);
            while (await reader.ReadAsync(ct))
                if (StartOf(table, reader.GetString(0)) is { } start && EndOf(start) <= before)
                    gone.Add(reader.GetString(0));
        }
        foreach (var name in gone)
        {
            await using var transaction = await connection.BeginTransactionAsync(ct);
            await LedgerConnections.Epochs.RaiseAsync(connection, owner, ct);
            await RunAsync(connection, $"DROP TABLE IF EXISTS {name}", ct);
            await transaction.CommitAsync(ct);
            made.TryRemove(name, out _);
        }
        return gone;
    }

    /// <summary>A partition may have been dropped by somebody else; it is looked for again.</summary>
    public void Recheck() => made.Clear();

    private DateOnly StartOf(DateTimeOffset time)
    {
        var day = DateOnly.FromDateTime(time.UtcDateTime);
        return length == PartitionLength.Day ? day : new(day.Year, day.Month, 1);
    }

    private DateOnly EndOf(DateOnly start) => length == PartitionLength.Day ? start.AddDays(1) : start.AddMonths(1);

    private string NameOf(string table, DateOnly start) => $"{table}_{start.ToString(Format, CultureInfo.InvariantCulture)}";

    private DateOnly? StartOf(string table, string name) =>
        name.StartsWith(table + "_", StringComparison.Ordinal)
        && DateOnly.TryParseExact(name.AsSpan(table.Length + 1), Format, CultureInfo.InvariantCulture, DateTimeStyles.None, out var start) ? start : null;

    private static async Task RunAsync(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(ct);
    }
}
