namespace Fleet.Expressions;

/// <summary>Evaluates one expression once.</summary>
internal sealed class CelInterpreter(Dictionary<string, object?> variables, long costLimit)
{
    /// <summary>A step of a string or list function looks at about this many characters or items.</summary>
    private const int SizePerStep = 10;

    private readonly List<(string Name, object? Value)> _locals = [];
    private long _cost;

    public static bool IsOperator(string function) => function[0] == '_' || function is "!_" or "-_";

    public object? Run(CelNode node)
    {
        Charge(1);
        return node switch
        {
            CelLiteral literal => literal.Value,
            CelIdent ident => Ident(ident),
            CelSelect select => Select(select),
            CelCall call => Call(call),
            CelListNode list => List(list),
            CelMapNode map => Map(map),
            CelMacro macro => Macro(macro),
            _ => CelError.NoOverload,
        };
    }

    private void Charge(long cost)
    {
        _cost += cost;
        if (_cost > costLimit) throw new CelException("operation cancelled: actual cost limit exceeded");
    }

    private object? Ident(CelIdent ident)
    {
        for (var i = _locals.Count - 1; i >= 0 && !ident.IsRoot; i--)
            if (_locals[i].Name == ident.Name) return _locals[i].Value;
        return variables.TryGetValue(ident.Name, out var value) ? value : CelFunctions.TypeNamed(ident.Name) ?? (object)new CelError($"no such attribute: {ident.Name}");
    }

    private object? Select(CelSelect select)
    {
        var operand = Run(select.Operand);
        if (operand is CelError) return operand;
        if (operand is not CelMap map) return select.IsTest && operand is null ? false : CelError.NoOverload;
        var found = map.TryGetField(select.Field, out var value);
        if (select.IsTest) return found;
        return found ? value : CelError.NoKey(select.Field);
    }

    private object? Call(CelCall call)
    {
        switch (call.Function)
        {
            case "_&&_": return Logic(call, absorbing: false);
            case "_||_": return Logic(call, absorbing: true);
            case "_?_:_":
                return Run(call.Arguments[0]) switch { bool b => Run(call.Arguments[b ? 1 : 2]), CelError e => e, _ => CelError.NoOverload };
        }
        var skip = call is { IsMethod: true, Arguments: [CelIdent prefix, ..] } && IsPrefix(prefix.Name) ? 1 : 0;
        var arguments = new object?[call.Arguments.Length - skip];
        for (var i = 0; i < arguments.Length; i++)
        {
            arguments[i] = Run(call.Arguments[i + skip]);
            if (arguments[i] is CelError) return arguments[i];
            Charge(SizeOf(arguments[i]) / SizePerStep);
        }
        if (Compares(call.Function)) Charge(WeightOf(arguments));
        var result = IsOperator(call.Function)
            ? CelOperators.Apply(call.Function, arguments)
            : CelFunctions.Call(skip == 1 ? $"{((CelIdent)call.Arguments[0]).Name}.{call.Function}" : call.IsMethod ? "." + call.Function : call.Function, arguments);
        Charge(SizeOf(result) / SizePerStep);
        return result;
    }

    private bool IsPrefix(string name) => !variables.ContainsKey(name) && !_locals.Exists(l => l.Name == name) && CelFunctions.IsPrefix(name);

    private static bool Compares(string function) => function is "_==_" or "_!=_" or "_in_" or "indexOf" or "lastIndexOf" or "contains" or "equivalent" or "intersects";

    /// <summary>What a comparison of two values may have to look at: an object as a whole is small to name and large to compare.</summary>
    private long WeightOf(object?[] arguments)
    {
        var first = arguments.Length > 0 ? WeightOf(arguments[0]) : 0;
        var second = arguments.Length > 1 ? WeightOf(arguments[1]) : 0;
        return arguments is [CelList x, CelList y] ? first + second + (long)x.Count * y.Count / SizePerStep : first + second;
    }

