using System.Collections.Frozen;
using System.Text.Json.Nodes;

namespace Fleet.ClusterManager.Admission.Schemas;

/// <summary>
/// Which parts of a schema are understood as a whole. Where a part decides by what does <em>not</em> fit (not, oneOf, if), a keyword that is passed over would
/// turn the answer round. Pure.
/// </summary>
internal sealed class SchemaKeywords(JsonObject root)
{
    private const int DeepestLevel = 16;

    private static readonly FrozenSet<string> Known = FrozenSet.ToFrozenSet(
        [
            "$ref", "type", "enum", "const", "minLength", "maxLength", "pattern", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf",
            "required", "properties", "patternProperties", "additionalProperties", "minProperties", "maxProperties", "items", "minItems", "maxItems", "uniqueItems",
            "allOf", "anyOf", "oneOf", "not", "if", "then", "else",
            "$schema", "$id", "$comment", "title", "description", "default", "examples", "definitions", "$defs", "readOnly", "writeOnly", "deprecated",
        ],
        StringComparer.Ordinal);

    /// <summary>What a <c>$ref</c> within the schema points at; null without one and when it leads nowhere.</summary>
    public JsonNode? Referred(JsonObject rules)
    {
        if ((string?)rules["$ref"] is not { } reference || !reference.StartsWith('#'))
            return null;
        JsonNode? found = root;
        foreach (var part in reference[1..].Split('/', StringSplitOptions.RemoveEmptyEntries))
            found = (found as JsonObject)?[Uri.UnescapeDataString(part).Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal)];
        return found;
    }

    public bool AreAllKnown(JsonNode? schema) => AreAllKnown(schema, 0);

    private bool AreAllKnown(JsonNode? schema, int level)
    {
        if (level > DeepestLevel)
            return false;
        if (schema is JsonArray several)
            return several.All(one => AreAllKnown(one, level + 1));
        if (schema is not JsonObject rules)
            return true;
        if (rules.ContainsKey("$ref") && (Referred(rules) is not { } other || !AreAllKnown(other, level + 1)))
            return false;
        return rules.All(rule => Known.Contains(rule.Key) && rule.Key switch
        {
            "properties" or "patternProperties" => rule.Value is not JsonObject children || children.All(child => AreAllKnown(child.Value, level + 1)),
            "items" => rule.Value is not JsonArray && AreAllKnown(rule.Value, level + 1),
            "additionalProperties" or "allOf" or "anyOf" or "oneOf" or "not" or "if" or "then" or "else" => AreAllKnown(rule.Value, level + 1),
            _ => true,
        });
    }
}
