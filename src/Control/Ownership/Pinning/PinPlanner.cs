using Fleet.Control.Grains;
using Fleet.Kubernetes.Objects;

namespace Fleet.Control.Ownership.Pinning;

/// <summary>
/// Moves clusters into pools and out of them, in two phases as slots move: whoever owns the cluster's grains is asked to let them go, and only when all of them have said so do the grains
/// belong to other slots. Pure.
/// </summary>
internal static class PinPlanner
{
    /// <param name="now">The table as it is.</param>
    /// <param name="wanted">The pool of each cluster that is to have one; null when that is not known: nothing new begins then.</param>
    /// <param name="replicas">Every replica that has a Lease, by name.</param>
    /// <param name="generation">Of the table that is planned.</param>
    /// <param name="arrived">Clusters that belong to other slots from now on: the epochs of those slots must grow.</param>
    public static PinTable Plan(
        Assignment now, IReadOnlyDictionary<ObjectKey, string>? wanted, IReadOnlyDictionary<string, ReplicaFacts> replicas, long generation, out IReadOnlyList<ObjectKey> arrived)
    {
        var clusters = new Dictionary<ObjectKey, Pin>();
        List<ObjectKey> done = [];
        foreach (var (key, pin) in now.Pins.Clusters)
            if (pin.Next is not { } next || !IsLetGo(key, pin, now, replicas))
                clusters.Add(key, pin);
            else
            {
                done.Add(key);
                if (next.Length > 0)
                    clusters.Add(key, new(next));
            }
        arrived = done;
        if (wanted is null)
            return new(now.Pins.Pools, clusters);

        var pins = new PinTable(Places(now.Pins.Pools, clusters, wanted), clusters);
        foreach (var (key, pool) in wanted.Where(pin => pins.Has(pin.Value)))
            Ask(key, pool);
        foreach (var key in now.Pins.Clusters.Keys.Where(key => !wanted.ContainsKey(key)))
            Ask(key, "");
        return pins;

        void Ask(ObjectKey key, string pool)
        {
            var pin = clusters.GetValueOrDefault(key) ?? new("");
            // One that is on its way is asked for only once, wherever it is to go by now; also back, since it may have been let go already.
            if (pin.Next is not null)
                clusters[key] = pin with { Next = pool };
            else if (pin.Pool != pool)
                clusters[key] = pin with { Next = pool, Asked = generation };
        }
    }

    /// <summary>Who owned a slot when it was asked has said so, is dead, or has let the whole slot go; its owner of now has begun nothing.</summary>
    private static bool IsLetGo(ObjectKey key, Pin pin, Assignment now, IReadOnlyDictionary<string, ReplicaFacts> replicas) =>
        GrainId.AllOf(key).All(grain => !replicas.TryGetValue(now.OwnerOf(grain).Replica, out var owner) || owner.Applied >= pin.Asked);

    /// <summary>A new pool gets a place that nothing refers to any more, or one behind the others; none when there are too many.</summary>
    private static List<string> Places(IReadOnlyList<string> now, Dictionary<ObjectKey, Pin> clusters, IReadOnlyDictionary<ObjectKey, string> wanted)
    {
        var places = now.ToList();
        var used = clusters.Values.SelectMany(pin => new[] { pin.Pool, pin.Next ?? "" }).Concat(wanted.Values).ToHashSet(StringComparer.Ordinal);
        foreach (var pool in wanted.Values.Distinct().Except(now, StringComparer.Ordinal).Order(StringComparer.Ordinal))
            if (places.FindIndex(name => !used.Contains(name)) is >= 0 and var free)
                places[free] = pool;
            else if (places.Count < Slots.MostPools)
                places.Add(pool);
        return places;
    }
}