    private long WeightOf(object? value)
    {
        long weight = 0;
        switch (value)
        {
            case CelList list:
                for (var i = 0; i < list.Count && weight < costLimit; i++) weight += 1 + WeightOf(list[i]);
                break;
            case CelMap map:
                foreach (var key in map.Keys)
                {
                    if (weight >= costLimit) break;
                    weight += 1 + (map.TryGet(key, out var member) ? WeightOf(member) : 0);
                }
                break;
        }
        return weight;
    }

    private static int SizeOf(object? value) => value switch { string s => s.Length, byte[] b => b.Length, CelArray list => list.Count, _ => 0 };

    /// <summary>Either side may decide alone, whatever the other one is, even an error.</summary>
    private object? Logic(CelCall call, bool absorbing)
    {
        var left = Run(call.Arguments[0]);
        if (left is bool l && l == absorbing) return l;
        var right = Run(call.Arguments[1]);
        if (right is bool r && r == absorbing) return r;
        if (left is bool && right is bool) return !absorbing;
        return left as CelError ?? right as CelError ?? CelError.NoOverload;
    }

    private object? List(CelListNode node)
    {
        var items = new object?[node.Items.Length];
        for (var i = 0; i < items.Length; i++)
        {
            items[i] = Run(node.Items[i]);
            if (items[i] is CelError) return items[i];
        }
        return new CelArray(items);
    }

    private object? Map(CelMapNode node)
    {
        var entries = new Dictionary<object, object?>();
        foreach (var (keyNode, valueNode) in node.Entries)
        {
            var key = Run(keyNode);
            if (key is CelError) return key;
            var value = Run(valueNode);
            if (value is CelError) return value;
            if (key is double || CelDictionary.Normalize(key) is not { } normal) return new CelError("unsupported key type");
            if (!entries.TryAdd(normal, value)) return new CelError($"Failed with repeated key: {CelText.Show(key)}");
        }
        return new CelDictionary(entries);
    }

    private object? Macro(CelMacro macro)
    {
        var range = Run(macro.Range);
        IEnumerable<object?>? items = range as CelList ?? (range as CelMap)?.Keys.AsEnumerable<object?>();
        if (items is null) return range as CelError ?? CelError.NoOverload;
        _locals.Add((macro.Variable, null));
        var result = macro.Kind is CelMacroKind.Filter or CelMacroKind.Map ? Collect(macro, items) : Quantify(macro, items);
        _locals.RemoveAt(_locals.Count - 1);
        return result;
    }

    private object? Collect(CelMacro macro, IEnumerable<object?> items)
    {
        var condition = macro.Kind == CelMacroKind.Filter ? macro.Body : macro.Filter;
        var found = new List<object?>();
        foreach (var item in items)
        {
            Charge(1);
            _locals[^1] = (macro.Variable, item);
            if (condition is not null)
            {
                var keep = Run(condition);
                if (keep is not bool kept) return keep as CelError ?? CelError.NoOverload;
                if (!kept) continue;
            }
            var value = macro.Kind == CelMacroKind.Filter ? item : Run(macro.Body);
            if (value is CelError) return value;
            found.Add(value);
        }
        return new CelArray(found);
    }

    private object? Quantify(CelMacro macro, IEnumerable<object?> items)
    {
        CelError? failed = null;
        var matches = 0;
        foreach (var item in items)
        {
            Charge(1);
            _locals[^1] = (macro.Variable, item);
            var outcome = Run(macro.Body);
            if (outcome is not bool holds)
            {
                failed ??= outcome as CelError ?? CelError.NoOverload;
                if (macro.Kind == CelMacroKind.ExistsOne) return failed;
                continue;
            }
            if (macro.Kind == CelMacroKind.All && !holds) return false;
            if (macro.Kind == CelMacroKind.Exists && holds) return true;
            if (holds) matches++;
        }
        if (failed is not null) return failed;
        return macro.Kind switch { CelMacroKind.All => true, CelMacroKind.Exists => false, _ => matches == 1 };
    }
}
