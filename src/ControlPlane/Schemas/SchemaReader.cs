using System.Text.Json.Nodes;

namespace Fleet.ControlPlane.Schemas;

/// <summary>Reads the <c>openAPIV3Schema</c> of a CustomResourceDefinition.</summary>
public static class SchemaReader
{
    /// <summary>Lenient: what <see cref="StructuralCheck"/> would refuse is ignored. Top-level metadata gets the schema of ObjectMeta.</summary>
    public static Schema Read(JsonObject openApiV3Schema)
    {
        var schema = ReadNode(openApiV3Schema, 0);
        if (schema.Type.Length == 0) schema.Type = "object";
        schema.EmbeddedResource = true;
        return schema;
    }

    internal static Schema ReadNode(JsonObject source, int depth)
    {
        var schema = new Schema();
        if (depth > 100) return schema;
        schema.Type = Text(source, "type") ?? "";
        schema.Format = Text(source, "format");
        schema.Description = Text(source, "description");
        schema.Nullable = Flag(source, "nullable");
        schema.IntOrString = Flag(source, "x-kubernetes-int-or-string");
        schema.PreserveUnknownFields = Flag(source, "x-kubernetes-preserve-unknown-fields");
        schema.EmbeddedResource = Flag(source, "x-kubernetes-embedded-resource");
        schema.Default = source["default"]?.DeepClone();
        schema.Required = Texts(source, "required");
        schema.ListMapKeys = Texts(source, "x-kubernetes-list-map-keys");
        schema.ListKind = Text(source, "x-kubernetes-list-type") switch { "map" => ListKind.Map, "set" => ListKind.Set, _ => ListKind.Atomic };
        schema.AtomicMap = Text(source, "x-kubernetes-map-type") == "atomic";
        if (source["items"] is JsonObject items) schema.Items = ReadNode(items, depth + 1);
        if (source["properties"] is JsonObject properties)
            schema.Properties = properties.Where(p => p.Value is JsonObject)
                .ToDictionary(p => p.Key, p => ReadNode((JsonObject)p.Value!, depth + 1), StringComparer.Ordinal);
        schema.AdditionalProperties = source["additionalProperties"] switch
        {
            JsonObject nested => ReadNode(nested, depth + 1),
            JsonValue value when value.TryGetValue<bool>(out var allowed) && allowed => new Schema { PreserveUnknownFields = true },
            _ => null,
        };
        schema.Constraints = ReadConstraints(source, depth);
        schema.Rules = ReadRules(source);
        return schema;
    }

    private static SchemaConstraints? ReadConstraints(JsonObject source, int depth)
    {
        var constraints = new SchemaConstraints
        {
            Enum = source["enum"] is JsonArray values ? [.. values.Select(v => v?.DeepClone())] : null,
            MinLength = Integer(source, "minLength"),
            MaxLength = Integer(source, "maxLength"),
            Pattern = Text(source, "pattern"),
            Minimum = Number(source, "minimum"),
            Maximum = Number(source, "maximum"),
            ExclusiveMinimum = Flag(source, "exclusiveMinimum"),
            ExclusiveMaximum = Flag(source, "exclusiveMaximum"),
            MultipleOf = Number(source, "multipleOf"),
            MinItems = Integer(source, "minItems"),
            MaxItems = Integer(source, "maxItems"),
            UniqueItems = Flag(source, "uniqueItems"),
            MinProperties = Integer(source, "minProperties"),
            MaxProperties = Integer(source, "maxProperties"),
            AllOf = Nested(source, "allOf", depth),
            AnyOf = Nested(source, "anyOf", depth),
            OneOf = Nested(source, "oneOf", depth),
            Not = source["not"] is JsonObject not ? ReadNode(not, depth + 1) : null,
        };
        // Empty lists compare by reference, so "nothing was set" is decided by the lists' counts.
        var empty = constraints with { AllOf = SchemaConstraints.None.AllOf, AnyOf = SchemaConstraints.None.AnyOf, OneOf = SchemaConstraints.None.OneOf };
        return constraints.AllOf.Count + constraints.AnyOf.Count + constraints.OneOf.Count == 0 && empty == SchemaConstraints.None ? null : constraints;
    }

    private static IReadOnlyList<Schema> Nested(JsonObject source, string name, int depth) =>
        source[name] is JsonArray list ? [.. list.OfType<JsonObject>().Select(o => ReadNode(o, depth + 1))] : [];

    private static IReadOnlyList<SchemaRule> ReadRules(JsonObject source) => source["x-kubernetes-validations"] is not JsonArray rules
        ? []
        : [.. rules.OfType<JsonObject>().Where(r => Text(r, "rule") is not null).Select(r => new SchemaRule(
            Text(r, "rule")!, Text(r, "message"), Text(r, "messageExpression"), Text(r, "reason"), Text(r, "fieldPath"), Flag(r, "optionalOldSelf")))];

    internal static string? Text(JsonObject source, string name) =>
        source[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private static bool Flag(JsonObject source, string name) => source[name] is JsonValue value && value.TryGetValue<bool>(out var flag) && flag;

    private static string[] Texts(JsonObject source, string name) =>
        source[name] is JsonArray list ? [.. list.OfType<JsonValue>().Select(v => v.TryGetValue<string>(out var s) ? s : "").Where(s => s.Length > 0)] : [];

    private static double? Number(JsonObject source, string name) => source[name] is JsonValue value && JsonNumbers.TryDouble(value, out var number) ? number : null;

    private static long? Integer(JsonObject source, string name) => source[name] is JsonValue value && JsonNumbers.TryInteger(value, out var number) ? number : null;
}
