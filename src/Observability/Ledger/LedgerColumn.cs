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
        Merge.Same => $"CASE WHEN min({Name}) = max({Name}) THEN min({Name}) ELSE '' END",
        Merge.Common => $"cost_common({Name})",
        _ => $"(array_agg({Name}))[1]",
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
}
