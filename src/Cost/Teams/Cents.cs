namespace Fleet.Cost.Teams;

/// <summary>Rounds amounts to cents so that they add up to their rounded sum: those that lose most by it get the cents that are left. Pure.</summary>
public static class Cents
{
    /// <returns>In the order of the amounts; each is less than a cent away from its amount.</returns>
    public static IReadOnlyList<decimal> Of(IReadOnlyList<double> amounts)
    {
        var exact = amounts.Select(amount => (decimal)Math.Clamp(amount, -1e15, 1e15) * 100).ToList();
        var cents = exact.Select(decimal.Floor).ToArray();
        var left = (int)(decimal.Round(exact.Sum(), MidpointRounding.AwayFromZero) - cents.Sum());
        foreach (var index in Enumerable.Range(0, cents.Length).OrderByDescending(index => decimal.Round(exact[index] - cents[index], 9)).ThenBy(index => index).Take(left))
            cents[index]++;
        return [.. cents.Select(cent => cent / 100)];
    }
}
