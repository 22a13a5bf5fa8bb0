using Fleet.Control.Grains;

namespace Fleet.Control.Ownership;

/// <summary>What the sweep finds. <see cref="Orphaned"/> and <see cref="Doubled"/> are numbers of grains.</summary>
internal sealed record SweepFindings(int Owned, int Orphaned, int Doubled, IReadOnlyList<string> Reasons);

/// <summary>
/// Compares what the table says with what the replicas say of themselves: each grain must be held by exactly one that lives. Differences of a moment are expected while slots move
/// or a replica has just died, so only what has been so for a while counts. Pure but for its memory of since when.
/// </summary>
internal sealed class OwnershipSweep(TimeSpan patience)
{
    private readonly Dictionary<string, (TimeSpan At, long Generation)> since = new(StringComparer.Ordinal);

    /// <param name="table">Who ought to own what.</param>
    /// <param name="replicas">Who lives, and what each says that it holds.</param>
    /// <param name="grains">Everything that exists.</param>
    /// <param name="now">Time since any fixed moment, by a monotonic clock.</param>
    public SweepFindings Look(Assignment table, IReadOnlyList<ReplicaRow> replicas, IReadOnlyCollection<GrainId> grains, TimeSpan now)
    {
        var living = replicas.Where(r => r.Facts.Name.Length > 0).DistinctBy(r => r.Facts.Name).ToDictionary(r => r.Facts.Name, StringComparer.Ordinal);
        var perSlot = grains.Where(grain => !table.Pins.IsMoving(grain)).GroupBy(table.Pins.SlotOf).ToDictionary(g => g.Key, g => g.Count());
        var (orphaned, doubled) = (0, 0);
        var reasons = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var of in Enumerable.Range(0, table.Slots.Count).GroupBy(slot => table.Slots[slot].Replica))
        {
            var count = of.Sum(slot => perSlot.GetValueOrDefault(slot));
            // Who has followed the table in which it was behind is behind anew: two short delays are not a long one.
            if (since.TryGetValue(of.Key, out var first) && living.GetValueOrDefault(of.Key) is { Facts.Applied: var applied } && applied < table.Generation && applied >= first.Generation)
                since.Remove(of.Key);
            if (Trouble(of.Key, living.GetValueOrDefault(of.Key), table) is not { } trouble)
                since.Remove(of.Key);
            else if (now - Since(of.Key, now, table) >= patience && count > 0)
            {
                reasons[trouble.Reason] = count;
                if (trouble.IsDouble)
                    doubled += count;
                else
                    orphaned += count;
            }
        }
        var moving = grains.Where(table.Pins.IsMoving).ToList();
        if (moving.Where(grain => now - Since($"{grain}", now, table) >= patience).ToList() is { Count: > 0 } stuck)
        {
            reasons["nobody, while they move between pools"] = stuck.Count;
            orphaned += stuck.Count;
        }
        var known = moving.Select(grain => $"{grain}").Concat(table.Slots.Select(slot => slot.Replica)).ToHashSet(StringComparer.Ordinal);
        foreach (var gone in since.Keys.Where(name => !known.Contains(name)).ToList())
            since.Remove(gone);
        return new(grains.Count - orphaned, orphaned, doubled, [.. reasons.Select(r => $"{r.Value} of {r.Key}")]);
    }

    private static (string Reason, bool IsDouble)? Trouble(string name, ReplicaRow? row, Assignment table)
    {
        if (name.Length == 0)
            return ("nobody", false);
        if (row is null)
            return ($"{name}, which is gone", false);
        if (row.Facts.Applied < table.Generation)
            return ($"{name}, which does not follow the table", false);
        // It has let go of all that was asked for, yet holds other slots or epochs than the table gives it.
        return row.Holds == Holding.DigestFor(table, name) ? null : ($"{name}, which holds other slots than the table says", true);
    }

    private TimeSpan Since(string name, TimeSpan now, Assignment table) => (since.TryGetValue(name, out var first) ? first : since[name] = (now, table.Generation)).At;
}
