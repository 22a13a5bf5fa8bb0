using System.Text.Json.Nodes;
using Fleet.Expressions;

namespace Fleet.ControlPlane.Schemas;

/// <summary>Decides whether an <c>openAPIV3Schema</c> is structural, which a CustomResourceDefinition in v1 must be.</summary>
public static class StructuralCheck
{
    private static readonly string[] s_unsupported =
        ["$ref", "definitions", "dependencies", "deprecated", "discriminator", "id", "patternProperties", "readOnly", "writeOnly", "xml", "additionalItems"];

    private static readonly string[] s_structural =
        ["type", "default", "additionalProperties", "nullable", "title", "description", "x-kubernetes-preserve-unknown-fields", "x-kubernetes-embedded-resource",
         "x-kubernetes-int-or-string", "x-kubernetes-list-type", "x-kubernetes-list-map-keys", "x-kubernetes-map-type", "x-kubernetes-validations"];

    private static readonly string[] s_combinations = ["allOf", "anyOf", "oneOf"];

    /// <summary>All violations. The path is that of the schema in the CRD, such as <c>spec.versions[0].schema.openAPIV3Schema</c>.</summary>
    public static IReadOnlyList<FieldError> Check(JsonObject openApiV3Schema, string path)
    {
        var errors = new List<FieldError>();
        switch (SchemaReader.Text(openApiV3Schema, "type"))
        {
            case null: errors.Add(new(FieldErrorType.Required, $"{path}.type", null, "must not be empty at the root")); break;
            case "object": break;
            case var type: errors.Add(new(FieldErrorType.Invalid, $"{path}.type", $"\"{type}\"", "must be object at the root")); break;
        }
        Visit(openApiV3Schema, path, errors, Place.Root, 0);
        return errors.Count > SchemaLimits.MaxErrors ? errors[..SchemaLimits.MaxErrors] : errors;
    }

    /// <summary>The schemas of all versions of a CustomResourceDefinition; a version without one is an error, too.</summary>
    public static IReadOnlyList<FieldError> CheckDefinition(JsonObject definition)
    {
        var errors = new List<FieldError>();
        var versions = (definition["spec"] as JsonObject)?["versions"] as JsonArray ?? [];
        for (var i = 0; i < versions.Count; i++)
        {
            var path = $"spec.versions[{i}].schema.openAPIV3Schema";
            if (((versions[i] as JsonObject)?["schema"] as JsonObject)?["openAPIV3Schema"] is JsonObject schema) errors.AddRange(Check(schema, path));
            else errors.Add(new(FieldErrorType.Required, path, null, "schemas are required"));
        }
        return errors;
    }

    private static void Visit(JsonObject node, string path, List<FieldError> errors, Place place, int depth)
    {
        if (depth > 100)
        {
            errors.Add(new(FieldErrorType.Forbidden, path, null, "must not be nested deeper than 100 levels"));
            return;
        }
        foreach (var name in s_unsupported)
            if (node.ContainsKey(name)) errors.Add(new(FieldErrorType.Forbidden, $"{path}.{name}", null, $"{name} is not supported"));
        CheckType(node, path, errors, place);
        CheckExtensions(node, path, errors);
        CheckPattern(node, path, errors);
        CheckDefault(node, path, errors);
        StructuralRules.Check(node, path, place == Place.Root, errors);
        if (node["properties"] is JsonObject properties)
        {
            if (node["additionalProperties"] is not null)
                errors.Add(new(FieldErrorType.Forbidden, $"{path}.additionalProperties", null, "additionalProperties and properties are mutual exclusive"));
            foreach (var (name, child) in properties)
                if (child is JsonObject o) Visit(o, $"{path}.properties[{name}]", errors, Place.Field, depth + 1);
        }
        if (node["additionalProperties"] is JsonObject values) Visit(values, $"{path}.additionalProperties", errors, Place.Field, depth + 1);
        if (node["items"] is JsonObject items) Visit(items, $"{path}.items", errors, Place.Item, depth + 1);
        else if (node["items"] is JsonArray) errors.Add(new(FieldErrorType.Forbidden, $"{path}.items", null, "items must be a schema object and not an array"));
        foreach (var name in s_combinations)
            if (node[name] is JsonArray list)
                for (var i = 0; i < list.Count; i++)
                    if (list[i] is JsonObject part) VisitNested(part, node, $"{path}.{name}[{i}]", path, errors, depth + 1);
        if (node["not"] is JsonObject not) VisitNested(not, node, $"{path}.not", path, errors, depth + 1);
    }

