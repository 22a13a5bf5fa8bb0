using Fleet.Backup.Archives;
using Fleet.Kubernetes.Objects;

namespace Fleet.Backup.Restores;

/// <summary>One object of an archive, without its content.</summary>
internal sealed class RestoreEntry
{
    public required PartKind Kind { get; init; }

    public required ObjectKey Key { get; init; }

    /// <summary>In the cluster that was backed up.</summary>
    public required string Uid { get; init; }

    public required IReadOnlyList<OwnerReference> Owners { get; init; }

    public required int Part { get; init; }

    public required int Order { get; init; }

    public int Depth { get; set; } = -1;

    /// <summary>Why it is not restored, from what the archive says alone; null when it is.</summary>
    public string? Excluded { get; set; }

    /// <summary>The object that stands for it now; null while there is none.</summary>
    public string? NewUid { get; set; }

    /// <summary>Made by this restore, or by one of the same archive that was cut off, and not finished.</summary>
    public bool IsOurs { get; set; }

    public string? Failure { get; set; }

    public RestoreStep Step => new(Order, Depth);

    public override string ToString() => $"{Kind.Kind} {Key}";
}

/// <summary>All objects of an archive, with their places in the order. A few hundred bytes each.</summary>
internal sealed class RestoreIndex
{
    private readonly Dictionary<(string Group, string Kind, ObjectKey Key), RestoreEntry> byKey = [];
    private readonly Dictionary<string, RestoreEntry> byUid = new(StringComparer.Ordinal);

    /// <summary>Of the restore: the epoch that ClusterDeployments get.</summary>
    public DateTimeOffset RestoredAt { get; init; }

    public IReadOnlyCollection<RestoreEntry> Entries => byKey.Values;

    public RestoreEntry Add(PartKind kind, int part, DynamicObject item)
    {
        var entry = new RestoreEntry
        {
            Kind = kind,
            Key = item.Key,
            Uid = item.Metadata.Uid ?? "",
            Owners = item.Metadata.OwnerReferences ?? [],
            Part = part,
            Order = RestoreOrder.Of(kind.Group, kind.Kind),
        };
        byKey[(kind.Group, kind.Kind, item.Key)] = entry;
        if (entry.Uid.Length > 0)
            byUid[entry.Uid] = entry;
        return entry;
    }

    public RestoreEntry? Find(PartKind kind, ObjectKey key) => byKey.GetValueOrDefault((kind.Group, kind.Kind, key));

    public RestoreEntry? FindUid(string uid) => byUid.GetValueOrDefault(uid);

    /// <summary>The uid that stands for an old one now; null when it is not known, or nothing of the archive.</summary>
    public string? NewUidOf(string uid) => byUid.GetValueOrDefault(uid)?.NewUid;

    /// <summary>Gives each its depth; afterwards the steps are known. Owners that own one another (nobody should) are side by side.</summary>
    public IReadOnlyList<RestoreStep> Arrange()
    {
        foreach (var entry in Entries)
            DepthOf(entry, []);
        return [.. Entries.Select(entry => entry.Step).Distinct().Order()];
    }

    private int DepthOf(RestoreEntry entry, HashSet<RestoreEntry> above)
    {
        if (entry.Depth >= 0)
            return entry.Depth;
        if (!above.Add(entry))
            return 0;
        var depth = 0;
        foreach (var owner in entry.Owners)
        {
            // Owners of another order come before it or after it whatever the depth; those after it are linked at the end.
            if (byUid.TryGetValue(owner.Uid, out var found) && found.Order == entry.Order)
                depth = Math.Max(depth, DepthOf(found, above) + 1);
        }

        above.Remove(entry);
        return entry.Depth = depth;
    }
}
