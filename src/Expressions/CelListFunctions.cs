namespace Fleet.Expressions;

/// <summary>Methods of lists, and sets.</summary>
internal static class CelListFunctions
{
    public static void Register(CelRegister add)
    {
        add(".isSorted", 1, a => a is [CelList l] ? IsSorted(l) : CelError.NoOverload);
        add(".sum", 1, a => a is [CelList l] ? Sum(l) : CelError.NoOverload);
        add(".min", 1, a => a is [CelList l] ? Extreme(l, -1, "min") : CelError.NoOverload);
        add(".max", 1, a => a is [CelList l] ? Extreme(l, 1, "max") : CelError.NoOverload);
        add(".indexOf", 2, a => a switch
        {
            [string s, string p] => CelStringFunctions.IndexOf(s, p, 0),
            [CelList l, var v] => First(l, v),
            _ => CelError.NoOverload,
        });
        add(".indexOf", 3, a => a is [string s, string p, long from] ? CelStringFunctions.IndexOf(s, p, from) : CelError.NoOverload);
        add(".lastIndexOf", 2, a => a switch
        {
            [string s, string p] => CelStringFunctions.LastIndexOf(s, p, null),
            [CelList l, var v] => Last(l, v),
            _ => CelError.NoOverload,
        });
        add(".lastIndexOf", 3, a => a is [string s, string p, long from] ? CelStringFunctions.LastIndexOf(s, p, from) : CelError.NoOverload);
        add("sets.contains", 2, a => a is [CelList x, CelList y] ? y.All(i => CelOperators.Contains(x, i)) : CelError.NoOverload);
        add("sets.equivalent", 2, a => a is [CelList x, CelList y] ? y.All(i => CelOperators.Contains(x, i)) && x.All(i => CelOperators.Contains(y, i)) : CelError.NoOverload);
        add("sets.intersects", 2, a => a is [CelList x, CelList y] ? y.Any(i => CelOperators.Contains(x, i)) : CelError.NoOverload);
    }

    private static object IsSorted(CelList list)
    {
        for (var i = 1; i < list.Count; i++)
        {
            if (CelOperators.Compare(list[i - 1], list[i]) is not { } order) return CelError.NoOverload;
            if (order > 0) return false;
        }
        return true;
    }

    private static object? Sum(CelList list)
    {
        if (list.Count == 0) return 0L;
        var sum = list[0];
        for (var i = 1; i < list.Count && sum is not CelError; i++) sum = CelOperators.Apply("_+_", [sum, list[i]]);
        return sum is long or ulong or double or TimeSpan or CelError ? sum : CelError.NoOverload;
    }

    private static object? Extreme(CelList list, int sign, string name)
    {
        if (list.Count == 0) return new CelError($"{name} called on empty list");
        var best = list[0];
        for (var i = 1; i < list.Count; i++)
        {
            if (CelOperators.Compare(list[i], best) is not { } order) return CelError.NoOverload;
            if (order * sign > 0) best = list[i];
        }
        return best;
    }

    private static object First(CelList list, object? value)
    {
        for (var i = 0; i < list.Count; i++)
            if (CelOperators.AreEqual(list[i], value)) return (long)i;
        return -1L;
    }

    private static object Last(CelList list, object? value)
    {
        for (var i = list.Count - 1; i >= 0; i--)
            if (CelOperators.AreEqual(list[i], value)) return (long)i;
        return -1L;
    }
}
