namespace Fleet.Control.Ownership;

/// <summary>What each slot weighs when slots are shared out.</summary>
internal static class SlotCosts
{
    /// <summary>
    /// Measured work, with a floor of a quarter of the mean: a slot that is quiet now may wake, and slots of which nothing is known are shared out evenly.
    /// </summary>
    /// <param name="table">Whose cost counts: that of each slot's owner.</param>
    /// <param name="replicas">What they say of their slots.</param>
    /// <param name="first">Number of the first slot that is asked for; may lie behind those of the table.</param>
    /// <param name="count">How many.</param>
    public static double[] From(Assignment table, IReadOnlyList<ReplicaFacts> replicas, int first, int count)
    {
        var measured = new double?[count];
        foreach (var replica in replicas)
            foreach (var (slot, cost) in replica.Costs)
                if (slot >= first && slot < first + count && table.Owner(slot).Replica == replica.Name && double.IsFinite(cost) && cost >= 0)
                    measured[slot - first] = cost;
        var known = measured.OfType<double>().ToList();
        var mean = known.Count == 0 ? 0 : known.Average();
        if (mean <= 0)
            return [.. Enumerable.Repeat(1.0, count)];
        return [.. measured.Select(cost => Math.Max(cost ?? mean, mean / 4))];
    }
}
