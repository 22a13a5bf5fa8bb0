namespace Fleet.Cost.Savings;

/// <summary>
/// Adds recommendations up without counting anything twice: of all that claim the same thing, the one that saves most counts. A workload that goes does not also become smaller, and
/// what becomes smaller does not also sleep at night by its old size. Pure.
/// </summary>
public static class SavingsSum
{
    /// <returns>One for each currency: they are not added up.</returns>
    public static IReadOnlyList<SavingsTotal> Of(IEnumerable<CountedSaving> savings) =>
        [.. savings.GroupBy(saving => saving.Saving.Currency).OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => Of(group.Key, [.. group]))];

    private static SavingsTotal Of(string currency, List<CountedSaving> savings)
    {
        var claims = savings.SelectMany(saving => saving.Claims).GroupBy(claim => claim.What)
            .Select(same => (Cash: same.Max(claim => claim.Cash ?? 0), Freed: same.Max(claim => claim.Freed ?? 0))).ToList();
        var alone = savings.SelectMany(saving => saving.Claims).Sum(claim => claim.Freed ?? 0);
        var freed = claims.Sum(claim => claim.Freed);
        return new(
            currency, claims.Sum(claim => claim.Cash), freed, Math.Max(0, alone - freed), savings.Count,
            savings.Count(saving => saving.Saving.Cash is null || saving.Saving.Freed is null));
    }
}
