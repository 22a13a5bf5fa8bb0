using System.Text.Json.Nodes;
using Fleet.ControlPlane.Schemas;

namespace Fleet.ControlPlane.Patching;

/// <summary>Lays a configuration over a live object, by the types of a schema.</summary>
internal static class TypedMerge
{
    /// <summary>A new object; what both have is taken from the configuration.</summary>
    public static JsonObject Merge(JsonObject live, JsonObject configuration, Schema? schema) => MergeObject(live, configuration, schema, 0);

    private static JsonObject MergeObject(JsonObject live, JsonObject configuration, Schema? schema, int depth)
    {
        if (depth > PatchLimits.MaxDepth) throw PatchErrors.TooDeep();
        var result = new JsonObject();
        foreach (var (name, child) in live)
            result[name] = configuration.TryGetPropertyValue(name, out var wanted)
                ? MergeNode(child, wanted, TypedValue.Member(schema, name), depth + 1)
                : child?.DeepClone();
        foreach (var (name, wanted) in configuration)
            if (!live.ContainsKey(name)) result[name] = wanted?.DeepClone();
        return result;
    }

    private static JsonNode? MergeNode(JsonNode? live, JsonNode? wanted, Schema? schema, int depth)
    {
        var shape = TypedValue.ShapeOf(wanted ?? live, schema);
        if (shape == ValueShape.Leaf || TypedValue.ShapeOf(live, schema) != shape) return wanted?.DeepClone();
        // Null says nothing about a map or list whose parts have owners.
        if (wanted is null) return live?.DeepClone();
        return shape == ValueShape.Map
            ? MergeObject((JsonObject)live!, (JsonObject)wanted, schema, depth)
            : MergeList((JsonArray)live!, (JsonArray)wanted, schema!, depth);
    }

    /// <summary>The order of the configuration wins for its items; others stay where they were relative to their neighbours.</summary>
    private static JsonArray MergeList(JsonArray live, JsonArray wanted, Schema schema, int depth)
    {
        var liveIds = Identities(live, schema);
        var wantedIds = Identities(wanted, schema);
        var inWanted = new HashSet<PathElement>(wantedIds.OfType<PathElement>());
        var liveById = new Dictionary<PathElement, JsonNode?>();
        for (var i = 0; i < live.Count; i++)
            if (liveIds[i] is { } id) liveById.TryAdd(id, live[i]);
        var result = new JsonArray();
        int l = 0, w = 0;
        while (l < live.Count || w < wanted.Count)
        {
            if (l < live.Count && (liveIds[l] is not { } id || !inWanted.Contains(id)))
            {
                result.Add(live[l++]?.DeepClone());
                continue;
            }
            if (w < wanted.Count)
            {
                var existing = wantedIds[w] is { } key && liveById.TryGetValue(key, out var found) ? found : null;
                // Both sides are at the same item: step over it on the live side as well.
                if (l < live.Count && wantedIds[w] is { } at && liveIds[l] == at) l++;
                result.Add(existing is JsonObject o && wanted[w] is JsonObject c && TypedValue.ShapeOf(o, schema.Items) == ValueShape.Map
                    ? MergeObject(o, c, schema.Items, depth + 1)
                    : wanted[w]?.DeepClone());
                w++;
                continue;
            }
            // The configuration has had this item already, further to the front.
            l++;
        }
        return result;
    }

    private static PathElement?[] Identities(JsonArray list, Schema schema) => [.. list.Select(item => TypedValue.Identify(item, schema))];
}
