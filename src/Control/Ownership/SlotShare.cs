namespace Fleet.Control.Ownership;

/// <summary>
/// One share-out of slots among replicas: bounded-load consistent hashing (Mirrokni, Thorup, Zadimoghaddam, "Consistent Hashing with Bounded Loads", 2016), weighted by measured cost, over
/// rendezvous hashing. Pure.
/// </summary>
internal sealed class SlotShare
{
    /// <summary>Nobody gets more than this times the even share, where slots are small enough.</summary>
    internal const double Bound = 1.05;

    /// <summary>Slots of owners that are well move only when somebody has this much more, or as much less, than the even share: each move interrupts.</summary>
    internal const double Unbalanced = 1.10;

    private readonly SlotOwner[] slots;
    private readonly int first;
    private readonly double[] costs;
    private readonly string[] takers;
    private readonly IReadOnlyDictionary<string, ReplicaFacts> present;
    private readonly long generation;
    private readonly long time;
    private readonly Dictionary<string, double> load;
    private readonly double share;

    /// <param name="slots">Those that are shared out; planned in place.</param>
    /// <param name="first">The number of the first of them.</param>
    /// <param name="costs">Of each of them.</param>
    /// <param name="takers">Who may have them, by name; at least one.</param>
    /// <param name="present">Every replica that has a Lease: who owns a slot is asked for it, taker or not.</param>
    /// <param name="generation">Of the table that is planned.</param>
    /// <param name="time">Unix milliseconds.</param>
    public SlotShare(SlotOwner[] slots, int first, double[] costs, string[] takers, IReadOnlyDictionary<string, ReplicaFacts> present, long generation, long time)
    {
        (this.slots, this.first, this.costs, this.takers, this.present, this.generation, this.time) = (slots, first, costs, takers, present, generation, time);
        load = takers.ToDictionary(name => name, _ => 0.0, StringComparer.Ordinal);
        share = costs.Sum() / takers.Length;
    }

    public SlotOwner[] Plan()
    {
        var placed = new bool[slots.Length];
        for (var slot = 0; slot < slots.Length; slot++)
            placed[slot] = Keep(slot);
        foreach (var slot in Enumerable.Range(0, slots.Length).Where(s => !placed[s]).OrderByDescending(s => costs[s]).ThenBy(s => s))
            Place(slot);
        // One thing at a time: what moves now may be all that was needed.
        if (slots.All(s => s.Next is null))
            Rebalance();
        return slots;
    }

    /// <summary>True when the slot has an owner to be, who then counts it as load.</summary>
    private bool Keep(int slot)
    {
        var owner = slots[slot];
        var destined = owner.Next ?? owner.Replica;
        if (!load.ContainsKey(destined))
            return false;
        if (owner.Next is { } next && IsFree(owner))
            Grant(slot, next);
        else if (!present.ContainsKey(owner.Replica))
            Grant(slot, destined);
        load[destined] += costs[slot];
        return true;
    }

    /// <summary>The owner is gone or may not have it, or the one that was to get the slot is gone.</summary>
    private void Place(int slot)
    {
        var target = Choose(slot);
        load[target] += costs[slot];
        var owner = slots[slot];
        if (IsFree(owner))
            Grant(slot, target);
        else
            slots[slot] = owner with { Next = target, Asked = owner.Next is null ? generation : owner.Asked };
    }

    private bool IsFree(SlotOwner owner) =>
        !present.TryGetValue(owner.Replica, out var replica) || (owner.Next is not null && replica.Applied >= owner.Asked);

    private void Grant(int slot, string replica) => slots[slot] = new(replica, Math.Max(slots[slot].Epoch + 1, time));

    private string Choose(int slot)
    {
        var cost = costs[slot];
        return takers.OrderByDescending(name => Slots.Affinity(first + slot, name)).FirstOrDefault(name => load[name] + cost <= share * Bound) ?? takers.MinBy(name => load[name])!;
    }

    /// <summary>From the fullest to the emptiest, as long as that makes them more alike.</summary>
    private void Rebalance()
    {
        if (IsWithin(Unbalanced))
            return;
        for (var moves = 0; moves < slots.Length; moves++)
        {
            var (full, empty) = (takers.MaxBy(name => load[name])!, takers.MinBy(name => load[name])!);
            var gap = load[full] - load[empty];
            if (IsWithin(Bound))
                return;
            // At most half of the gap: then neither of the two ends up further from the other than before.
            var slot = Enumerable.Range(0, slots.Length)
                .Where(s => slots[s] is { Next: null } owner && owner.Replica == full && costs[s] <= gap / 2)
                .OrderByDescending(s => costs[s]).ThenByDescending(s => Slots.Affinity(first + s, empty)).FirstOrDefault(-1);
            if (slot < 0)
                return;
            slots[slot] = slots[slot] with { Next = empty, Asked = generation };
            load[full] -= costs[slot];
            load[empty] += costs[slot];
        }
    }

    private bool IsWithin(double factor) => load.Values.Max() <= share * factor && load.Values.Min() >= share * (2 - factor);
}
