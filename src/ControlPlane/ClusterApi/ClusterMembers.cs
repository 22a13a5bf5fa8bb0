using System.Collections.Concurrent;
using Fleet.Kubernetes.Objects;

namespace Fleet.ControlPlane.ClusterApi;

/// <summary>
/// Which objects belong to which Cluster: found by key instead of by listing a namespace that may hold thousands of machines.
/// Filled by whoever reads or makes such an object; an entry for an object that is gone does no harm. Safe for concurrent use.
/// </summary>
internal sealed class ClusterMembers
{
    private readonly ConcurrentDictionary<ObjectKey, HashSet<Member>> byCluster = new();
    private readonly ConcurrentDictionary<Member, ObjectKey> clusters = new();

    public void Add(ObjectKey cluster, ResourceKind kind, ObjectKey key)
    {
        var member = new Member(kind, key);
        if (clusters.TryGetValue(member, out var known) && known == cluster)
            return;
        clusters[member] = cluster;
        var set = byCluster.GetOrAdd(cluster, static _ => []);
        lock (set)
            set.Add(member);
    }

    public void Remove(ResourceKind kind, ObjectKey key)
    {
        var member = new Member(kind, key);
        if (!clusters.TryRemove(member, out var cluster) || !byCluster.TryGetValue(cluster, out var set))
            return;
        lock (set)
            set.Remove(member);
    }

    public void RemoveCluster(ObjectKey cluster) => byCluster.TryRemove(cluster, out _);

    public ObjectKey? ClusterOf(ResourceKind kind, ObjectKey key) => clusters.TryGetValue(new(kind, key), out var cluster) ? cluster : null;

    public Member[] Of(ObjectKey cluster)
    {
        if (!byCluster.TryGetValue(cluster, out var set))
            return [];
        lock (set)
            return [.. set.Order()];
    }
}

/// <summary>An object that belongs to a Cluster.</summary>
internal readonly record struct Member(ResourceKind Kind, ObjectKey Key) : IComparable<Member>
{
    public int CompareTo(Member other)
    {
        var byKind = string.CompareOrdinal(Kind.Kind, other.Kind.Kind);
        return byKind != 0 ? byKind : Key.CompareTo(other.Key);
    }
}
