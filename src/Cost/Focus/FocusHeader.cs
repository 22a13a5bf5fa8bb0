namespace Fleet.Cost.Focus;

/// <summary>Names of the columns of a file. Of JSON lines it grows while they are read, since many writers leave out what is null.</summary>
public sealed class FocusHeader
{
    /// <summary>Far more than FOCUS has, with columns of one's own.</summary>
    public const int MostColumns = 1000;

    private readonly List<string> names = [];
    private readonly Dictionary<string, int> places = new(StringComparer.Ordinal);

    /// <exception cref="CostQueryException">There are too many.</exception>
    public FocusHeader(IEnumerable<string> names)
    {
        foreach (var name in names)
            Add(name);
    }

    public IReadOnlyList<string> Names => names;

    public bool Has(string column) => places.ContainsKey(column);

    /// <summary>-1 when there is no such column; of one that is there twice the first.</summary>
    public int PlaceOf(string column) => places.GetValueOrDefault(column, -1);

    internal int Add(string name)
    {
        if (names.Count == MostColumns)
            throw new CostQueryException($"the file has more than {MostColumns} columns");
        names.Add(name);
        places.TryAdd(name, names.Count - 1);
        return names.Count - 1;
    }
}
