using System.Text.Json.Nodes;
using Fleet.ControlPlane.Schemas;

namespace Fleet.ControlPlane.Patching;

/// <summary>The lists of strategic merge patch: items are matched by a merge key, scalars by value.</summary>
internal static class StrategicLists
{
    public static JsonArray Merge(JsonArray target, JsonArray patch, Schema schema, int depth)
    {
        if (schema.PatchMergeKey is not { } key)
        {
            var all = (JsonArray)target.DeepClone();
            foreach (var value in patch)
                if (!all.Any(a => JsonNode.DeepEquals(a, value))) all.Add(value?.DeepClone());
            return Order(all, patch, target, null);
        }
        var merged = (JsonArray)target.DeepClone();
        var changes = new JsonArray();
        var replace = false;
        foreach (var item in patch)
        {
            if (item is not JsonObject change) throw PatchErrors.BadRequest("a list of objects was expected");
            switch (StrategicMergePatch.DirectiveOf(change))
            {
                case null: changes.Add(change.DeepClone()); break;
                case "delete": Delete(merged, KeyOf(change, key), key); break;
                case "replace":
                    replace = true;
                    var plain = (JsonObject)change.DeepClone();
                    plain.Remove(StrategicMergePatch.Directive);
                    if (plain.Count > 0) changes.Add((JsonNode)plain);
                    break;
                case "merge": throw PatchErrors.BadRequest("merging lists cannot yet be specified in the patch");
                case var other: throw PatchErrors.BadRequest($"Unknown patch type found: {other}");
            }
        }
        if (replace) return changes;
        foreach (var change in changes.Cast<JsonObject>()) MergeItem(merged, change, KeyOf(change, key), key, schema, depth);
        return Order(merged, changes, target, key);
    }

    /// <summary>
    /// Items named in the wanted order come in that order; the others keep their place relative to those whose place on the server is known,
    /// and come after the rest.
    /// </summary>
    public static JsonArray Order(JsonArray list, JsonArray wanted, JsonArray server, string? key)
    {
        var named = list.Where(i => IndexIn(wanted, i, key) >= 0).OrderBy(i => IndexIn(wanted, i, key)).ToArray();
        var others = list.Where(i => IndexIn(wanted, i, key) < 0).ToArray();
        var result = new JsonArray();
        int o = 0, n = 0;
        while (o < others.Length || n < named.Length)
        {
            var takeOther = n >= named.Length || o < others.Length && Before(others[o], named[n]);
            result.Add((takeOther ? others[o++] : named[n++])?.DeepClone());
        }
        return result;

        bool Before(JsonNode? other, JsonNode? name)
        {
            int left = IndexIn(server, other, key), right = IndexIn(server, name, key);
            return left >= 0 && right >= 0 && left < right;
        }
    }

    private static int IndexIn(JsonArray list, JsonNode? item, string? key)
    {
        for (var i = 0; i < list.Count; i++)
            if (key is null ? JsonNode.DeepEquals(list[i], item) : JsonNode.DeepEquals((list[i] as JsonObject)?[key], (item as JsonObject)?[key])) return i;
        return -1;
    }

    private static void Delete(JsonArray list, JsonNode value, string key)
    {
        for (var i = list.Count - 1; i >= 0; i--)
            if (JsonNode.DeepEquals((list[i] as JsonObject)?[key], value)) list.RemoveAt(i);
    }

    private static void MergeItem(JsonArray list, JsonObject change, JsonNode value, string key, Schema schema, int depth)
    {
        for (var i = 0; i < list.Count; i++)
        {
            if (list[i] is not JsonObject existing || !JsonNode.DeepEquals(existing[key], value)) continue;
            var merged = StrategicMergePatch.MergeObject(existing, change, schema.Items, depth + 1);
            if (!ReferenceEquals(merged, existing)) list[i] = merged;
            return;
        }
        list.Add((JsonNode)StrategicMergePatch.MergeObject([], change, schema.Items, depth + 1));
    }

    private static JsonNode KeyOf(JsonObject item, string key) =>
        item[key] ?? throw PatchErrors.BadRequest($"map: {item.ToJsonString()} does not contain declared merge key: {key}");
}
