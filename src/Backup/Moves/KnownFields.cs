using System.Text.Json.Nodes;

namespace Fleet.Backup.Moves;

/// <summary>Which fields of an object a definition does not have: an older API server drops them without a word. Pure.</summary>
internal static class KnownFields
{
    private const string Open = "x-kubernetes-preserve-unknown-fields";
    private const string Embedded = "x-kubernetes-embedded-resource";

    private static readonly HashSet<string> OfEveryObject = new(StringComparer.Ordinal) { "apiVersion", "kind", "metadata" };

    /// <summary>Their paths, such as <c>spec.config.size</c>. Status is left out: its controller writes it anew.</summary>
    public static IEnumerable<string> Lacking(JsonObject item, JsonObject schema) =>
        item.Where(field => field.Key != "status" && !OfEveryObject.Contains(field.Key)).SelectMany(field => OfField(field.Key, field.Value, schema, field.Key));

    private static IEnumerable<string> In(JsonNode? value, JsonObject schema, string path) => value switch
    {
        JsonObject inner => inner.Where(field => !(Is(schema, Embedded) && OfEveryObject.Contains(field.Key))).SelectMany(field => OfField(field.Key, field.Value, schema, $"{path}.{field.Key}")),
        JsonArray items when schema["items"] is JsonObject each => items.SelectMany((item, i) => In(item, each, $"{path}[{i}]")),
        _ => [],
    };

    private static IEnumerable<string> OfField(string name, JsonNode? value, JsonObject schema, string path)
    {
        if ((schema["properties"] as JsonObject)?[name] is JsonObject known)
            return In(value, known, path);
        if (schema["additionalProperties"] is JsonObject each)
            return In(value, each, path);
        return Is(schema, Open) || schema["additionalProperties"] is not null ? [] : [path];
    }

    private static bool Is(JsonObject schema, string flag) => schema[flag] is JsonValue value && value.TryGetValue(out bool set) && set;
}
