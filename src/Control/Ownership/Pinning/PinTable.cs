using Fleet.Control.Grains;
using Fleet.Kubernetes.Objects;

namespace Fleet.Control.Ownership.Pinning;

/// <summary>Where the grains of one cluster belong.</summary>
/// <param name="Pool">Whose replicas are to own them; empty: everybody's.</param>
internal sealed record Pin(string Pool)
{
    /// <summary>The pool that they go to once their owner has let them go; null when they stay. While they go, nobody begins anything.</summary>
    public string? Next { get; init; }

    /// <summary>The generation of the table in which their owner was asked to let them go.</summary>
    public long Asked { get; init; }
}

/// <summary>
/// The part of the table of owners that says which clusters are pinned. It is the table's, and not each replica's own idea of labels and regions, since two replicas with different ideas
/// would both own a cluster. Immutable.
/// </summary>
internal sealed class PinTable
{
    private readonly Dictionary<string, int> places;

    /// <param name="pools">In the order of their slots; also those that nothing belongs to any more, until another pool needs their place.</param>
    /// <param name="clusters">Those that are pinned, or on their way. Each pool is among <paramref name="pools"/>.</param>
    public PinTable(IReadOnlyList<string> pools, IReadOnlyDictionary<ObjectKey, Pin> clusters)
    {
        (Pools, Clusters) = (pools, clusters);
        places = pools.Select((name, place) => (name, place)).ToDictionary(p => p.name, p => p.place, StringComparer.Ordinal);
    }

    public static PinTable Empty { get; } = new([], new Dictionary<ObjectKey, Pin>());

    public IReadOnlyList<string> Pools { get; }

    public IReadOnlyDictionary<ObjectKey, Pin> Clusters { get; }

    public int SlotOf(GrainId grain) => Find(grain) is { Pool.Length: > 0 } pin ? Slots.InPool(grain, places[pin.Pool]) : Slots.Of(grain);

    public bool IsMoving(GrainId grain) => Find(grain) is { Next: not null };

    public bool Has(string pool) => places.ContainsKey(pool);

    public bool IsSameAs(PinTable other) =>
        ReferenceEquals(this, other)
        || (Pools.SequenceEqual(other.Pools) && Clusters.Count == other.Clusters.Count && Clusters.All(pin => other.Clusters.TryGetValue(pin.Key, out var same) && pin.Value == same));

    private Pin? Find(GrainId grain) => Clusters.Count > 0 && grain.IsOfCluster ? Clusters.GetValueOrDefault(grain.Key) : null;
}
