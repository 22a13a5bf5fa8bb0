using System.Globalization;
using Npgsql;

namespace Fleet.ReplicaProcess.Stores;

/// <summary>
/// Counts in a row of PostgreSQL. The epoch alone would let a statement of the same owner through that was on its way for long (cut off, sent again by TCP) and comes after a later
/// one: so the version that was seen is compared as well, in the same statement.
/// </summary>
internal sealed class RowStore(NpgsqlDataSource database) : ICountStore
{
    private const string Read = "SELECT count, epoch, version, id FROM counts WHERE cluster = $1";

    private const string Write =
        """
        INSERT INTO counts (cluster, count, epoch, applied, version) VALUES ($1, $2, $3, $4, 1)
        ON CONFLICT (cluster) DO UPDATE SET count = EXCLUDED.count, epoch = EXCLUDED.epoch, applied = EXCLUDED.applied, version = counts.version + 1
        WHERE counts.epoch <= EXCLUDED.epoch AND counts.version = $5
        RETURNING count, epoch, version, id
        """;

    public string Name => "rows";

    public async Task<Counted?> ReadAsync(string cluster, CancellationToken ct)
    {
        await using var command = database.CreateCommand(Read);
        command.Parameters.Add(new() { Value = cluster });
        return await OneAsync(command, ct);
    }

    public async Task<Counted?> WriteAsync(Counted? seen, NextCount next, CancellationToken ct)
    {
        await using var command = database.CreateCommand(Write);
        foreach (var value in (object[])[next.Cluster, next.Count, next.Epoch, next.Applied, long.Parse(seen?.Version ?? "0", CultureInfo.InvariantCulture)])
            command.Parameters.Add(new() { Value = value });
        return await OneAsync(command, ct);
    }

    private static async Task<Counted?> OneAsync(NpgsqlCommand command, CancellationToken ct)
    {
        await using var row = await command.ExecuteReaderAsync(ct);
        return await row.ReadAsync(ct) ? new(row.GetInt64(0), row.GetInt64(1), $"{row.GetInt64(2)}", $"{row.GetInt64(3)}") : null;
    }
}
