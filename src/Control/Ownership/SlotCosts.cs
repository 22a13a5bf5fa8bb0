namespace Fleet.Control.Ownership;

/// <summary>What each slot weighs when slots are shared out.</summary>
internal static class SlotCosts
{
    /// <summary>
    /// Measured work, with a floor of a quarter of the mean: a slot that is quiet now may wake, and slots of which nothing is known are shared out evenly.
    /// </summary>
    public static double[] From(Assignment table, IReadOnlyList<ReplicaFacts> replicas)
    {
        var measured = new double?[Slots.Count];
        foreach (var replica in replicas)
            foreach (var (slot, cost) in replica.Costs)
                if (slot is >= 0 and < Slots.Count && table.Slots[slot].Replica == replica.Name && double.IsFinite(cost) && cost >= 0)
                    measured[slot] = cost;
        var known = measured.OfType<double>().ToList();
        var mean = known.Count == 0 ? 0 : known.Average();
        if (mean <= 0)
            return [.. Enumerable.Repeat(1.0, Slots.Count)];
        return [.. measured.Select(cost => Math.Max(cost ?? mean, mean / 4))];
    }
}
