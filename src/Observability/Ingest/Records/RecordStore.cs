using System.Globalization;
using Fleet.Observability.Ingest.Queue;
using Npgsql;

namespace Fleet.Observability.Ingest.Records;

/// <summary>
/// Writes logs and spans by COPY, all rows of a request or none, and is done when PostgreSQL has committed them. There is no queue: a database that is away or slow is told to the sender,
/// whose own queue it is.
/// </summary>
public sealed class RecordStore : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly NpgsqlDataSource database;
    private readonly SemaphoreSlim writers;
    private readonly SemaphoreSlim partitioning = new(1, 1);
    private readonly HashSet<string> partitions = [];

    public RecordStore(RecordOptions options)
    {
        database = NpgsqlDataSource.Create(options.ConnectionString);
        writers = new SemaphoreSlim(options.Writers);
    }

    /// <exception cref="QueueUnavailableException">Nothing was kept; the sender must come again.</exception>
    internal async Task SaveAsync(RecordKind kind, IReadOnlyList<RecordRow> rows, CancellationToken ct)
    {
        if (rows.Count == 0)
            return;
        if (!await writers.WaitAsync(Patience, ct))
            throw new QueueUnavailableException("the database does not keep up");
        try
        {
            await using var connection = await database.OpenConnectionAsync(ct);
            foreach (var day in rows.Select(row => DateOnly.FromDateTime(row.Time.UtcDateTime)).Distinct())
                await EnsureAsync(connection, kind, day, ct);
            await using var import = await connection.BeginBinaryImportAsync(kind.Copy, ct);
            foreach (var row in rows)
            {
                await import.StartRowAsync(ct);
                await row.WriteAsync(import, ct);
            }
            await import.CompleteAsync(ct);
        }
        catch (Exception failure) when (failure is NpgsqlException or TimeoutException)
        {
            // A partition may have been dropped by somebody else; it is looked for again.
            lock (partitions)
                partitions.Clear();
            throw new QueueUnavailableException("the database does not answer", failure);
        }
        finally
        {
            writers.Release();
        }
    }

    /// <summary>Drops the days before; returns their tables.</summary>
    public async Task<IReadOnlyList<string>> ForgetAsync(RecordKind kind, DateOnly before, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        var names = new List<string>();
        await using (var query = new NpgsqlCommand("SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = to_regclass($1) ORDER BY 1", connection))
        {
            query.Parameters.AddWithValue(kind.Table);
            await using var reader = await query.ExecuteReaderAsync(ct);
            while (await reader.ReadAsync(ct))
                names.Add(reader.GetString(0));
        }
        var gone = names.Where(name => DayOf(kind, name) < before).ToList();
        foreach (var name in gone)
        {
            await using var drop = new NpgsqlCommand($"DROP TABLE IF EXISTS {name}", connection);
            await drop.ExecuteNonQueryAsync(ct);
            lock (partitions)
                partitions.Remove(name);
        }
        return gone;
    }

    public async ValueTask DisposeAsync()
    {
        await database.DisposeAsync();
        writers.Dispose();
        partitioning.Dispose();
    }

    private static string PartitionOf(RecordKind kind, DateOnly day) => $"{kind.Table}_{day.ToString("yyyyMMdd", CultureInfo.InvariantCulture)}";

    /// <summary>Null for a table that is not one of ours, which is then left alone.</summary>
    private static DateOnly? DayOf(RecordKind kind, string name) =>
        name.StartsWith(kind.Table + "_", StringComparison.Ordinal)
        && DateOnly.TryParseExact(name.AsSpan(kind.Table.Length + 1), "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;

    private async Task EnsureAsync(NpgsqlConnection connection, RecordKind kind, DateOnly day, CancellationToken ct)
    {
        var name = PartitionOf(kind, day);
        lock (partitions)
            if (partitions.Contains(name))
                return;
        await partitioning.WaitAsync(ct);
        try
        {
            // Another replica may make it at the same moment: the lock of the database makes them wait for each other.
            await using var create = new NpgsqlCommand(
                $"""
                BEGIN;
                SELECT pg_advisory_xact_lock(hashtext('fleet telemetry partitions'));
                CREATE TABLE IF NOT EXISTS {name} PARTITION OF {kind.Table} FOR VALUES FROM ('{day:yyyy-MM-dd} 00:00:00+00') TO ('{day.AddDays(1):yyyy-MM-dd} 00:00:00+00');
                COMMIT;
                """, connection);
            await create.ExecuteNonQueryAsync(ct);
            lock (partitions)
                partitions.Add(name);
        }
        finally
        {
            partitioning.Release();
        }
    }
}
