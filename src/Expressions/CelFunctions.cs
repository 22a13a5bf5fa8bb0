namespace Fleet.Expressions;

/// <summary>The functions by name; methods begin with a dot and count their target as first argument.</summary>
internal static class CelFunctions
{
    private static readonly Dictionary<(string Name, int Arity), Func<object?[], object?>> s_functions = Build();
    private static readonly HashSet<string> s_names = [.. s_functions.Keys.Select(k => k.Name)];

    public static bool Exists(string name, int arity) => s_functions.ContainsKey((name, arity));

    public static bool IsKnown(string name) => s_names.Contains(name);

    /// <summary>The first part of functions with a qualified name.</summary>
    public static bool IsPrefix(string name) => name is "sets" or "ip" or "strings";

    public static object? Call(string name, object?[] arguments) =>
        s_functions.TryGetValue((name, arguments.Length), out var function) ? function(arguments) : CelError.NoOverload;

    public static CelType? TypeNamed(string name) => name is "bool" or "int" or "uint" or "double" or "string" or "bytes" or "list" or "map" or "null_type" or "type" ? new CelType(name) : null;

    private static Dictionary<(string, int), Func<object?[], object?>> Build()
    {
        var functions = new Dictionary<(string, int), Func<object?[], object?>>();
        void Add(string name, int arity, Func<object?[], object?> function) => functions[(name, arity)] = function;
        CelConversions.Register(Add);
        CelStringFunctions.Register(Add);
        CelListFunctions.Register(Add);
        CelTimeFunctions.Register(Add);
        CelResourceFunctions.Register(Add);
        return functions;
    }
}

internal delegate void CelRegister(string name, int arity, Func<object?[], object?> function);
