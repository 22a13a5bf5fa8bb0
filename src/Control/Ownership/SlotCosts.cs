using System.Globalization;

namespace Fleet.Control.Ownership;

/// <summary>What each slot weighs when slots are shared out.</summary>
internal static class SlotCosts
{
    /// <summary>
    /// What the owner of each slot says, else what is kept in the table. Slots that change hands keep their cost until it is measured again: if they were taken for cheap ones until then, those
    /// who have just got theirs would get more and more of them.
    /// </summary>
    public static Dictionary<int, double> Known(Assignment table, IReadOnlyList<ReplicaFacts> replicas)
    {
        var known = table.Costs.ToDictionary();
        foreach (var replica in replicas)
            foreach (var (slot, cost) in replica.Costs)
                if (table.Owner(slot).Replica == replica.Name && double.IsFinite(cost) && cost >= 0)
                    known[slot] = cost;
        return known;
    }

    /// <summary>
    /// The costs of some slots, with a floor of a quarter of the mean: a slot that is quiet now may wake. Those of which nothing is known weigh the mean.
    /// </summary>
    /// <param name="known">By slot.</param>
    /// <param name="first">Number of the first slot that is asked for.</param>
    /// <param name="count">How many.</param>
    public static double[] From(IReadOnlyDictionary<int, double> known, int first, int count)
    {
        double?[] measured = [.. Enumerable.Range(first, count).Select(slot => known.TryGetValue(slot, out var cost) ? cost : (double?)null)];
        var mean = measured.Average() ?? 0;
        if (mean <= 0)
            return [.. Enumerable.Repeat(1.0, count)];
        return [.. measured.Select(cost => Math.Max(cost ?? mean, mean / 4))];
    }

    /// <summary><c>SLOT:COST</c>, in tenths of a millisecond of work per second, with spaces between.</summary>
    public static string Write(IReadOnlyDictionary<int, double> costs) =>
        string.Join(' ', costs.OrderBy(c => c.Key).Select(c => string.Create(CultureInfo.InvariantCulture, $"{c.Key}:{Math.Round(c.Value * 10)}")));

    /// <summary>What cannot be read is unknown: costs only say how slots are best shared out.</summary>
    public static Dictionary<int, double> Read(string? text)
    {
        var costs = new Dictionary<int, double>();
        foreach (var pair in (text ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries))
            if (pair.Split(':') is [var slot, var cost] && AssignmentText.TryNumber(slot, out var number) && number < Slots.Most && AssignmentText.TryNumber(cost, out var tenths))
                costs[(int)number] = tenths / 10.0;
        return costs;
    }
}
