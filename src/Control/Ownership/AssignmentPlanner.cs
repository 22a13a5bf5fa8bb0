namespace Fleet.Control.Ownership;

/// <summary>
/// Shares slots out: bounded-load consistent hashing (Mirrokni, Thorup, Zadimoghaddam, "Consistent Hashing with Bounded Loads", 2016), weighted by measured cost, over rendezvous
/// hashing. A slot of a living owner moves in two phases: it is asked to let go, and only when it has said so is the slot granted, with a greater epoch. Pure: every replica
/// plans the same from the same facts, and the store lets one of their writes through.
/// </summary>
internal sealed class AssignmentPlanner
{
    /// <summary>Nobody gets more than this times the even share, where slots are small enough.</summary>
    internal const double Bound = 1.05;

    /// <summary>Slots of owners that are well move only when somebody has this much more, or as much less, than the even share: each move interrupts.</summary>
    internal const double Unbalanced = 1.10;

    private readonly Assignment now;
    private readonly Dictionary<string, ReplicaFacts> present;
    private readonly string[] takers;
    private readonly double[] costs;
    private readonly long time;
    private readonly long generation;
    private readonly SlotOwner[] slots;
    private readonly Dictionary<string, double> load;
    private readonly double share;

    private AssignmentPlanner(Assignment now, IReadOnlyList<ReplicaFacts> replicas, long time)
    {
        this.now = now;
        this.time = time;
        generation = Math.Max(now.Generation + 1, time);
        present = replicas.ToDictionary(r => r.Name, StringComparer.Ordinal);
        takers = [.. replicas.Select(r => r.Name).Order(StringComparer.Ordinal)];
        costs = SlotCosts.From(now, replicas);
        slots = [.. now.Slots];
        load = takers.ToDictionary(name => name, _ => 0.0, StringComparer.Ordinal);
        share = costs.Sum() / Math.Max(1, takers.Length);
    }

    /// <param name="now">The table as it is.</param>
    /// <param name="replicas">Every replica that has a Lease.</param>
    /// <param name="time">Unix milliseconds.</param>
    /// <returns>The same table when nothing is to change.</returns>
    public static Assignment Plan(Assignment now, IReadOnlyList<ReplicaFacts> replicas, long time) => new AssignmentPlanner(now, replicas, time).Plan();

    private Assignment Plan()
    {
        if (takers.Length == 0)
            return now;
        var placed = new bool[slots.Length];
        for (var slot = 0; slot < slots.Length; slot++)
            placed[slot] = Keep(slot);
        foreach (var slot in Enumerable.Range(0, slots.Length).Where(s => !placed[s]).OrderByDescending(s => costs[s]).ThenBy(s => s))
            Place(slot);
        // One thing at a time: what moves now may be all that was needed.
        if (slots.All(s => s.Next is null))
            Rebalance();
        var next = new Assignment(generation, slots);
        return next.IsSameAs(now) ? now : next;
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

    /// <summary>The owner is gone, or the one that was to get the slot is gone.</summary>
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
        return takers.OrderByDescending(name => Slots.Affinity(slot, name)).FirstOrDefault(name => load[name] + cost <= share * Bound) ?? takers.MinBy(name => load[name])!;
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
                .OrderByDescending(s => costs[s]).ThenByDescending(s => Slots.Affinity(s, empty)).FirstOrDefault(-1);
            if (slot < 0)
                return;
            slots[slot] = slots[slot] with { Next = empty, Asked = generation };
            load[full] -= costs[slot];
            load[empty] += costs[slot];
        }
    }

    private bool IsWithin(double factor) => load.Values.Max() <= share * factor && load.Values.Min() >= share * (2 - factor);
}
