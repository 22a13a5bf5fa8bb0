using System.Collections.Concurrent;
using Fleet.Kubernetes.Objects;

namespace Fleet.ControlPlane.ClusterApi.Faults;

/// <summary>Hands a cluster's machine quota out: machines are worked on at the same time, and two must not both take the last place. Safe for concurrent use.</summary>
internal sealed class MachineSlots
{
    private readonly ConcurrentDictionary<ObjectKey, HashSet<string>> taken = new();

    /// <summary>True when the machine has a place, or gets one now; else how many are in use.</summary>
    /// <param name="cluster">The Cluster.</param>
    /// <param name="machine">Uid of the machine that asks.</param>
    /// <param name="quota">How many places there are.</param>
    /// <param name="running">Uids of the machines that run; those hold their places.</param>
    /// <param name="present">Uids of all machines there are; who is gone gives its place back.</param>
    public (bool Granted, int Used) Take(ObjectKey cluster, string machine, int quota, IReadOnlySet<string> running, IReadOnlySet<string> present)
    {
        var places = taken.GetOrAdd(cluster, static _ => new(StringComparer.Ordinal));
        lock (places)
        {
            places.IntersectWith(present);
            places.UnionWith(running);
            if (places.Contains(machine))
                return (true, places.Count);
            if (places.Count >= quota)
                return (false, places.Count);
            places.Add(machine);
            return (true, places.Count);
        }
    }

    public void Forget(ObjectKey cluster) => taken.TryRemove(cluster, out _);
}
