using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Fleet.Kubernetes.Objects;

namespace Fleet.Kubernetes.Watching;

/// <summary>
/// The projections by key, with indices. Reads take no lock except for indices. Writes come from one thread at a time: the informer's loop.
/// </summary>
internal sealed class ObjectStore<TItem>(IReadOnlyDictionary<string, Func<TItem, IEnumerable<string>>> indices)
{
    private readonly ConcurrentDictionary<ObjectKey, Entry> entries = new(concurrencyLevel: 1, capacity: 31);
    private readonly Dictionary<string, Dictionary<string, HashSet<ObjectKey>>> byIndex =
        indices.ToDictionary(i => i.Key, _ => new Dictionary<string, HashSet<ObjectKey>>(StringComparer.Ordinal), StringComparer.Ordinal);
    private readonly Dictionary<string, string> namespaces = new(StringComparer.Ordinal);
    private readonly Lock gate = new();

    internal int Count => entries.Count;

    internal IEnumerable<KeyValuePair<ObjectKey, Entry>> Entries => entries;

    internal bool TryGet(ObjectKey key, [MaybeNullWhen(false)] out Entry entry) => entries.TryGetValue(key, out entry);

    /// <summary>Thousands of objects share a namespace; its name is kept once.</summary>
    internal ObjectKey Share(ObjectKey key)
    {
        if (!namespaces.TryGetValue(key.Namespace, out var shared))
            namespaces[key.Namespace] = shared = key.Namespace;
        return key with { Namespace = shared };
    }

    internal void Set(ObjectKey key, Entry entry)
    {
        if (byIndex.Count == 0)
        {
            entries[key] = entry;
            return;
        }

        lock (gate)
        {
            if (entries.TryGetValue(key, out var before))
                Unindex(key, before.Item);
            entries[key] = entry;
            foreach (var (name, values) in byIndex)
            {
                foreach (var value in indices[name](entry.Item))
                {
                    if (!values.TryGetValue(value, out var keys))
                        values[value] = keys = [];
                    keys.Add(key);
                }
            }
        }
    }

    internal bool Remove(ObjectKey key, [MaybeNullWhen(false)] out Entry entry)
    {
        lock (gate)
        {
            if (!entries.TryRemove(key, out entry))
                return false;
            Unindex(key, entry.Item);
            return true;
        }
    }

    internal List<TItem> ByIndex(string index, string value)
    {
        if (!byIndex.TryGetValue(index, out var values))
            throw new ArgumentException($"there is no index \"{index}\"", nameof(index));
        lock (gate)
            return values.TryGetValue(value, out var keys) ? [.. keys.Select(k => entries[k].Item)] : [];
    }

    private void Unindex(ObjectKey key, TItem item)
    {
        foreach (var (name, values) in byIndex)
        {
            foreach (var value in indices[name](item))
            {
                if (values.TryGetValue(value, out var keys) && keys.Remove(key) && keys.Count == 0)
                    values.Remove(value);
            }
        }
    }

    /// <summary>Version and uid in the smallest form that can be compared for equality.</summary>
    internal readonly record struct Entry(TItem Item, ulong Version, Guid Uid)
    {
        internal static Entry Of(TItem item, ObjectMeta metadata) => new(
            item,
            ulong.TryParse(metadata.ResourceVersion, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? number
                : (ulong)(metadata.ResourceVersion ?? "").GetHashCode(StringComparison.Ordinal),
            Guid.TryParse(metadata.Uid, out var uid) ? uid : Guid.Empty);
    }
}
