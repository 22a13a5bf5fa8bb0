using System.Collections.Immutable;
using Fleet.Kubernetes.Objects;

namespace Fleet.ControlPlane.Storage;

using Names = ImmutableSortedDictionary<string, StoredObject>;

/// <summary>All objects of one kind at one moment, by namespace and name in ordinal order. Immutable: a list reads it without a lock, a snapshot is a reference.</summary>
internal sealed record TableState(ImmutableSortedDictionary<string, Names> Namespaces, int Count, long Bytes, long Revision)
{
    private static readonly Names NoNames = Names.Empty.WithComparers(StringComparer.Ordinal);

    public static TableState Empty { get; } =
        new(ImmutableSortedDictionary<string, Names>.Empty.WithComparers(StringComparer.Ordinal), 0, 0, 0);

    public StoredObject? Find(ObjectKey key) =>
        Namespaces.TryGetValue(key.Namespace, out var names) && names.TryGetValue(key.Name, out var found) ? found : null;

    public TableState With(StoredObject item)
    {
        var names = Namespaces.GetValueOrDefault(item.Key.Namespace) ?? NoNames;
        var old = names.GetValueOrDefault(item.Key.Name);
        return new(
            Namespaces.SetItem(item.Key.Namespace, names.SetItem(item.Key.Name, item)),
            old is null ? Count + 1 : Count, Bytes + item.Json.Length - (old?.Json.Length ?? 0), item.Revision);
    }

    public TableState Without(StoredObject old, long revision)
    {
        var names = Namespaces[old.Key.Namespace].Remove(old.Key.Name);
        var namespaces = names.IsEmpty ? Namespaces.Remove(old.Key.Namespace) : Namespaces.SetItem(old.Key.Namespace, names);
        return new(namespaces, Count - 1, Bytes - old.Json.Length, revision);
    }

    /// <summary>In order, strictly after a key; all namespaces when <paramref name="namespace"/> is null.</summary>
    public IEnumerable<StoredObject> Range(string? @namespace, ObjectKey? after = null)
    {
        if (@namespace is not null)
        {
            if (!Namespaces.TryGetValue(@namespace, out var names)) yield break;
            foreach (var (name, item) in names)
            {
                if (after is null || string.CompareOrdinal(name, after.Value.Name) > 0) yield return item;
            }
            yield break;
        }
        foreach (var (space, names) in Namespaces)
        {
            var order = after is null ? 1 : string.CompareOrdinal(space, after.Value.Namespace);
            if (order < 0) continue;
            foreach (var (name, item) in names)
            {
                if (order > 0 || string.CompareOrdinal(name, after!.Value.Name) > 0) yield return item;
            }
        }
    }
}
