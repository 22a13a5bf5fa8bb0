using System.Text.Json.Nodes;

namespace Fleet.StateManager.Drift;

/// <summary>
/// The write that gives an object its declared fields back, made as Helm itself would have made it: what it leaves in managedFields is Helm's own entry,
/// and the fields are taken from whoever changed them, no others. Pure.
/// </summary>
internal static class ObjectRepair
{
    /// <summary>For Helm 3, which owns its fields by patches: exactly the fields that drifted, refused when the object has changed since it was read.</summary>
    public static JsonArray Patch(IReadOnlyList<FieldDrift> drifts, string resourceVersion)
    {
        var operations = new JsonArray { Operation("replace", "/metadata/resourceVersion", JsonValue.Create(resourceVersion)) };
        foreach (var drift in drifts)
        {
            // In a list "add" means one more; in a map it replaces as well.
            var isPresentElement = drift.Path is { IsElement: true, IsNewElement: false };
            operations.Add((JsonNode)Operation(isPresentElement ? "replace" : "add", drift.Path.LivePointer, WithoutNulls(drift.Declared)));
        }

        return operations;
    }

    /// <summary>
    /// For Helm 4, which owns its fields by server-side apply: the whole manifest again, as leaving a field out would give it up. Fields that do not count
    /// are stated as they are, so that they neither change nor vanish.
    /// </summary>
    public static JsonObject Manifest(JsonObject declared, IReadOnlyList<(FieldPath Path, JsonNode? Live)> left)
    {
        var manifest = (JsonObject)WithoutNulls(declared)!;
        manifest.Remove("status");
        foreach (var (path, live) in left.Reverse())
            Put(manifest, path.Steps, live);
        return manifest;
    }

    /// <summary>The manifest for an object that is not there.</summary>
    public static JsonObject Manifest(JsonObject declared, string ns)
    {
        var manifest = Manifest(declared, []);
        if (ns.Length > 0)
            manifest["metadata"]!["namespace"] = ns;
        return manifest;
    }

    private static void Put(JsonObject manifest, IReadOnlyList<FieldPath> steps, JsonNode? live)
    {
        JsonNode? at = manifest;
        foreach (var step in steps.Take(steps.Count - 1))
            at = step.IsElement ? Element(at as JsonArray, step) : (at as JsonObject)?[step.Name];
        var last = steps[^1];
        if (last.IsElement && at is JsonArray list && Element(list, last) is { } element)
        {
            var index = list.IndexOf(element);
            list.RemoveAt(index);
            if (live is not null)
                list.Insert(index, live.DeepClone());
        }
        else if (at is JsonObject map && !last.IsElement)
        {
            map.Remove(last.Name);
            if (live is not null)
                map[last.Name] = live.DeepClone();
        }
    }

    private static JsonNode? Element(JsonArray? list, FieldPath step) => list is not null && step.DeclaredIndex < list.Count ? list[step.DeclaredIndex] : null;

    private static JsonObject Operation(string operation, string path, JsonNode? value) => new() { ["op"] = operation, ["path"] = path, ["value"] = value };

    private static JsonNode? WithoutNulls(JsonNode? node) => node switch
    {
        JsonObject map => new JsonObject(map.Where(p => p.Value is not null).Select(p => KeyValuePair.Create(p.Key, WithoutNulls(p.Value)))),
        JsonArray list => new JsonArray([.. list.Select(WithoutNulls)]),
        _ => node?.DeepClone(),
    };
}
