using System.Text.Json.Nodes;
using Fleet.Helm.Errors;
using Fleet.StateManager.Services;

namespace Fleet.StateManager.Masking;

/// <summary>
/// Objects as they may be shown: what Secrets hold is masked whole, and so is, in every other object, text that comes from a Secret or that one of the
/// Secrets among the objects holds. Pure; the objects given are not changed.
/// </summary>
internal static class ManifestMask
{
    public const string Masked = "***";

    private static readonly string[] SecretFields = ["data", "stringData"];

    /// <summary>What one set of objects and another must not show: a text may be in a Secret of the one and elsewhere in the other.</summary>
    public static SecretMask Of(IEnumerable<string> secrets, params IEnumerable<JsonObject>[] manifests) =>
        new(secrets.Concat(manifests.SelectMany(objects => objects).Where(IsSecret).SelectMany(SecretTexts.Of)));

    public static IReadOnlyList<JsonObject> Apply(IEnumerable<JsonObject> objects, SecretMask mask) => [.. objects.Select(item => (JsonObject)Apply(item, mask))];

    public static JsonNode Apply(JsonObject item, SecretMask mask)
    {
        var copy = (JsonObject)item.DeepClone();
        if (IsSecret(copy))
            foreach (var field in SecretFields)
                if (copy[field] is JsonObject map)
                    copy[field] = new JsonObject(map.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)Masked)));
        return Text(copy, mask)!;
    }

    public static bool IsSecret(JsonObject item) => item["kind"] is JsonValue kind && kind.TryGetValue<string>(out var text) && text == "Secret";

    /// <summary>With every text in it masked.</summary>
    public static JsonNode? Text(JsonNode? node, SecretMask mask)
    {
        switch (node)
        {
            case JsonObject map:
                return new JsonObject(map.Select(pair => KeyValuePair.Create(pair.Key, Text(pair.Value, mask))));
            case JsonArray list:
                return new JsonArray([.. list.Select(item => Text(item, mask))]);
            case JsonValue value when value.TryGetValue<string>(out var text):
                return mask.Apply(text);
            default:
                return node?.DeepClone();
        }
    }
}
