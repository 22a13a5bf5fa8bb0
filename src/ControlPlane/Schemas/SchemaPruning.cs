using System.Text.Json.Nodes;

namespace Fleet.ControlPlane.Schemas;

/// <summary>Removes the fields that a structural schema does not know, or only names them.</summary>
public static class SchemaPruning
{
    /// <summary>Removes unknown fields in place. The paths of what was removed, such as <c>spec.list[2].x</c>.</summary>
    public static IReadOnlyList<string> Prune(JsonObject value, Schema schema) => Walk(value, schema, remove: true);

    /// <summary>The paths of unknown fields; nothing is changed.</summary>
    public static IReadOnlyList<string> FindUnknown(JsonObject value, Schema schema) => Walk(value, schema, remove: false);

    /// <summary>The messages of field validation (Strict and Warn): <c>unknown field "spec.foo"</c>.</summary>
    public static IEnumerable<string> Messages(IReadOnlyList<string> unknown) => unknown.Select(path => $"unknown field \"{path}\"");

    private static List<string> Walk(JsonObject value, Schema schema, bool remove)
    {
        var found = new List<string>();
        VisitObject(value, schema, null, schema.PreserveUnknownFields, remove, found, 0);
        return found;
    }

    private static void Visit(JsonNode? node, Schema? schema, Step? path, bool remove, List<string> found, int depth)
    {
        if (schema is null || depth > SchemaLimits.MaxDepth) return;
        switch (node)
        {
            case JsonObject o:
                VisitObject(o, schema, path, schema.PreserveUnknownFields, remove, found, depth);
                break;
            case JsonArray list:
                for (var i = 0; i < list.Count; i++) Visit(list[i], schema.Items, list[i] is JsonObject or JsonArray ? new Step(path, null, i) : null, remove, found, depth + 1);
                break;
        }
    }

    private static void VisitObject(JsonObject o, Schema schema, Step? path, bool preserve, bool remove, List<string> found, int depth)
    {
        // A type that says nothing about members (an any-typed value) keeps everything.
        if (schema is { Type: "", Properties.Count: 0, AdditionalProperties: null, EmbeddedResource: false }) return;
        List<string>? unknown = null;
        foreach (var (name, child) in o)
        {
            // Paths are put into words only for what is found.
            var at = child is JsonObject or JsonArray ? new Step(path, name, 0) : null;
            if (schema.EmbeddedResource && Envelope(name, schema) is { } envelope)
                Visit(child, envelope, at, remove, found, depth + 1);
            else if (schema.Member(name) is { } member)
                Visit(child, member, at, remove, found, depth + 1);
            else if (!preserve)
            {
                found.Add(new Step(path, name, 0).ToString());
                (unknown ??= []).Add(name);
            }
        }
        if (!remove) return;
        foreach (var name in unknown ?? []) o.Remove(name);
    }

    /// <summary>apiVersion, kind and metadata belong to every resource, whatever the schema says.</summary>
    private static Schema? Envelope(string name, Schema schema) => name switch
    {
        "apiVersion" or "kind" => schema.Member(name) ?? BuiltInSchemas.AnyString,
        "metadata" => BuiltInSchemas.ObjectMeta,
        _ => null,
    };

    private sealed class Step(Step? parent, string? name, int index)
    {
        public override string ToString() => name is null ? $"{parent}[{index}]" : parent is null ? name : $"{parent}.{name}";
    }
}
