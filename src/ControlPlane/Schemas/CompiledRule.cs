using Fleet.Expressions;

namespace Fleet.ControlPlane.Schemas;

/// <summary>One of <c>x-kubernetes-validations</c>, ready to run.</summary>
internal sealed record CompiledRule(SchemaRule Rule, CelProgram Program, CelProgram? Message)
{
    /// <summary>Speaks of the old value, so it only runs when there is one to compare with.</summary>
    public bool IsTransition => Program.UsedVariables.Contains("oldSelf");

    public static IReadOnlyList<CompiledRule> From(Schema schema)
    {
        var compiled = new List<CompiledRule>(schema.Rules.Count);
        foreach (var rule in schema.Rules)
        {
            if (TryCompile(rule.Rule, schema, out _) is not { } program) continue;
            compiled.Add(new CompiledRule(rule, program, rule.MessageExpression is { } message ? TryCompile(message, schema, out _) : null));
        }
        return compiled;
    }

    public static CelProgram? TryCompile(string text, Schema schema, out string? error)
    {
        try
        {
            error = null;
            return CelProgram.Compile(text, new Dictionary<string, CelShape?> { ["self"] = schema.Shape, ["oldSelf"] = schema.Shape });
        }
        catch (CelException e)
        {
            error = e.Message;
            return null;
        }
    }
}
