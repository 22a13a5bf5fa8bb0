using System.Text.Json.Nodes;

namespace Fleet.ControlPlane.Patching;

/// <summary>RFC 7386: objects are merged, null removes, everything else replaces.</summary>
public static class JsonMergePatch
{
    /// <summary>The patched value; neither argument is changed, and the result shares no node with them.</summary>
    public static JsonNode? Apply(JsonNode? target, JsonNode? patch)
    {
        if (patch is not JsonObject changes) return patch?.DeepClone();
        var result = target is JsonObject ? (JsonObject)target.DeepClone() : [];
        MergeInto(result, changes, 0);
        return result;
    }

    private static void MergeInto(JsonObject target, JsonObject changes, int depth)
    {
        if (depth > PatchLimits.MaxDepth) throw PatchErrors.TooDeep();
        foreach (var (name, change) in changes)
        {
            if (change is null)
            {
                target.Remove(name);
                continue;
            }
            if (change is not JsonObject nested)
            {
                target[name] = change.DeepClone();
                continue;
            }
            if (target[name] is not JsonObject existing) target[name] = existing = [];
            MergeInto(existing, nested, depth + 1);
        }
    }
}
