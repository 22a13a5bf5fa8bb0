using System.Text.Json.Nodes;
using Fleet.ControlPlane.Schemas;

namespace Fleet.ControlPlane.Patching;

/// <summary>Strategic merge patch, for built-in kinds only.</summary>
public static class StrategicMergePatch
{
    internal const string Directive = "$patch";
    private const string RetainKeys = "$retainKeys";
    private const string DeletePrefix = "$deleteFromPrimitiveList/";
    private const string OrderPrefix = "$setElementOrder/";

    /// <summary>
    /// The patched object; the arguments are not changed. The schema is that of the kind (<see cref="BuiltInSchemas.Find"/>, or
    /// <see cref="BuiltInSchemas.Generic"/>); without one (a custom resource) the answer is 415, as upstream's.
    /// </summary>
    public static JsonObject Apply(JsonObject target, JsonObject patch, Schema? schema)
    {
        if (schema is null) throw PatchErrors.UnsupportedForCustomResources();
        return MergeObject((JsonObject)target.DeepClone(), patch, schema, 0);
    }

    /// <summary>Changes and returns the target.</summary>
    internal static JsonObject MergeObject(JsonObject target, JsonObject patch, Schema? schema, int depth)
    {
        if (depth > PatchLimits.MaxDepth) throw PatchErrors.TooDeep();
        switch (DirectiveOf(patch))
        {
            case null or "merge": break;
            case "replace": return Plain(patch);
            case "delete": return [];
            case var other: throw PatchErrors.BadRequest($"Unknown patch type found: {other}");
        }
        Retain(target, patch);
        foreach (var (name, change) in patch)
        {
            if (name is Directive or RetainKeys || name.StartsWith(OrderPrefix, StringComparison.Ordinal)) continue;
            if (name.StartsWith(DeletePrefix, StringComparison.Ordinal))
            {
                DeletePrimitives(target[name[DeletePrefix.Length..]] as JsonArray, change);
                continue;
            }
            MergeMember(target, name, change, TypedValue.Member(schema, name), depth);
        }
        foreach (var (name, order) in patch)
            if (name.StartsWith(OrderPrefix, StringComparison.Ordinal)) Reorder(target, name[OrderPrefix.Length..], order, schema);
        return target;
    }

    internal static string? DirectiveOf(JsonObject patch)
    {
        if (!patch.TryGetPropertyValue(Directive, out var directive)) return null;
        return directive is JsonValue value && value.TryGetValue<string>(out var text) ? text : throw PatchErrors.BadRequest("the value of $patch must be a string");
    }

    private static void MergeMember(JsonObject target, string name, JsonNode? change, Schema? schema, int depth)
    {
        switch (change)
        {
            case null:
                target.Remove(name);
                break;
            case JsonObject o when target[name] is JsonObject existing:
                // The result is the same node unless a directive replaced it.
                var merged = MergeObject(existing, o, schema, depth + 1);
                if (!ReferenceEquals(merged, existing)) target[name] = merged;
                break;
            case JsonObject o:
                target[name] = MergeObject([], o, schema, depth + 1);
                break;
            case JsonArray list when schema is { PatchMerge: true }:
                target[name] = StrategicLists.Merge(target[name] as JsonArray ?? [], list, schema, depth + 1);
                break;
            default:
                target[name] = change.DeepClone();
                break;
        }
    }

    /// <summary>With $retainKeys the object keeps only the keys that are named; the patch may set no others.</summary>
    private static void Retain(JsonObject target, JsonObject patch)
    {
        if (!patch.TryGetPropertyValue(RetainKeys, out var listed)) return;
        var keep = (listed as JsonArray ?? throw PatchErrors.BadRequest("the value of $retainKeys must be a list")).Select(k => k?.ToString() ?? "").ToHashSet(StringComparer.Ordinal);
        if (patch.Any(p => p.Value is not null && p.Key[..1] != "$" && !keep.Contains(p.Key)))
            throw PatchErrors.BadRequest("missing entry in $retainKeys for a field that the patch sets");
        foreach (var name in target.Select(t => t.Key).Where(k => !keep.Contains(k)).ToArray()) target.Remove(name);
    }

    private static void DeletePrimitives(JsonArray? list, JsonNode? values)
    {
        if (values is not JsonArray gone) throw PatchErrors.BadRequest("the value of $deleteFromPrimitiveList must be a list");
        for (var i = (list?.Count ?? 0) - 1; i >= 0; i--)
            if (gone.Any(g => JsonNode.DeepEquals(g, list![i]))) list!.RemoveAt(i);
    }

    private static void Reorder(JsonObject target, string name, JsonNode? order, Schema? schema)
    {
        if (order is not JsonArray wanted) throw PatchErrors.BadRequest("the value of $setElementOrder must be a list");
        if (target[name] is JsonArray list) target[name] = StrategicLists.Order(list, wanted, list, TypedValue.Member(schema, name)?.PatchMergeKey);
    }

    private static JsonObject Plain(JsonObject patch)
    {
        var copy = (JsonObject)patch.DeepClone();
        copy.Remove(Directive);
        return copy;
    }
}
