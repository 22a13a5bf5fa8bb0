namespace Fleet.Cost.Savings;

/// <summary>A recommendation as the sum of all sees it.</summary>
/// <param name="Id">Its own.</param>
/// <param name="Saving">By itself.</param>
/// <param name="Claims">What would be saved, each with its part of what is freed and paid: two recommendations that claim the same thing save it once.</param>
public sealed record CountedSaving(string Id, MonthlySaving Saving, IReadOnlyList<SavingClaim> Claims);

/// <summary>A part of a saving.</summary>
/// <param name="What">Names the thing: the requests of a container, a disk.</param>
/// <param name="Cash">Null: no price is known.</param>
/// <param name="Freed">Likewise.</param>
public sealed record SavingClaim(string What, double? Cash, double? Freed);

/// <summary>All recommendations together, of one currency.</summary>
/// <param name="Cash">Ends on the bill.</param>
/// <param name="Freed">Becomes idle, or cash where nodes go.</param>
/// <param name="Overlap">What would have been counted twice.</param>
/// <param name="Unpriced">Recommendations of which no amount is known: the sums are at least what they say.</param>
public sealed record SavingsTotal(string Currency, double Cash, double Freed, double Overlap, int Recommendations, int Unpriced);
