using Fleet.Kubernetes.Objects;

namespace Fleet.Backup.Snapshots;

/// <summary>What a snapshot has taken so far, and what that refers to.</summary>
internal sealed class SnapshotLedger(string systemNamespace)
{
    /// <summary>In the snapshot, or looked for already.</summary>
    private readonly HashSet<(string Group, string Kind, ObjectKey Key)> taken = [];

    private readonly HashSet<(string Group, string Kind, ObjectKey Key)> seen = [];
    private readonly HashSet<(string Group, string Kind, string Name)> names = [];
    private readonly Dictionary<(string Group, string Kind, ObjectKey Key), (NamedObject Object, string By)> named = [];

    /// <summary>In which something was taken.</summary>
    public SortedSet<string> Namespaces { get; } = new(StringComparer.Ordinal);

    /// <summary>False when it was taken before.</summary>
    public bool Take(ResourceKind kind, DynamicObject item)
    {
        if (!taken.Add((kind.Group, kind.Kind, item.Key)))
            return false;
        seen.Add((kind.Group, kind.Kind, item.Key));
        names.Add((kind.Group, kind.Kind, item.Key.Name));
        if (kind.Namespaced)
            Namespaces.Add(item.Key.Namespace);
        foreach (var reference in ObjectReferences.Of(item, systemNamespace))
            Note(reference, $"{kind.Kind} {item.Key}");
        // An owner that was made after its kind was listed is read later, or what it owns would come back without it.
        foreach (var owner in item.Metadata.OwnerReferences ?? [])
        {
            var type = GroupVersionKind.Parse(owner.ApiVersion, owner.Kind);
            Note(new(type.Group, type.Version, type.Kind, new(item.Key.Namespace, owner.Name), Sure: false), $"{kind.Kind} {item.Key}");
        }

        return true;
    }

    /// <summary>Named and not taken; each is given once.</summary>
    public IReadOnlyList<(NamedObject Object, string By)> Outstanding()
    {
        var outstanding = named.Where(entry => !taken.Contains(entry.Key)).OrderBy(entry => entry.Key.Kind, StringComparer.Ordinal).ThenBy(entry => entry.Key.Key).ToList();
        foreach (var (key, _) in outstanding)
            taken.Add(key);
        named.Clear();
        return [.. outstanding.Select(entry => entry.Value)];
    }

    /// <summary>It is in the snapshot already, under a key that the reference did not know, since it did not say whether the kind lives in namespaces.</summary>
    public bool HasTaken(ResourceKind kind, ObjectKey key) => seen.Contains((kind.Group, kind.Kind, key));

    /// <summary>An object of this kind and name is in the snapshot, wherever: fields that name a Secret without a namespace mean different ones.</summary>
    public bool HasNamed(NamedObject reference) => names.Contains((reference.Group, reference.Kind, reference.Key.Name));

    /// <summary>It was given as outstanding, and turns out to be there.</summary>
    public void Found(ResourceKind kind, DynamicObject item)
    {
        taken.Remove((kind.Group, kind.Kind, item.Key));
        Take(kind, item);
    }

    private void Note(NamedObject reference, string by) => named.TryAdd((reference.Group, reference.Kind, reference.Key), (reference, by));
}
