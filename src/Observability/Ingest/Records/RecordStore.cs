using System.Collections.Concurrent;
using Fleet.Control.Grains;
using Fleet.Observability.Ingest.Queue;
using Fleet.Observability.Partitions;
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
    private readonly ConcurrentDictionary<RecordKind, TimePartitions> partitions = new();

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
            await PartitionsOf(kind).MakeAsync(connection, rows.Select(row => row.Time), ct);
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
            PartitionsOf(kind).Recheck();
            throw new QueueUnavailableException("the database does not answer", failure);
        }
        finally
        {
            writers.Release();
        }
    }

    /// <summary>Drops the days before; returns their tables.</summary>
    public async Task<IReadOnlyList<string>> ForgetAsync(RecordKind kind, GrainOwnership owner, DateOnly before, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        return await PartitionsOf(kind).ForgetAsync(connection, owner, before, ct);
    }

    public async ValueTask DisposeAsync()
    {
        await database.DisposeAsync();
        writers.Dispose();
    }

    private TimePartitions PartitionsOf(RecordKind kind) => partitions.GetOrAdd(kind, one => new(PartitionLength.Day, one.Table));
}
