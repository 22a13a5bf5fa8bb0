using System.Text.Json.Nodes;
using Fleet.ControlPlane.Schemas;

namespace Fleet.ControlPlane.Patching;

/// <summary>
/// A set of field paths as a tree. A path in <see cref="Members"/> belongs to the set itself; <see cref="Children"/> hold longer paths.
/// The operations make new sets and may share unchanged branches: a set is not changed after it has been built.
/// </summary>
internal sealed class FieldSet
{
    public HashSet<PathElement> Members { get; private init; } = [];

    public Dictionary<PathElement, FieldSet> Children { get; private init; } = [];

    public bool IsEmpty => Members.Count == 0 && Children.Values.All(c => c.IsEmpty);

    public FieldSet Child(PathElement element)
    {
        if (!Children.TryGetValue(element, out var child)) Children[element] = child = new FieldSet();
        return child;
    }

    public void Insert(IReadOnlyList<PathElement> path)
    {
        if (path.Count == 0) return;
        var set = this;
        for (var i = 0; i < path.Count - 1; i++) set = set.Child(path[i]);
        set.Members.Add(path[^1]);
    }

    public FieldSet Union(FieldSet other)
    {
        if (other.IsEmpty) return this;
        var result = new FieldSet { Members = [.. Members, .. other.Members], Children = new(Children) };
        foreach (var (element, child) in other.Children)
            result.Children[element] = Children.TryGetValue(element, out var mine) ? mine.Union(child) : child;
        return result;
    }

    public FieldSet Intersection(FieldSet other)
    {
        var result = new FieldSet();
        foreach (var member in Members)
            if (other.Members.Contains(member)) result.Members.Add(member);
        foreach (var (element, child) in Children)
            if (other.Children.TryGetValue(element, out var theirs)) result.Keep(element, child.Intersection(theirs));
        return result;
    }

    public FieldSet Difference(FieldSet other)
    {
        var result = new FieldSet { Members = [.. Members.Where(m => !other.Members.Contains(m))] };
        foreach (var (element, child) in Children)
            result.Keep(element, other.Children.TryGetValue(element, out var theirs) ? child.Difference(theirs) : child);
        return result;
    }

    /// <summary>As <see cref="Difference"/>, and a member of the other set takes everything below it away, too.</summary>
    public FieldSet RecursiveDifference(FieldSet other)
    {
        var result = new FieldSet { Members = [.. Members.Where(m => !other.Members.Contains(m))] };
        foreach (var (element, child) in Children)
        {
            if (other.Members.Contains(element)) continue;
            result.Keep(element, other.Children.TryGetValue(element, out var theirs) ? child.RecursiveDifference(theirs) : child);
        }
        return result;
    }

    /// <summary>
    /// Fields that a type declares exist only through what is in them, so whoever owns something in them counts as an owner of the field:
    /// that is how a whole struct disappears with its last owner.
    /// </summary>
    public FieldSet WithDeclaredFields(Schema? schema)
    {
        var result = new FieldSet { Members = [.. Members] };
        foreach (var (element, child) in Children)
        {
            if (element.Kind == PathElementKind.Field && TypedValue.Declares(schema, element.Text)) result.Members.Add(element);
            result.Children[element] = child.WithDeclaredFields(TypedValue.SchemaAt(schema, element));
        }
        return result;
    }

    /// <summary>All paths, in order.</summary>
    public IEnumerable<IReadOnlyList<PathElement>> Paths() => Paths([]);

    private IEnumerable<IReadOnlyList<PathElement>> Paths(PathElement[] prefix)
    {
        foreach (var element in Elements())
        {
            PathElement[] path = [.. prefix, element];
            if (Members.Contains(element)) yield return path;
            if (!Children.TryGetValue(element, out var child)) continue;
            foreach (var longer in child.Paths(path)) yield return longer;
        }
    }

    /// <summary>The fieldsV1 form.</summary>
    public JsonObject ToJson()
    {
        var json = new JsonObject();
        foreach (var element in Elements())
        {
            var nested = Children.TryGetValue(element, out var child) ? child.ToJson() : [];
            if (nested.Count > 0 && Members.Contains(element)) nested.Insert(0, ".", new JsonObject());
            json[element.Encode()] = nested;
        }
        return json;
    }

    /// <summary>Reads fieldsV1; what is not understood is left out.</summary>
    public static FieldSet FromJson(JsonObject json, int depth = 0)
    {
        var set = new FieldSet();
        if (depth > PatchLimits.MaxDepth) return set;
        foreach (var (key, value) in json)
        {
            if (PathElement.Parse(key) is not { } element) continue;
            if (value is not JsonObject nested || nested.Count == 0)
            {
                set.Members.Add(element);
                continue;
            }
            if (nested.ContainsKey(".")) set.Members.Add(element);
            set.Keep(element, FromJson(nested, depth + 1));
        }
        return set;
    }

    public bool SetEquals(FieldSet other) => Difference(other).IsEmpty && other.Difference(this).IsEmpty;

    private void Keep(PathElement element, FieldSet child)
    {
        if (!child.IsEmpty) Children[element] = child;
    }

    private List<PathElement> Elements()
    {
        var elements = new List<PathElement>(Members);
        elements.AddRange(Children.Keys.Where(k => !Members.Contains(k)));
        elements.Sort();
        return elements;
    }
}
