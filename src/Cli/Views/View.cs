using Fleet.Kubernetes.Objects;

namespace Fleet.Cli.Views;

/// <summary>How a noun of `fleet get` is shown: which objects it reads, and the rows that each of them gives.</summary>
internal sealed record View
{
    /// <summary>First the noun, then its other names.</summary>
    public required IReadOnlyList<string> Words { get; init; }

    /// <summary>For messages about one of them.</summary>
    public string Singular => Words.Count > 1 ? Words[1] : Words[0];

    public required ResourceKind Kind { get; init; }

    public required IReadOnlyList<Column> Columns { get; init; }

    /// <summary>A kind that Fleet has no columns of its own for.</summary>
    public bool IsPlain { get; init; }

    /// <summary>One row an object by default; services, for instance, give one row a service of a cluster.</summary>
    public Func<DynamicObject, IEnumerable<Row>> Rows { get; init; } = seen => [new Row(seen, seen.Root)];

    /// <summary>Whether a name given by the user means this row.</summary>
    public Func<Row, string, bool> Named { get; init; } = (row, name) => row.Object.Key.Name == name;
}

internal sealed record Column(string Head, Func<Row, DateTimeOffset, string> Cell)
{
    public bool Wide { get; init; }
}

/// <param name="Part">What json and yaml print: the object, or the part of it that the row shows.</param>
internal sealed record Row(DynamicObject Object, System.Text.Json.Nodes.JsonObject Part);
