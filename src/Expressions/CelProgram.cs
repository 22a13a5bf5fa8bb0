using System.Text.Json.Nodes;

namespace Fleet.Expressions;

/// <summary>
/// A compiled expression of the Common Expression Language, with the functions that Kubernetes adds. Immutable; may be evaluated by many
/// threads at once. Evaluation is bounded by a cost, so an expression of a stranger is safe to run. It knows nothing of API servers.
/// </summary>
public sealed class CelProgram
{
    /// <summary>About a tenth of a second at worst.</summary>
    public const long DefaultCostLimit = 1_000_000;

    private readonly CelNode _root;
    private readonly IReadOnlyDictionary<string, CelShape?> _variables;

    private CelProgram(string text, CelNode root, IReadOnlyDictionary<string, CelShape?> variables, IReadOnlySet<string> used)
    {
        (Text, _root, _variables, UsedVariables) = (text, root, variables, used);
    }

    public string Text { get; }

    /// <summary>The declared variables that the expression mentions.</summary>
    public IReadOnlySet<string> UsedVariables { get; }

    /// <summary>Compiles, or throws a <see cref="CelException"/> that shows the place of the first mistake.</summary>
    public static CelProgram Compile(string text, params IEnumerable<string> variables) =>
        Compile(text, variables.ToDictionary(v => v, _ => (CelShape?)null, StringComparer.Ordinal));

    /// <summary>As above; fields that a variable's shape does not have are mistakes, too.</summary>
    public static CelProgram Compile(string text, IReadOnlyDictionary<string, CelShape?> variables)
    {
        var root = CelParser.Parse(text, out var source);
        var checker = new CelChecker(source, variables);
        checker.Check(root);
        return new CelProgram(text, root, variables, checker.Used);
    }

    /// <summary>The result as JSON has no types for it: a bool, long, ulong, double, string, byte[], null, TimeSpan, DateTimeOffset, list or map.
    /// Throws <see cref="CelException"/> when the evaluation fails or costs too much.</summary>
    public object? Evaluate(IReadOnlyDictionary<string, JsonNode?> values, long costLimit = DefaultCostLimit)
    {
        var bound = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var (name, value) in values) bound[name] = CelJson.ToCel(value, _variables.GetValueOrDefault(name));
        var result = new CelInterpreter(bound, costLimit).Run(_root);
        return result is CelError error ? throw new CelException(error.Message) : result;
    }

    /// <summary>For conditions: anything but a bool is an error.</summary>
    public bool EvaluateCondition(IReadOnlyDictionary<string, JsonNode?> values, long costLimit = DefaultCostLimit) =>
        Evaluate(values, costLimit) is bool result ? result : throw new CelException("the expression must evaluate to bool");
}
