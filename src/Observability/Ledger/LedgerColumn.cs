using Npgsql;
using NpgsqlTypes;

namespace Fleet.Observability.Ledger;

/// <summary>How a value that is there and one that comes become one.</summary>
internal enum Merge
{
    Key,
    Sum,

    /// <summary>Null where nothing is known, which adds nothing.</summary>
    SumOfKnown,
    Least,
    Greatest,
    Last,
    Bits,

    /// <summary>A text that all have, else ''.</summary>
    Same,

    /// <summary>Of lists of texts what all have.</summary>
    Common,
}

/// <param name="Roll">What a roll-up's value is over the rows that it is made of; null: as <paramref name="Merge"/> says, of the column of the same name.</param>
internal sealed record LedgerColumn(string Name, NpgsqlDbType Type, Merge Merge, string? Roll = null)
{
    /// <summary>The values of all rows, as they are sent.</summary>
    public NpgsqlParameter Values(IReadOnlyList<object?[]> rows, int at) => Type switch
    {
        NpgsqlDbType.TimestampTz => Values<DateTime>(rows, at, Type),
        NpgsqlDbType.Bigint => Values<long>(rows, at, Type),
        NpgsqlDbType.Smallint => Values<short>(rows, at, Type),
        NpgsqlDbType.Real => Values<float>(rows, at, Type),
        NpgsqlDbType.Double => Merge == Merge.SumOfKnown ? Values<double?>(rows, at, Type) : Values<double>(rows, at, Type),
        NpgsqlDbType.Boolean => Values<bool>(rows, at, Type),
        NpgsqlDbType.Jsonb => Values<string>(rows, at, Type),
        _ => Values<string>(rows, at, NpgsqlDbType.Text),
    };

    /// <summary>Over rows of another table.</summary>
    public string Summed => Roll ?? Own;

    /// <summary>Over rows of its own table.</summary>
    public string Own => Merge switch
    {
        Merge.Key => Name,
        Merge.Sum or Merge.SumOfKnown => $"sum({Name})",
        Merge.Least => $"min({Name})",
        Merge.Greatest => $"max({Name})",
        Merge.Bits => $"bit_or({Name})",
        // In the order of bytes, which is the cheapest.
        Merge.Same => $"CASE WHEN min({Name} COLLATE \"C\") = max({Name} COLLATE \"C\") THEN min({Name} COLLATE \"C\") ELSE '' END",
        Merge.Common => $"cost_common({Name})",
        _ => $"(array_agg({Name}))[1]",
    };

    /// <summary>A list of these comes to the server as one array; lists of lists do not, so a list is a text with commas.</summary>
    public string Sent => Type.HasFlag(NpgsqlDbType.Array) ? "text" : SqlType;

    /// <summary>As it is in the table, of what was sent.</summary>
    public string Received => Type.HasFlag(NpgsqlDbType.Array) ? $"string_to_array({Name}, ',') AS {Name}" : Name;

    private string SqlType => Type switch
    {
        NpgsqlDbType.TimestampTz => "timestamptz",
        NpgsqlDbType.Bigint => "int8",
        NpgsqlDbType.Smallint => "int2",
        NpgsqlDbType.Real => "float4",
        NpgsqlDbType.Double => "float8",
        NpgsqlDbType.Boolean => "bool",
        NpgsqlDbType.Jsonb => "jsonb",
        _ => "text",
    };

    public string Merged(string table) => Merge switch
    {
        Merge.Sum => $"{table}.{Name} + EXCLUDED.{Name}",
        Merge.SumOfKnown => $"COALESCE({table}.{Name} + EXCLUDED.{Name}, {table}.{Name}, EXCLUDED.{Name})",
        Merge.Least => $"LEAST({table}.{Name}, EXCLUDED.{Name})",
        Merge.Greatest => $"GREATEST({table}.{Name}, EXCLUDED.{Name})",
        Merge.Bits => $"{table}.{Name} | EXCLUDED.{Name}",
        Merge.Same => $"CASE WHEN {table}.{Name} = EXCLUDED.{Name} THEN {table}.{Name} ELSE '' END",
        Merge.Common => $"cost_common_of({table}.{Name}, EXCLUDED.{Name})",
        _ => $"EXCLUDED.{Name}",
    };

    private static NpgsqlParameter<T[]> Values<T>(IReadOnlyList<object?[]> rows, int at, NpgsqlDbType type)
    {
        var values = new T[rows.Count];
        for (var row = 0; row < values.Length; row++)
            values[row] = (T)rows[row][at]!;
        return new() { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | type };
    }
}
