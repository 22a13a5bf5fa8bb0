using System.Text.Json.Nodes;

namespace Fleet.ClusterManager.Admission.Schemas;

/// <summary>Helm's way to put a user's values over a chart's: maps are merged, all else is replaced, and null takes a value away. Pure.</summary>
internal static class ValuesMerge
{
    public static JsonObject Of(JsonObject defaults, JsonObject values)
    {
        var result = (JsonObject)defaults.DeepClone();
        foreach (var (key, value) in values)
            if (value is null)
                result.Remove(key);
            else if (value is JsonObject child && result[key] is JsonObject present)
                result[key] = Of(present, child);
            else
                result[key] = value.DeepClone();
        return result;
    }
}
