using System.Text.Json.Nodes;
using Fleet.Contracts.Upgrades;

namespace Fleet.Control.Differences;

/// <summary>What differs between two versions of an object, field by field. Pure.</summary>
public static class FieldDiff
{
    /// <summary>Fields that order or name a thing inside a list.</summary>
    private static readonly string[] ListKeys = ["name", "key", "path", "type", "device"];

    /// <param name="hides">Whether the value of a field may be secret, by kind, path and name. Null: <see cref="SecretFields.May"/>.</param>
    public static IReadOnlyList<FieldChange> Between(string kind, JsonObject from, JsonObject to, Func<string, string, string, bool>? hides = null)
    {
        var rule = hides ?? SecretFields.May;
        bool Hides(string path, string field) => rule(kind, path, field);
        return Between(Hides, from, to);
    }

    private static List<FieldChange> Between(Func<string, string, bool> hides, JsonObject from, JsonObject to)
    {
        var changes = new List<FieldChange>();
        foreach (var field in Fields(from, to).Where(field => field is not ("apiVersion" or "kind" or "metadata")))
            Compare(hides, field, field, from[field], to[field], changes);
        foreach (var field in (string[])["labels", "annotations"])
            Compare(hides, $"metadata.{field}", field, from["metadata"]?[field], to["metadata"]?[field], changes);
        return changes;
    }

    private static void Compare(Func<string, string, bool> hides, string path, string field, JsonNode? from, JsonNode? to, List<FieldChange> changes)
    {
        // An empty map or list is what many charts print for nothing.
        if (JsonNode.DeepEquals(from, to) || (IsEmpty(from) && IsEmpty(to)))
            return;
        if (hides(path, field) && (from ?? to) is not JsonObject)
            changes.Add(new() { Path = path, Secret = true });
        else if (from is JsonObject or null && to is JsonObject or null && (from is JsonObject { Count: > 0 } || to is JsonObject { Count: > 0 }))
            foreach (var name in Fields(from as JsonObject, to as JsonObject))
                Compare(hides, Step(path, name), name, from?[name], to?[name], changes);
        else if (from is JsonArray before && to is JsonArray after)
            CompareLists(hides, path, field, before, after, changes);
        else
            changes.Add(new() { Path = path, From = Shown(hides, path, from), To = Shown(hides, path, to) });
    }

    private static void CompareLists(Func<string, string, bool> hides, string path, string field, JsonArray from, JsonArray to, List<FieldChange> changes)
    {
        if (KeyOf(from, to) is not { } key)
        {
            for (var index = 0; index < Math.Max(from.Count, to.Count); index++)
                Compare(hides, $"{path}[{index}]", field, index < from.Count ? from[index] : null, index < to.Count ? to[index] : null, changes);
            return;
        }
        foreach (var name in from.Concat(to).Select(item => (string)item![key]!).Distinct(StringComparer.Ordinal))
            Compare(hides, $"{path}[{key}={name}]", field, Item(from, key, name), Item(to, key, name), changes);
    }

    private static JsonNode? Item(JsonArray list, string key, string name) => list.FirstOrDefault(item => (string?)item![key] == name);

    // Only a key that every item has and none has twice.
    private static string? KeyOf(JsonArray from, JsonArray to) =>
        ListKeys.FirstOrDefault(key => new[] { from, to }.All(list =>
            list.All(item => item is JsonObject map && map[key] is JsonValue value && value.TryGetValue<string>(out _))
            && list.Select(item => (string)item![key]!).Distinct(StringComparer.Ordinal).Count() == list.Count));

    // A list that comes or goes as a whole is shown without what may be secret inside.
    private static JsonNode? Shown(Func<string, string, bool> hides, string path, JsonNode? node) => node switch
    {
        JsonObject map => new JsonObject(map.Select(pair => KeyValuePair.Create(
            pair.Key, hides($"{path}.{pair.Key}", pair.Key) && pair.Value is not JsonObject ? "(not shown)" : Shown(hides, Step(path, pair.Key), pair.Value)))),
        JsonArray list => new JsonArray([.. list.Select((item, index) => hides($"{path}[{index}]", "") ? "(not shown)" : Shown(hides, $"{path}[{index}]", item))]),
        _ => node?.DeepClone(),
    };

    private static bool IsEmpty(JsonNode? node) => node is null or JsonObject { Count: 0 } or JsonArray { Count: 0 };

    private static IEnumerable<string> Fields(JsonObject? from, JsonObject? to) =>
        (from ?? []).Concat(to ?? []).Select(pair => pair.Key).Distinct(StringComparer.Ordinal);

    // Labels have dots in their names.
    private static string Step(string path, string name) => name.Contains('.', StringComparison.Ordinal) ? $"{path}[{name}]" : $"{path}.{name}";
}
