using System.Text.Json.Nodes;

namespace Fleet.ControlPlane.OpenApi;

/// <summary>OpenAPI v2 lacks some of v3's words; clients of v2 get a schema that accepts at least as much.</summary>
internal static class OpenApiV2Values
{
    private static readonly string[] s_unknown = ["oneOf", "anyOf", "not", "allOf", "nullable", "default"];

    public static void Simplify(JsonObject schema, int depth = 0)
    {
        if (depth > 100) return;
        foreach (var name in s_unknown) schema.Remove(name);
        // Old clients read an untyped schema as "anything".
        if (schema["x-kubernetes-preserve-unknown-fields"] is not null && schema["type"]?.GetValue<string>() == "object" && depth > 0)
        {
            schema.Remove("properties");
            schema.Remove("required");
        }
        foreach (var (_, property) in schema["properties"] as JsonObject ?? [])
            if (property is JsonObject o) Simplify(o, depth + 1);
        if (schema["items"] is JsonObject items) Simplify(items, depth + 1);
        if (schema["additionalProperties"] is JsonObject values) Simplify(values, depth + 1);
    }
}
