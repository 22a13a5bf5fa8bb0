namespace Fleet.Expressions;

/// <summary>A node of a parsed expression. The depth is bounded by the parser, so evaluation may recurse.</summary>
internal abstract record CelNode(int Position)
{
    public int Depth { get; protected init; } = 1;

    protected static int Deepest(IEnumerable<CelNode?> nodes) => 1 + nodes.Max(n => n?.Depth ?? 0);
}

internal sealed record CelLiteral(int Position, object? Value) : CelNode(Position);

/// <summary>A name; written with a leading dot it is a variable of the expression's surroundings, whatever a macro calls its own.</summary>
internal sealed record CelIdent(int Position, string Name) : CelNode(Position)
{
    public bool IsRoot { get; init; }
}

/// <summary><c>operand.field</c>; as a test it is <c>has(operand.field)</c>.</summary>
internal sealed record CelSelect : CelNode
{
    public CelSelect(int position, CelNode operand, string field, bool test) : base(position)
    {
        (Operand, Field, IsTest, Depth) = (operand, field, test, operand.Depth + 1);
    }

    public CelNode Operand { get; }
    public string Field { get; }
    public bool IsTest { get; }
}

/// <summary>An operator (<c>_+_</c>), a function, or (with a target as first argument) a method.</summary>
internal sealed record CelCall : CelNode
{
    public CelCall(int position, string function, bool isMethod, params CelNode[] arguments) : base(position)
    {
        (Function, IsMethod, Arguments) = (function, isMethod, arguments);
        Depth = arguments.Length == 0 ? 1 : Deepest(arguments);
    }

    public string Function { get; }
    public bool IsMethod { get; }
    public CelNode[] Arguments { get; }
}

internal sealed record CelListNode : CelNode
{
    public CelListNode(int position, CelNode[] items) : base(position)
    {
        Items = items;
        Depth = items.Length == 0 ? 1 : Deepest(items);
    }

    public CelNode[] Items { get; }
}

internal sealed record CelMapNode : CelNode
{
    public CelMapNode(int position, (CelNode Key, CelNode Value)[] entries) : base(position)
    {
        Entries = entries;
        Depth = entries.Length == 0 ? 1 : Deepest(entries.SelectMany(e => new[] { e.Key, e.Value }));
    }

    public (CelNode Key, CelNode Value)[] Entries { get; }
}

/// <summary><c>range.all(variable, body)</c> and its relatives; map with three arguments filters first.</summary>
internal sealed record CelMacro : CelNode
{
    public CelMacro(int position, CelMacroKind kind, CelNode range, string variable, CelNode? filter, CelNode body) : base(position)
    {
        (Kind, Range, Variable, Filter, Body) = (kind, range, variable, filter, body);
        Depth = Deepest([range, filter, body]);
    }

    public CelMacroKind Kind { get; }
    public CelNode Range { get; }
    public string Variable { get; }
    public CelNode? Filter { get; }
    public CelNode Body { get; }
}

internal enum CelMacroKind { All, Exists, ExistsOne, Filter, Map }
