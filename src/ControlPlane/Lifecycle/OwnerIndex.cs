using Fleet.ControlPlane.Storage;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.ControlPlane.Lifecycle;

/// <summary>Who depends on whom, by the owner's uid. May name objects that are gone: readers look again.</summary>
internal sealed class OwnerIndex
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, HashSet<(ObjectTable Table, ObjectKey Key)>> dependents = new(StringComparer.Ordinal);

    public void Follow(StoreEvent change, ObjectTable table)
    {
        if (change.Previous?.OwnerUids is null && change.Object.OwnerUids is null) return;
        lock (gate)
        {
            foreach (var uid in change.Previous?.OwnerUids ?? []) Remove(uid, (table, change.Object.Key));
            if (change.Type == WatchEventType.Deleted) return;
            foreach (var uid in change.Object.OwnerUids ?? []) Add(uid, (table, change.Object.Key));
        }
    }

    public void Load(ObjectTable table)
    {
        foreach (var item in table.State.Range(null))
        {
            if (item.OwnerUids is not { } owners) continue;
            lock (gate)
            {
                foreach (var uid in owners) Add(uid, (table, item.Key));
            }
        }
    }

    public bool HasDependents(string uid)
    {
        lock (gate) return dependents.ContainsKey(uid);
    }

    /// <summary>Those that still name the owner.</summary>
    public List<(ObjectTable Table, StoredObject Object)> DependentsOf(string uid)
    {
        (ObjectTable Table, ObjectKey Key)[] named;
        lock (gate) named = dependents.TryGetValue(uid, out var found) ? [.. found] : [];
        var present = new List<(ObjectTable, StoredObject)>(named.Length);
        foreach (var (table, key) in named)
        {
            if (table.State.Find(key) is { OwnerUids: { } owners } item && owners.Contains(uid)) present.Add((table, item));
        }
        return present;
    }

    private void Add(string uid, (ObjectTable, ObjectKey) dependent)
    {
        if (!dependents.TryGetValue(uid, out var set)) dependents[uid] = set = [];
        set.Add(dependent);
    }

    private void Remove(string uid, (ObjectTable, ObjectKey) dependent)
    {
        if (!dependents.TryGetValue(uid, out var set)) return;
        set.Remove(dependent);
        if (set.Count == 0) dependents.Remove(uid);
    }
}
