using System.Text.Json.Nodes;
using Fleet.Helm.Patches;
using Fleet.StateManager.Drift;
using Fleet.StateManager.Inventory;

namespace Fleet.StateManager.Patches;

/// <summary>
/// Fields that <c>driftExclusions</c> and <c>driftIgnore</c> leave to others and that are otherwise than declared, stated as they are: an upgrade then neither takes them nor
/// meets their owner. Pure.
/// </summary>
/// <param name="IsComplete">False when some such field cannot be stated, or is not known.</param>
internal sealed record KeptFields(IReadOnlyList<ReleasePatch> Patches, bool IsComplete)
{
    /// <param name="namespace">The release's.</param>
    public static KeptFields Of(DriftRules rules, IReadOnlyList<WatchedObject> objects, string @namespace)
    {
        var patches = new List<ReleasePatch>();
        var isComplete = true;
        foreach (var seen in objects)
        {
            if (seen.Live is not { } live)
            {
                isComplete &= seen.IsKnown || rules.IsEmpty;
                continue;
            }
            var declared = ObjectComparer.Canonical(seen.Object.Type, seen.Object.Declared.Read());
            var content = live.Content.Read();
            var merge = new JsonObject();
            foreach (var path in rules.LeftToOthers(seen.Object, declared, content, live.ScaledFields))
            {
                var more = (JsonObject)merge.DeepClone();
                if (State(more, path, content, seen.Object))
                    merge = more;
                else
                    isComplete = false;
            }
            if (merge.Count > 0)
                patches.Add(PatchOf(seen.Object, declared, merge, @namespace));
        }
        return new(patches, isComplete);
    }

    private static ReleasePatch PatchOf(InventoryObject o, JsonObject declared, JsonObject merge, string @namespace)
    {
        merge["apiVersion"] = declared["apiVersion"]?.DeepClone();
        merge["kind"] = declared["kind"]?.DeepClone();
        if (merge["metadata"] is not JsonObject metadata)
            merge["metadata"] = metadata = [];
        metadata["name"] = o.Key.Name;
        if (o.Key.Namespace.Length > 0)
            metadata["namespace"] = o.Key.Namespace;
        return ReleasePatchFrom.Of(new($"what is left to others of {o}", null, merge.ToJsonString()), @namespace);
    }

    /// <summary>
    /// Adds a field to a strategic merge as it is in the cluster. A list that is one value can be stated as a whole; an element of one that is not known by its keys
    /// cannot, since the new manifest may have others in its place.
    /// </summary>
    private static bool State(JsonObject merge, FieldPath path, JsonObject live, InventoryObject o)
    {
        var at = merge;
        JsonNode? there = live;
        var steps = path.Steps;
        for (var i = 0; i < steps.Count; i++)
        {
            var (step, isLast) = (steps[i], i == steps.Count - 1);
            if (step.IsElement)
                return false;
            there = (there as JsonObject)?[step.Name];
            if (isLast)
            {
                // A merge adds to maps and to lists that are known by keys; null takes the field out of the manifest.
                if (there is JsonObject || (there is JsonArray && MergeKeys.For(o.Type, step) is not null))
                    return false;
                at[step.Name] = there?.DeepClone();
                return true;
            }
            if (steps[i + 1] is { IsElement: true } element)
            {
                if (element.Keys is not { } keys || element.IsNewElement || i + 2 >= steps.Count)
                    return false;
                (at, there) = (ElementOf(at, step.Name, keys), (there as JsonArray)?[element.LiveIndex]);
                i++;
                continue;
            }
            if (at[step.Name] is not JsonObject map)
                at[step.Name] = map = [];
            at = map;
        }
        return false;
    }

    private static JsonObject ElementOf(JsonObject merge, string list, JsonObject keys)
    {
        if (merge[list] is not JsonArray elements)
            merge[list] = elements = [];
        foreach (var element in elements.OfType<JsonObject>())
            if (keys.All(key => JsonNode.DeepEquals(element[key.Key], key.Value)))
                return element;
        var made = (JsonObject)keys.DeepClone();
        elements.Add(made);
        return made;
    }
}
