using System.Text.Json.Nodes;
using Fleet.ControlPlane.Schemas;

namespace Fleet.ControlPlane.Patching;

/// <summary>
/// A set of field paths as a tree. An element may belong to the set itself, have longer paths below it, or both.
/// The operations make new sets, share unchanged branches, and return the very same set where nothing changes: a set is not changed after it has been built.
/// </summary>
internal sealed class FieldSet
{
    /// <summary>Most objects have few fields on one level, where looking at each is the fastest search.</summary>
    private const int IndexFrom = 12;

    private FieldSetEntry[] entries = [];
    private int count;
    private Dictionary<PathElement, int>? index;

    /// <summary>In no particular order.</summary>
    public ReadOnlySpan<FieldSetEntry> Entries => entries.AsSpan(0, count);

    public bool IsEmpty
    {
        get
        {
            foreach (ref readonly var entry in Entries)
                if (entry.IsMember || entry.Child is { IsEmpty: false }) return false;
            return true;
        }
    }

    public void Add(PathElement member) => Slot(member).IsMember = true;

    public FieldSet Child(PathElement element) => Slot(element).Child ??= new FieldSet();

    public void Insert(IReadOnlyList<PathElement> path)
    {
        if (path.Count == 0) return;
        var set = this;
        for (var i = 0; i < path.Count - 1; i++) set = set.Child(path[i]);
        set.Add(path[^1]);
    }

    /// <summary>The element and what is below it; an empty entry when there is neither.</summary>
    public FieldSetEntry Find(PathElement element) => IndexOf(element) is >= 0 and var at ? entries[at] : default;

    public FieldSet Union(FieldSet other)
    {
        if (other.IsEmpty) return this;
        if (IsEmpty) return other;
        var result = First(count);
        foreach (ref readonly var theirs in other.Entries)
        {
            ref var mine = ref result.Slot(theirs.Element);
            mine.IsMember |= theirs.IsMember;
            mine.Child = mine.Child is null || theirs.Child is null ? mine.Child ?? theirs.Child : mine.Child.Union(theirs.Child);
        }
        return result;
    }

    public FieldSet Intersection(FieldSet other)
    {
        var result = new FieldSet();
        foreach (ref readonly var mine in Entries)
        {
            var theirs = other.Find(mine.Element);
            result.Keep(mine.Element, mine.IsMember && theirs.IsMember,
                mine.Child is null || theirs.Child is null ? null : mine.Child.Intersection(theirs.Child));
        }
        return result;
    }

    public FieldSet Difference(FieldSet other) => Without(other, recursive: false);

    /// <summary>As <see cref="Difference"/>, and a member of the other set takes everything below it away, too.</summary>
    public FieldSet RecursiveDifference(FieldSet other) => Without(other, recursive: true);

    /// <summary>
    /// Fields that a type declares exist only through what is in them, so whoever owns something in them counts as an owner of the field:
    /// that is how a whole struct disappears with its last owner.
    /// </summary>
    public FieldSet WithDeclaredFields(Schema? schema)
    {
        var result = First(count);
        for (var i = 0; i < count; i++)
        {
            ref var entry = ref result.entries[i];
            if (entry.Child is null) continue;
            entry.IsMember |= entry.Element.Kind == PathElementKind.Field && TypedValue.Declares(schema, entry.Element.Text);
            entry.Child = entry.Child.WithDeclaredFields(TypedValue.SchemaAt(schema, entry.Element));
        }
        return result;
    }

    /// <summary>All paths, in order.</summary>
    public IEnumerable<IReadOnlyList<PathElement>> Paths() => Paths([]);

    private IEnumerable<IReadOnlyList<PathElement>> Paths(PathElement[] prefix)
    {
        foreach (var entry in InOrder())
        {
            PathElement[] path = [.. prefix, entry.Element];
            if (entry.IsMember) yield return path;
            if (entry.Child is null) continue;
            foreach (var longer in entry.Child.Paths(path)) yield return longer;
        }
    }

    /// <summary>The fieldsV1 form.</summary>
    public JsonObject ToJson()
    {
        var json = new JsonObject();
        foreach (var entry in InOrder())
        {
            var nested = entry.Child?.ToJson() ?? [];
            if (nested.Count > 0 && entry.IsMember) nested.Insert(0, ".", new JsonObject());
            json[entry.Element.Encode()] = nested;
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
                set.Add(element);
                continue;
            }
            set.Keep(element, nested.ContainsKey("."), FromJson(nested, depth + 1));
        }
        return set;
    }

    public bool IsSubsetOf(FieldSet other) => ReferenceEquals(this, other) || Difference(other).IsEmpty;

    public bool SetEquals(FieldSet other) => IsSubsetOf(other) && other.IsSubsetOf(this);

    private FieldSet Without(FieldSet other, bool recursive)
    {
        if (other.count == 0) return this;
        FieldSet? result = null;
        for (var i = 0; i < count; i++)
        {
            var mine = entries[i];
            var theirs = other.Find(mine.Element);
            var child = mine.Child;
            if (recursive && theirs.IsMember) child = null;
            else if (child is not null && theirs.Child is not null) child = child.Without(theirs.Child, recursive);
            var isMember = mine.IsMember && !theirs.IsMember;
            if (result is null)
            {
                if (isMember == mine.IsMember && ReferenceEquals(child, mine.Child)) continue;
                result = First(i);
            }
            result.Keep(mine.Element, isMember, child);
        }
        return result ?? this;
    }

    /// <summary>Adds what is not empty.</summary>
    private void Keep(PathElement element, bool isMember, FieldSet? child)
    {
        if (child is { IsEmpty: true }) child = null;
        if (!isMember && child is null) return;
        ref var entry = ref Slot(element);
        entry.IsMember |= isMember;
        entry.Child = child ?? entry.Child;
    }

    private FieldSet First(int number)
    {
        var copy = new FieldSet { entries = entries[..number], count = number };
        if (number >= IndexFrom) copy.MakeIndex(number);
        return copy;
    }

    private ref FieldSetEntry Slot(PathElement element)
    {
        var at = IndexOf(element);
        if (at >= 0) return ref entries[at];
        if (count == entries.Length) Array.Resize(ref entries, Math.Max(4, count * 2));
        entries[count].Element = element;
        if (index is not null) index[element] = count;
        else if (count + 1 >= IndexFrom) MakeIndex(count + 1);
        return ref entries[count++];
    }

    private int IndexOf(PathElement element)
    {
        if (index is not null) return index.GetValueOrDefault(element, -1);
        // From the end: paths come one below the other.
        for (var i = count - 1; i >= 0; i--)
            if (entries[i].Element == element) return i;
        return -1;
    }

    private void MakeIndex(int number)
    {
        index = new(number * 2);
        for (var i = 0; i < number; i++) index[entries[i].Element] = i;
    }

    private FieldSetEntry[] InOrder()
    {
        var sorted = entries[..count];
        Array.Sort(sorted, static (a, b) => a.Element.CompareTo(b.Element));
        return sorted;
    }
}

/// <summary>One element of a set: whether it belongs to the set itself, and the longer paths that begin with it.</summary>
internal record struct FieldSetEntry(PathElement Element, bool IsMember, FieldSet? Child);
