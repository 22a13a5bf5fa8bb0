namespace Fleet.Cost.Focus;

/// <summary>Rows as they are in a file: texts, or null where there is nothing.</summary>
public sealed class FocusTable(IReadOnlyList<string> columns, IReadOnlyList<IReadOnlyList<string?>> rows)
{
    public FocusHeader Header { get; } = new(columns);

    public IReadOnlyList<string> Columns => Header.Names;

    public IReadOnlyList<IReadOnlyList<string?>> Rows { get; } = rows;

    public bool Has(string column) => Header.Has(column);

    /// <summary>Null when there is no such column or nothing in it.</summary>
    public string? Value(int row, string column) => new FocusRow(Header, Rows[row])[column];
}
