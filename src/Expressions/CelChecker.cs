namespace Fleet.Expressions;

/// <summary>Finds unknown names, unknown functions and, where shapes are known, unknown fields before anything runs.</summary>
internal sealed class CelChecker(CelLexer source, IReadOnlyDictionary<string, CelShape?> variables)
{
    private static readonly HashSet<string> s_types = ["bool", "int", "uint", "double", "string", "bytes", "list", "map", "null_type", "type"];

    private readonly List<(string Name, CelShape? Shape)> _locals = [];
    private readonly HashSet<string> _used = new(StringComparer.Ordinal);

    public IReadOnlySet<string> Used => _used;

    /// <summary>The shape of the node's value, if anything is known of it.</summary>
    public CelShape? Check(CelNode node)
    {
        switch (node)
        {
            case CelIdent ident: return Ident(ident);
            case CelSelect select: return Select(select);
            case CelCall call: return Call(call);
            case CelListNode list:
                foreach (var item in list.Items) Check(item);
                return null;
            case CelMapNode map:
                foreach (var (key, value) in map.Entries)
                {
                    Check(key);
                    Check(value);
                }
                return null;
            case CelMacro macro: return Macro(macro);
            default: return null;
        }
    }

    private CelShape? Ident(CelIdent ident)
    {
        for (var i = _locals.Count - 1; i >= 0 && !ident.IsRoot; i--)
            if (_locals[i].Name == ident.Name) return _locals[i].Shape;
        if (variables.TryGetValue(ident.Name, out var shape))
        {
            _used.Add(ident.Name);
            return shape;
        }
        if (s_types.Contains(ident.Name)) return null;
        throw source.Error(ident.Position, $"undeclared reference to '{ident.Name}' (in container '')");
    }

    private CelShape? Select(CelSelect select)
    {
        var shape = Check(select.Operand);
        if (shape is null or { Kind: CelShapeKind.Any }) return null;
        if (shape.Kind != CelShapeKind.Map) throw source.Error(select.Position, $"type does not support field selection: '{select.Field}'");
        if (shape.FieldName(select.Field) is { } name) return shape.Field(name);
        return shape.IsOpen ? null : throw source.Error(select.Position, $"undefined field '{select.Field}'");
    }

    private CelShape? Call(CelCall call)
    {
        // Functions with a prefix, such as sets.contains(a, b), are no methods of a variable.
        if (call is { IsMethod: true, Arguments: [CelIdent prefix, ..] } && !IsVariable(prefix.Name))
        {
            if (!CelFunctions.Exists($"{prefix.Name}.{call.Function}", call.Arguments.Length - 1))
                throw source.Error(prefix.Position, $"undeclared reference to '{prefix.Name}' (in container '')");
            foreach (var argument in call.Arguments.Skip(1)) Check(argument);
            return null;
        }
        CelShape? first = null;
        for (var i = 0; i < call.Arguments.Length; i++)
        {
            var shape = Check(call.Arguments[i]);
            if (i == 0) first = shape;
        }
        if (call.Function == "_[_]")
            return first switch { { Kind: CelShapeKind.List } => first.Items, { Kind: CelShapeKind.Map } when call.Arguments[1] is CelLiteral { Value: string key } => first.Field(key), _ => null };
        if (!CelInterpreter.IsOperator(call.Function) && !CelFunctions.Exists(call.IsMethod ? "." + call.Function : call.Function, call.Arguments.Length))
            throw source.Error(call.Position, CelFunctions.IsKnown(call.IsMethod ? "." + call.Function : call.Function)
                ? $"found no matching overload for '{call.Function}' applied to {call.Arguments.Length - (call.IsMethod ? 1 : 0)} arguments"
                : $"undeclared reference to '{call.Function}' (in container '')");
        return null;
    }

    private bool IsVariable(string name) => variables.ContainsKey(name) || _locals.Exists(l => l.Name == name) || s_types.Contains(name);

    private CelShape? Macro(CelMacro macro)
    {
        var range = Check(macro.Range);
        _locals.Add((macro.Variable, range is { Kind: CelShapeKind.List } ? range.Items : null));
        if (macro.Filter is not null) Check(macro.Filter);
        Check(macro.Body);
        _locals.RemoveAt(_locals.Count - 1);
        return macro.Kind == CelMacroKind.Filter && range is { Kind: CelShapeKind.List } ? range : null;
    }
}
