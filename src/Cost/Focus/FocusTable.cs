namespace Fleet.Cost.Focus;

/// <summary>Rows as they are in a file: texts, or null where there is nothing.</summary>
public sealed class FocusTable
{
    private readonly Dictionary<string, int> places;

    public FocusTable(IReadOnlyList<string> columns, IReadOnlyList<IReadOnlyList<string?>> rows)
    {
        Columns = columns;
        Rows = rows;
        places = columns.Select((name, index) => (name, index)).GroupBy(column => column.name).ToDictionary(group => group.Key, group => group.First().index);
    }

    public IReadOnlyList<string> Columns { get; }

    public IReadOnlyList<IReadOnlyList<string?>> Rows { get; }

    public bool Has(string column) => places.ContainsKey(column);

    /// <summary>Null when there is no such column or nothing in it.</summary>
    public string? Value(int row, string column) => places.TryGetValue(column, out var place) && place < Rows[row].Count ? Rows[row][place] : null;
}
