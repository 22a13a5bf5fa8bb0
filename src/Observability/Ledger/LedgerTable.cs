using Npgsql;
using NpgsqlTypes;

namespace Fleet.Observability.Ledger;

/// <summary>A table of hours, whose rows are added to by key.</summary>
/// <param name="name">Of the table.</param>
/// <param name="columns">In the order of a row's values.</param>
internal sealed class LedgerTable(string name, params LedgerColumn[] columns)
{
    private readonly string names = string.Join(", ", columns.Select(column => column.Name));

    private string Keys => string.Join(", ", columns.Where(column => column.Merge == Merge.Key).Select(column => column.Name));

    private string Changes => string.Join(", ", columns.Where(column => column.Merge != Merge.Key).Select(column => $"{column.Name} = {column.Merged(name)}"));

    /// <summary>By COPY into a table of the transaction, and from there.</summary>
    public async Task AddAsync(NpgsqlConnection connection, IEnumerable<object[]> rows, CancellationToken ct)
    {
        await RunAsync(connection, $"CREATE TEMP TABLE new_{name} ON COMMIT DROP AS SELECT {names} FROM {name} WITH NO DATA", ct);
        await using (var copy = await connection.BeginBinaryImportAsync($"COPY new_{name} ({names}) FROM STDIN (FORMAT BINARY)", ct))
        {
            foreach (var row in rows)
            {
                await copy.StartRowAsync(ct);
                for (var i = 0; i < columns.Length; i++)
                    await copy.WriteAsync(row[i], columns[i].Type, ct);
            }
            await copy.CompleteAsync(ct);
        }
        // In one order in all processes, so that two that add to the same rows wait for each other and do not block each other.
        await RunAsync(connection, $"INSERT INTO {name} ({names}) SELECT {names} FROM new_{name} ORDER BY {Keys} ON CONFLICT ({Keys}) DO UPDATE SET {Changes}", ct);
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(ct);
    }
}

/// <summary>How a value that is there and one that comes become one.</summary>
internal enum Merge
{
    Key,
    Sum,
    Least,
    Greatest,
    Last,
    Bits,
}

internal sealed record LedgerColumn(string Name, NpgsqlDbType Type, Merge Merge)
{
    public string Merged(string table) => Merge switch
    {
        Merge.Sum => $"{table}.{Name} + EXCLUDED.{Name}",
        Merge.Least => $"LEAST({table}.{Name}, EXCLUDED.{Name})",
        Merge.Greatest => $"GREATEST({table}.{Name}, EXCLUDED.{Name})",
        Merge.Bits => $"{table}.{Name} | EXCLUDED.{Name}",
        _ => $"EXCLUDED.{Name}",
    };
}