    /// <summary>Within allOf, anyOf, oneOf and not only value checks may stand, and only for fields that the structure outside names.</summary>
    private static void VisitNested(JsonObject node, JsonObject? outside, string path, string outsidePath, List<FieldError> errors, int depth)
    {
        if (depth > 100) return;
        // The usual way to write int-or-string.
        var intOrString = outside?["x-kubernetes-int-or-string"] is JsonValue flag && flag.TryGetValue<bool>(out var set) && set;
        foreach (var name in s_structural)
            if (node.ContainsKey(name) && !(name == "type" && intOrString)) errors.Add(new(FieldErrorType.Forbidden, $"{path}.{name}", null, "must be empty to be structural"));
        CheckPattern(node, path, errors);
        foreach (var (name, child) in node["properties"] as JsonObject ?? [])
        {
            var at = $"{outsidePath}.properties[{name}]";
            var counterpart = (outside?["properties"] as JsonObject)?[name] as JsonObject ?? outside?["additionalProperties"] as JsonObject;
            if (counterpart is null) errors.Add(new(FieldErrorType.Required, at, null, $"because it is defined in {path}.properties[{name}]"));
            if (child is JsonObject o) VisitNested(o, counterpart, $"{path}.properties[{name}]", at, errors, depth + 1);
        }
        if (node["items"] is JsonObject items)
        {
            if (outside?["items"] is null) errors.Add(new(FieldErrorType.Required, $"{outsidePath}.items", null, $"because it is defined in {path}.items"));
            VisitNested(items, outside?["items"] as JsonObject, $"{path}.items", $"{outsidePath}.items", errors, depth + 1);
        }
        foreach (var name in s_combinations)
            if (node[name] is JsonArray list)
                for (var i = 0; i < list.Count; i++)
                    if (list[i] is JsonObject part) VisitNested(part, outside, $"{path}.{name}[{i}]", outsidePath, errors, depth + 1);
        if (node["not"] is JsonObject not) VisitNested(not, outside, $"{path}.not", outsidePath, errors, depth + 1);
    }

    private static void CheckType(JsonObject node, string path, List<FieldError> errors, Place place)
    {
        var type = SchemaReader.Text(node, "type");
        var intOrString = Flag(node, "x-kubernetes-int-or-string");
        if (type is null && !intOrString && !Flag(node, "x-kubernetes-preserve-unknown-fields") && place != Place.Root)
            errors.Add(new(FieldErrorType.Required, $"{path}.type", null, place == Place.Item ? "must not be empty for specified array items" : "must not be empty for specified object fields"));
        if (type is not (null or "object" or "array" or "string" or "integer" or "number" or "boolean"))
            errors.Add(new(FieldErrorType.NotSupported, $"{path}.type", $"\"{type}\"", "supported values: \"array\", \"boolean\", \"integer\", \"number\", \"object\", \"string\""));
        if (type is not null && intOrString) errors.Add(new(FieldErrorType.Forbidden, $"{path}.type", null, "must be empty if x-kubernetes-int-or-string is true"));
        if (type == "array" && node["items"] is null) errors.Add(new(FieldErrorType.Required, $"{path}.items", null, "must be specified"));
        if (Flag(node, "uniqueItems")) errors.Add(new(FieldErrorType.Forbidden, $"{path}.uniqueItems", null, "uniqueItems cannot be set to true since the runtime complexity becomes quadratic"));
        if (node["additionalProperties"] is JsonValue v && v.TryGetValue<bool>(out var allowed) && !allowed)
            errors.Add(new(FieldErrorType.Forbidden, $"{path}.additionalProperties", null, "additionalProperties cannot be set to false"));
    }

