using Npgsql;

namespace Fleet.Observability.Ledger;

/// <summary>A table whose rows are added to by key.</summary>
/// <param name="name">Of the table.</param>
/// <param name="columns">In the order of a row's values.</param>
internal sealed class LedgerTable(string name, params LedgerColumn[] columns)
{
    private readonly string names = string.Join(", ", columns.Select(column => column.Name));

    private string Incoming => $"new_{name}";

    private string Keys => string.Join(", ", columns.Where(column => column.Merge == Merge.Key).Select(column => column.Name));

    private string Changes => string.Join(", ", columns.Where(column => column.Merge != Merge.Key).Select(column => $"{column.Name} = {column.Merged(name)}"));

    private string Sums => string.Join(", ", columns.Select(column => $"{column.Summed} AS {column.Name}"));

    private string SumKeys => string.Join(", ", columns.Select((column, at) => (column, at)).Where(pair => pair.column.Merge == Merge.Key).Select(pair => pair.at + 1));

    /// <summary>By COPY into a table of the transaction, and from there. Rows of the same key are added up.</summary>
    public async Task AddAsync(NpgsqlConnection connection, IEnumerable<object?[]> rows, CancellationToken ct)
    {
        await RunAsync(connection, $"CREATE TEMP TABLE {Incoming} ON COMMIT DROP AS SELECT {names} FROM {name} WITH NO DATA", ct);
        await using (var copy = await connection.BeginBinaryImportAsync($"COPY {Incoming} ({names}) FROM STDIN (FORMAT BINARY)", ct))
        {
            foreach (var row in rows)
            {
                await copy.StartRowAsync(ct);
                for (var i = 0; i < columns.Length; i++)
                    if (row[i] is { } value)
                        await copy.WriteAsync(value, columns[i].Type, ct);
                    else
                        await copy.WriteNullAsync(ct);
            }
            await copy.CompleteAsync(ct);
        }
        await RollAsync(connection, this, ct);
    }

    /// <summary>What has just been added to another table is added up into this one.</summary>
    /// <param name="connection">In the transaction in which that was added.</param>
    /// <param name="from">Its columns are what this one's sums are over.</param>
    public Task RollAsync(NpgsqlConnection connection, LedgerTable from, CancellationToken ct)
    {
        var select = ReferenceEquals(from, this) ? string.Join(", ", columns.Select(column => $"{column.Own} AS {column.Name}")) : Sums;
        // In one order in all processes, so that two that add to the same rows wait for each other and do not block each other.
        return RunAsync(connection, $"INSERT INTO {name} ({names}) SELECT {select} FROM {from.Incoming} GROUP BY {SumKeys} ORDER BY {SumKeys} ON CONFLICT ({Keys}) DO UPDATE SET {Changes}", ct);
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(ct);
    }
}
