using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.ControlPlane.Schemas;

namespace Fleet.ControlPlane.Patching;

/// <summary>
/// What a value is for server-side apply: one leaf, a map of separate fields, or a list whose items have identities.
/// A null schema means deduced: maps are separate fields, lists are one leaf.
/// </summary>
internal static class TypedValue
{
    public static ValueShape ShapeOf(JsonNode? value, Schema? schema) => value switch
    {
        JsonObject => schema is { AtomicMap: true } ? ValueShape.Leaf : ValueShape.Map,
        JsonArray => schema?.ListKind switch { ListKind.Map => ValueShape.KeyedList, ListKind.Set => ValueShape.Set, _ => ValueShape.Leaf },
        _ => ValueShape.Leaf,
    };

    /// <summary>True when the type names this field, so that it is not a key of a free map.</summary>
    public static bool Declares(Schema? schema, string field) =>
        schema is not null && (schema.Properties.ContainsKey(field) || schema.EmbeddedResource && field == "metadata");

    public static Schema? Member(Schema? schema, string field)
    {
        if (schema is null) return null;
        return schema.EmbeddedResource && field == "metadata" ? BuiltInSchemas.ObjectMeta : schema.Member(field);
    }

    public static Schema? SchemaAt(Schema? schema, PathElement element) =>
        element.Kind == PathElementKind.Field ? Member(schema, element.Text) : schema?.Items;

    /// <summary>Identity of a list item; null when it has none (a keyed item without its keys).</summary>
    public static PathElement? Identify(JsonNode? item, Schema schema)
    {
        if (schema.ListKind == ListKind.Set) return PathElement.Value(item);
        if (item is not JsonObject o) return null;
        if (schema.ListMapKeys is [var only] && o.TryGetPropertyValue(only, out var text) && PathElement.SingleText(only, text) is { } single) return single;
        var members = new List<KeyValuePair<string, JsonNode?>>(schema.ListMapKeys.Count);
        foreach (var key in schema.ListMapKeys)
        {
            if (o.TryGetPropertyValue(key, out var value) && value is not null) members.Add(new(key, value));
            else if (schema.Items?.Member(key)?.Default is { } fallback) members.Add(new(key, fallback));
        }
        if (members.Count == 0) return null;
        members.Sort((a, b) => string.CompareOrdinal(a.Key, b.Key));
        return PathElement.Key(members);
    }

    /// <summary>The paths of everything in an object.</summary>
    public static FieldSet FieldsOf(JsonObject value, Schema? schema)
    {
        var set = new FieldSet();
        AddMembers(value, schema, set, 0);
        return set;
    }

    private static void AddMembers(JsonObject value, Schema? schema, FieldSet set, int depth)
    {
        if (depth > PatchLimits.MaxDepth) throw PatchErrors.TooDeep();
        foreach (var (name, child) in value)
        {
            var element = PathElement.Field(name);
            var type = Member(schema, name);
            switch (ShapeOf(child, type))
            {
                case ValueShape.Leaf:
                    set.Add(element);
                    break;
                case ValueShape.Map:
                    var nested = (JsonObject)child!;
                    if (nested.Count == 0 || !Declares(schema, name)) set.Add(element);
                    if (nested.Count > 0) AddMembers(nested, type, set.Child(element), depth + 1);
                    break;
                default:
                    AddItems((JsonArray)child!, type!, set, element, depth + 1);
                    break;
            }
        }
    }

    private static void AddItems(JsonArray list, Schema type, FieldSet set, PathElement at, int depth)
    {
        foreach (var item in list)
        {
            if (Identify(item, type) is not { } identity) continue;
            var items = set.Child(at);
            items.Add(identity);
            if (item is JsonObject o && ShapeOf(o, type.Items) == ValueShape.Map) AddMembers(o, type.Items, items.Child(identity), depth + 1);
        }
    }

    /// <summary>Removes the members of the set from the value, in place. Leaves are never looked into.</summary>
    public static void Remove(JsonObject value, FieldSet set, Schema? schema)
    {
        foreach (var (element, isMember, below) in set.Entries)
        {
            if (element.Kind != PathElementKind.Field) continue;
            if (isMember) value.Remove(element.Text);
            if (isMember || below is null || !value.TryGetPropertyValue(element.Text, out var child)) continue;
            var type = Member(schema, element.Text);
            switch (ShapeOf(child, type))
            {
                case ValueShape.Map:
                    Remove((JsonObject)child!, below, type);
                    break;
                case ValueShape.KeyedList or ValueShape.Set:
                    RemoveItems((JsonArray)child!, below, type!);
                    if (((JsonArray)child!).Count == 0) value.Remove(element.Text);
                    break;
            }
        }
    }

    private static void RemoveItems(JsonArray list, FieldSet set, Schema type)
    {
        for (var i = list.Count - 1; i >= 0; i--)
        {
            if (Identify(list[i], type) is not { } identity) continue;
            var (_, isMember, below) = set.Find(identity);
            if (isMember) list.RemoveAt(i);
            else if (below is not null && list[i] is JsonObject item) Remove(item, below, type.Items);
        }
    }

    /// <summary>Refuses a configuration whose keyed lists have items without keys, or items twice.</summary>
    public static void CheckIdentities(JsonNode? value, Schema? schema, string path)
    {
        switch (value)
        {
            case JsonObject o:
                foreach (var (name, child) in o) CheckIdentities(child, Member(schema, name), $"{path}.{name}");
                break;
            case JsonArray list when schema is not null && ShapeOf(list, schema) != ValueShape.Leaf:
                var seen = new HashSet<PathElement>();
                for (var i = 0; i < list.Count; i++)
                {
                    if (Identify(list[i], schema) is not { } identity)
                        throw PatchErrors.BadRequest($"failed to create typed patch object: {path}: element {i}: associative list with keys has an element that omits key field {string.Join(", ", schema.ListMapKeys.Select(k => JsonSerializer.Serialize(k)))} (and doesn't have default value)");
                    if (!seen.Add(identity)) throw PatchErrors.BadRequest($"failed to create typed patch object: {path}: duplicate entries for key {identity}");
                    CheckIdentities(list[i], schema.Items, path + identity);
                }
                break;
        }
    }
}

internal enum ValueShape { Leaf, Map, KeyedList, Set }
