using System.Text.Json.Nodes;
using Fleet.Expressions;

namespace Fleet.ControlPlane.Schemas;

/// <summary>Evaluates <c>x-kubernetes-validations</c>.</summary>
internal static class RuleValidation
{
    /// <summary>All rules of one object together may cost this much; upstream has such a budget, too.</summary>
    private const long Budget = 10_000_000;

    public static void Check(JsonObject value, JsonObject? old, Schema schema, FieldErrors errors) => Visit(value, old, schema, errors);

    private static void Visit(JsonNode? value, JsonNode? old, Schema schema, FieldErrors errors)
    {
        if (value is null || errors.Full) return;
        foreach (var rule in schema.CompiledRules) Run(rule, value, old, schema, errors);
        switch (value)
        {
            case JsonObject o:
                foreach (var (name, child) in o)
                {
                    if (schema.Member(name) is not { } member) continue;
                    errors.Enter(name);
                    Visit(child, (old as JsonObject)?[name], member, errors);
                    errors.Leave();
                }
                break;
            case JsonArray list when schema.Items is { } items:
                for (var i = 0; i < list.Count; i++)
                {
                    errors.Enter(i);
                    Visit(list[i], Correlated(list[i], old as JsonArray, schema), items, errors);
                    errors.Leave();
                }
                break;
        }
    }

    /// <summary>Only items with keys can be found again in the old list.</summary>
    private static JsonNode? Correlated(JsonNode? item, JsonArray? old, Schema schema)
    {
        if (old is null || schema.ListKind != ListKind.Map || item is not JsonObject o) return null;
        return old.FirstOrDefault(candidate => candidate is JsonObject c && schema.ListMapKeys.All(k => JsonNode.DeepEquals(Key(c, k), Key(o, k))));

        JsonNode? Key(JsonObject from, string key) => from[key] ?? schema.Items?.Member(key)?.Default;
    }

    private static void Run(CompiledRule rule, JsonNode value, JsonNode? old, Schema schema, FieldErrors errors)
    {
        if (rule.IsTransition && old is null) return;
        var values = new Dictionary<string, JsonNode?>(2, StringComparer.Ordinal) { ["self"] = value, ["oldSelf"] = old };
        var text = rule.Rule.Message ?? $"failed rule: {rule.Rule.Rule.Trim()}";
        try
        {
            if (rule.Program.EvaluateCondition(values, Budget)) return;
        }
        catch (CelException e)
        {
            errors.Add(FieldErrorType.Invalid, $"\"{schema.Type}\"", $"{e.Message} evaluating rule: {rule.Rule.Message ?? rule.Rule.Rule.Trim()}");
            return;
        }
        var type = rule.Rule.Reason switch
        {
            "FieldValueForbidden" => FieldErrorType.Forbidden,
            "FieldValueRequired" => FieldErrorType.Required,
            "FieldValueDuplicate" => FieldErrorType.Duplicate,
            _ => FieldErrorType.Invalid,
        };
        var path = rule.Rule.FieldPath is { Length: > 0 } further ? (errors.Path == "<nil>" ? further.TrimStart('.') : errors.Path + further) : errors.Path;
        // A duplicate is told by its value alone.
        errors.Add(type, path, type is FieldErrorType.Invalid or FieldErrorType.Duplicate ? Shown(value) : null, type == FieldErrorType.Duplicate ? "" : Explain(rule, values) ?? text);
    }

    /// <summary>Objects and lists, which may be large, are not repeated.</summary>
    private static string? Shown(JsonNode value) => value is JsonValue ? FieldErrors.Show(value) : null;

    /// <summary>What messageExpression says; null when it fails or says nothing, as then the message stands.</summary>
    private static string? Explain(CompiledRule rule, Dictionary<string, JsonNode?> values)
    {
        try
        {
            return rule.Message?.Evaluate(values, Budget) is string text && text.Trim().Length > 0 && !text.Contains('\n', StringComparison.Ordinal) ? text : null;
        }
        catch (CelException)
        {
            return null;
        }
    }
}