    private static void CheckExtensions(JsonObject node, string path, List<FieldError> errors)
    {
        var type = SchemaReader.Text(node, "type");
        var listType = SchemaReader.Text(node, "x-kubernetes-list-type");
        var keys = (node["x-kubernetes-list-map-keys"] as JsonArray)?.Select(k => k?.ToString() ?? "").ToArray() ?? [];
        if (listType is not null && type != "array") errors.Add(new(FieldErrorType.Invalid, $"{path}.type", $"\"{type}\"", "must be array if x-kubernetes-list-type is specified"));
        if (listType is not (null or "atomic" or "set" or "map"))
            errors.Add(new(FieldErrorType.NotSupported, $"{path}.x-kubernetes-list-type", $"\"{listType}\"", "supported values: \"atomic\", \"map\", \"set\""));
        if (listType == "map" && keys.Length == 0) errors.Add(new(FieldErrorType.Required, $"{path}.x-kubernetes-list-map-keys", null, "must not be empty if x-kubernetes-list-type is map"));
        if (listType != "map" && keys.Length > 0) errors.Add(new(FieldErrorType.Invalid, $"{path}.x-kubernetes-list-type", $"\"{listType}\"", "must be map if x-kubernetes-list-map-keys is non-empty"));
        var items = node["items"] as JsonObject;
        for (var i = 0; i < keys.Length; i++)
        {
            if ((items?["properties"] as JsonObject)?[keys[i]] is not JsonObject key)
                errors.Add(new(FieldErrorType.Invalid, $"{path}.x-kubernetes-list-map-keys[{i}]", $"\"{keys[i]}\"", "entries must all be names of item properties"));
            else if (!key.ContainsKey("default") && !((items!["required"] as JsonArray)?.Any(r => r?.ToString() == keys[i]) ?? false))
                errors.Add(new(FieldErrorType.Required, $"{path}.items.properties[{keys[i]}].default", null, "this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property"));
        }
        if (SchemaReader.Text(node, "x-kubernetes-map-type") is { } mapType && mapType is not ("atomic" or "granular"))
            errors.Add(new(FieldErrorType.NotSupported, $"{path}.x-kubernetes-map-type", $"\"{mapType}\"", "supported values: \"atomic\", \"granular\""));
        if (Flag(node, "x-kubernetes-embedded-resource"))
        {
            if (type != "object") errors.Add(new(FieldErrorType.Invalid, $"{path}.type", $"\"{type}\"", "must be object if x-kubernetes-embedded-resource is true"));
            if (node["properties"] is null && !Flag(node, "x-kubernetes-preserve-unknown-fields"))
                errors.Add(new(FieldErrorType.Required, $"{path}.properties", null, "must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields"));
        }
    }

    private static void CheckPattern(JsonObject node, string path, List<FieldError> errors)
    {
        if (SchemaReader.Text(node, "pattern") is { } pattern && Re2Pattern.TryCompile(pattern, out var problem) is null)
            errors.Add(new(FieldErrorType.Invalid, $"{path}.pattern", FieldErrors.Show(pattern), $"must be a valid regular expression, but isn't: {problem}"));
    }

    private static void CheckDefault(JsonObject node, string path, List<FieldError> errors)
    {
        if (node["default"] is not { } value) return;
        var found = new FieldErrors();
        SchemaValidation.Visit(value, SchemaReader.ReadNode(node, 0), found);
        foreach (var error in found.All)
            errors.Add(error with { Field = error.Field == "<nil>" ? $"{path}.default" : $"{path}.default.{error.Field}" });
    }

    private static bool Flag(JsonObject node, string name) => node[name] is JsonValue value && value.TryGetValue<bool>(out var flag) && flag;

    private enum Place { Root, Field, Item }
}
