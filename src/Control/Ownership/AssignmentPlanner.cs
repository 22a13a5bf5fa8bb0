using Fleet.Control.Grains;
using Fleet.Control.Ownership.Pinning;
using Fleet.Kubernetes.Objects;

namespace Fleet.Control.Ownership;

/// <summary>
/// Shares slots out: those of everybody among the replicas of no pool, those of a pool among its own (<see cref="SlotShare"/>). A slot of a living owner moves in two phases: it is asked to
/// let go, and only when it has said so is the slot granted, with a greater epoch. Pure: every replica plans the same from the same facts, and the store lets one of their writes through.
/// </summary>
internal sealed class AssignmentPlanner
{
    private readonly Assignment now;
    private readonly IReadOnlyList<ReplicaFacts> replicas;
    private readonly Dictionary<string, ReplicaFacts> present;
    private readonly long time;
    private readonly long generation;
    private readonly Dictionary<int, double> costs;
    private SlotOwner[] slots;

    private AssignmentPlanner(Assignment now, IReadOnlyList<ReplicaFacts> replicas, long time)
    {
        (this.now, this.replicas, this.time) = (now, replicas, time);
        generation = Math.Max(now.Generation + 1, time);
        present = replicas.ToDictionary(r => r.Name, StringComparer.Ordinal);
        costs = SlotCosts.Known(now, replicas);
        slots = [.. now.Slots];
    }

    /// <param name="now">The table as it is.</param>
    /// <param name="replicas">Every replica that has a Lease.</param>
    /// <param name="time">Unix milliseconds.</param>
    /// <param name="pins">The pool of each cluster that is to have one; null when that is not known: then those that are pinned stay so.</param>
    /// <returns>The same table when nothing is to change.</returns>
    public static Assignment Plan(Assignment now, IReadOnlyList<ReplicaFacts> replicas, long time, IReadOnlyDictionary<ObjectKey, string>? pins = null) =>
        replicas.Count == 0 ? now : new AssignmentPlanner(now, replicas, time).Plan(pins);

    private Assignment Plan(IReadOnlyDictionary<ObjectKey, string>? wanted)
    {
        var pins = PinPlanner.Plan(now, wanted, present, generation, out var arrived);
        slots = [.. slots, .. Enumerable.Repeat(SlotOwner.None, Slots.Count + (pins.Pools.Count * Slots.PerPool) - slots.Length)];
        Raise(arrived.SelectMany(GrainId.AllOf).Select(pins.SlotOf).Distinct());
        Share("", 0, Slots.Count);
        foreach (var (pool, place) in pins.Pools.Select((pool, place) => (pool, place)))
            Share(pool, Slots.Count + (place * Slots.PerPool), Slots.PerPool);
        var next = new Assignment(generation, slots) { Pins = pins, Costs = costs };
        return next.IsSameAs(now) ? now : next;
    }

    /// <summary>Grains that come into a slot were owned under the epoch of another one, which may be greater: the slot's own becomes greater than all.</summary>
    private void Raise(IEnumerable<int> entered)
    {
        var greater = Math.Max(slots.Max(slot => slot.Epoch) + 1, time);
        foreach (var slot in entered)
            slots[slot] = slots[slot] with { Epoch = greater };
    }

    private void Share(string pool, int first, int count)
    {
        var share = new SlotShare(slots.AsSpan(first, count).ToArray(), first, SlotCosts.From(costs, first, count), TakersOf(pool), present, generation, time);
        share.Plan().CopyTo(slots, first);
    }

    /// <summary>A pool's own replicas, else those of no pool, else all: better another one than none.</summary>
    private string[] TakersOf(string pool)
    {
        foreach (var wanted in new[] { pool, "" })
            if (replicas.Where(r => r.Pool == wanted).Select(r => r.Name).Order(StringComparer.Ordinal).ToArray() is { Length: > 0 } some)
                return some;
        return [.. present.Keys.Order(StringComparer.Ordinal)];
    }
}
