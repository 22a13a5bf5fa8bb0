using System.Text.Json.Nodes;

namespace Fleet.ControlPlane.Schemas;

/// <summary>Checks the <c>x-kubernetes-validations</c> of a schema node when a CRD is created.</summary>
internal static class StructuralRules
{
    private static readonly HashSet<string> s_reasons = ["FieldValueInvalid", "FieldValueForbidden", "FieldValueRequired", "FieldValueDuplicate"];

    public static void Check(JsonObject node, string path, bool isRoot, List<FieldError> errors)
    {
        if (node["x-kubernetes-validations"] is not JsonArray rules) return;
        var schema = SchemaReader.ReadNode(node, 0);
        schema.EmbeddedResource |= isRoot;
        for (var i = 0; i < rules.Count; i++)
            if (rules[i] is JsonObject rule) CheckRule(rule, schema, $"{path}.x-kubernetes-validations[{i}]", errors);
    }

    private static void CheckRule(JsonObject rule, Schema schema, string path, List<FieldError> errors)
    {
        if (SchemaReader.Text(rule, "rule") is not { } text || text.Trim().Length == 0)
            errors.Add(new(FieldErrorType.Required, $"{path}.rule", null, "rule is not specified"));
        else if (CompiledRule.TryCompile(text, schema, out var problem) is null)
            errors.Add(new(FieldErrorType.Invalid, $"{path}.rule", FieldErrors.Show(text), $"compilation failed: {problem}"));
        if (SchemaReader.Text(rule, "messageExpression") is { } message && CompiledRule.TryCompile(message, schema, out var wrong) is null)
            errors.Add(new(FieldErrorType.Invalid, $"{path}.messageExpression", FieldErrors.Show(message), $"messageExpression compilation failed: {wrong}"));
        if (SchemaReader.Text(rule, "message") is { } fixedMessage && fixedMessage.Contains('\n', StringComparison.Ordinal))
            errors.Add(new(FieldErrorType.Invalid, $"{path}.message", FieldErrors.Show(fixedMessage), "message must not contain line breaks"));
        if (SchemaReader.Text(rule, "reason") is { } reason && !s_reasons.Contains(reason))
            errors.Add(new(FieldErrorType.NotSupported, $"{path}.reason", $"\"{reason}\"", "supported values: \"FieldValueDuplicate\", \"FieldValueForbidden\", \"FieldValueInvalid\", \"FieldValueRequired\""));
    }
}
