using System.Collections.Concurrent;
using Npgsql;

namespace Fleet.Observability.Ledger;

/// <summary>A table whose rows are added to by key.</summary>
/// <param name="name">Of the table.</param>
/// <param name="columns">In the order of a row's values.</param>
internal sealed class LedgerTable(string name, params LedgerColumn[] columns)
{
    private readonly string names = string.Join(", ", columns.Select(column => column.Name));
    private readonly ConcurrentDictionary<LedgerTable, string> statements = new();

    private string Keys => string.Join(", ", columns.Where(column => column.Merge == Merge.Key).Select(column => column.Name));

    private string Changes => string.Join(", ", columns.Where(column => column.Merge != Merge.Key).Select(column => $"{column.Name} = {column.Merged(name)}"));

    private string SumKeys => string.Join(", ", columns.Select((column, at) => (column, at)).Where(pair => pair.column.Merge == Merge.Key).Select(pair => pair.at + 1));

    /// <summary>
    /// One statement, with a list of values for each column: a table of the transaction's own to copy to takes longer to make than the rows of a cluster to add. Rows of the same key are added up.
    /// </summary>
    /// <param name="rows">Not none.</param>
    /// <param name="roll">What the rows are added up into as well.</param>
    public NpgsqlBatchCommand Add(IReadOnlyList<object?[]> rows, LedgerTable? roll = null)
    {
        var command = new NpgsqlBatchCommand(statements.GetOrAdd(roll ?? this, Statement));
        for (var at = 0; at < columns.Length; at++)
            command.Parameters.Add(columns[at].Values(rows, at));
        return command;
    }

    /// <summary>Rows of another table are added up into this one.</summary>
    /// <param name="source">A table with the columns that this one's sums are over.</param>
    public string Rolled(string source) => Insert(source, column => column.Summed);

    private string Statement(LedgerTable roll)
    {
        var sent = string.Join(", ", columns.Select((column, at) => $"${at + 1}::{column.Sent}[]"));
        var incoming = $"WITH incoming AS MATERIALIZED (SELECT {string.Join(", ", columns.Select(column => column.Received))} FROM unnest({sent}) AS sent ({names}))";
        var own = Insert("incoming", column => column.Own);
        return ReferenceEquals(roll, this) ? $"{incoming} {own}" : $"{incoming}, added AS ({own}) {roll.Rolled("incoming")}";
    }

    /// <summary>In one order in all processes, so that two that add to the same rows wait for each other and do not block each other.</summary>
    private string Insert(string source, Func<LedgerColumn, string> value) =>
        $"INSERT INTO {name} ({names}) SELECT {string.Join(", ", columns.Select(column => $"{value(column)} AS {column.Name}"))} FROM {source} GROUP BY {SumKeys} ORDER BY {SumKeys} ON CONFLICT ({Keys}) DO UPDATE SET {Changes}";
}
