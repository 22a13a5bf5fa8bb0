using System.Text.Json.Nodes;
using Fleet.ControlPlane.Schemas;

namespace Fleet.ControlPlane.Patching;

/// <summary>The paths in which two objects differ.</summary>
internal sealed class TypedComparison
{
    private readonly List<PathElement> _path = [];

    public FieldSet Added { get; private set; } = new();

    public FieldSet Modified { get; private set; } = new();

    public FieldSet Removed { get; private set; } = new();

    public bool IsEmpty => Added.IsEmpty && Modified.IsEmpty && Removed.IsEmpty;

    public static TypedComparison Between(JsonObject before, JsonObject after, Schema? schema)
    {
        var comparison = new TypedComparison();
        comparison.Members(before, after, schema);
        return comparison;
    }

    /// <summary>Without the fields that a write cannot change or nobody owns.</summary>
    public TypedComparison Without(FieldSet ignored) => new()
    {
        Added = Added.RecursiveDifference(ignored),
        Modified = Modified.RecursiveDifference(ignored),
        Removed = Removed.RecursiveDifference(ignored),
    };

    private void Members(JsonObject? before, JsonObject? after, Schema? schema)
    {
        foreach (var (name, old) in before ?? [])
        {
            JsonNode? now = null;
            var kept = after?.TryGetPropertyValue(name, out now) ?? false;
            Visit(PathElement.Field(name), true, old, kept, now, TypedValue.Member(schema, name));
        }
        foreach (var (name, now) in after ?? [])
            if (before?.ContainsKey(name) != true) Visit(PathElement.Field(name), false, null, true, now, TypedValue.Member(schema, name));
    }

    private void Visit(PathElement element, bool hasOld, JsonNode? old, bool hasNew, JsonNode? now, Schema? schema)
    {
        if (_path.Count > PatchLimits.MaxDepth) throw PatchErrors.TooDeep();
        _path.Add(element);
        var shape = TypedValue.ShapeOf(now ?? old, schema);
        var bothEmpty = IsNullOrEmpty(old) && IsNullOrEmpty(now);
        var sameShape = old is null || now is null || TypedValue.ShapeOf(old, schema) == shape;
        if (shape == ValueShape.Leaf || !sameShape || shape == ValueShape.Map && bothEmpty)
            Leaf(hasOld, old, hasNew, now);
        else
        {
            if (shape == ValueShape.Map) Members(old as JsonObject, now as JsonObject, schema);
            else Items(old as JsonArray, now as JsonArray, schema!);
            if (!hasOld) Added.Insert(_path);
            else if (!hasNew) Removed.Insert(_path);
        }
        _path.RemoveAt(_path.Count - 1);
    }

    private void Leaf(bool hasOld, JsonNode? old, bool hasNew, JsonNode? now)
    {
        if (!hasOld) Added.Insert(_path);
        else if (!hasNew) Removed.Insert(_path);
        else if (!JsonNode.DeepEquals(old, now)) Modified.Insert(_path);
    }

    private void Items(JsonArray? old, JsonArray? now, Schema schema)
    {
        var after = ById(now, schema);
        var before = ById(old, schema);
        foreach (var (id, item) in before)
        {
            var kept = after.TryGetValue(id, out var next);
            Visit(id, true, item, kept, next, schema.Items);
        }
        foreach (var (id, item) in after)
            if (!before.ContainsKey(id)) Visit(id, false, null, true, item, schema.Items);
    }

    private static Dictionary<PathElement, JsonNode?> ById(JsonArray? list, Schema schema)
    {
        var items = new Dictionary<PathElement, JsonNode?>();
        foreach (var item in list ?? [])
            if (TypedValue.Identify(item, schema) is { } id) items.TryAdd(id, item);
        return items;
    }

    private static bool IsNullOrEmpty(JsonNode? node) => node is null or JsonObject { Count: 0 } or JsonArray { Count: 0 };
}
