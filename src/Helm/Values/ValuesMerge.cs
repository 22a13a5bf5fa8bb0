using System.Text.Json.Nodes;

namespace Fleet.Helm.Values;

/// <summary>Helm's merge of values: maps are merged, lists and scalars replaced, null deletes the key. Inputs are never changed.</summary>
public static class ValuesMerge
{
    /// <summary>
    /// <paramref name="over"/> wins. A null stays as null in the result, because it must still delete the chart's own default;
    /// use <see cref="WithoutNulls"/> for what a chart sees in the end.
    /// </summary>
    public static JsonObject Merge(JsonObject under, JsonObject over)
    {
        var result = (JsonObject)under.DeepClone();
        MergeInto(result, over);
        return result;
    }

    /// <summary>Defaults of a chart overlaid with values, as its templates see them: nulls delete.</summary>
    public static JsonObject Effective(JsonObject defaults, JsonObject values) => WithoutNulls(Merge(defaults, values));

    public static JsonObject WithoutNulls(JsonObject values)
    {
        var result = new JsonObject();
        foreach (var (key, value) in values)
        {
            if (value is null) continue;
            result[key] = value is JsonObject map ? WithoutNulls(map) : value.DeepClone();
        }
        return result;
    }

    private static void MergeInto(JsonObject target, JsonObject over)
    {
        foreach (var (key, value) in over)
        {
            if (value is JsonObject map && target[key] is JsonObject existing) MergeInto(existing, map);
            else target[key] = value?.DeepClone();
        }
    }
}
