using Fleet.Cost;
using Fleet.Cost.Teams;

namespace Fleet.Observability.Teams;

/// <summary>A report, and how much of the period is in it.</summary>
/// <param name="KnownFrom">The first day that is in it, when not all of the period that has costs is; null otherwise.</param>
/// <param name="FormerRulesUntil">The last day that former rules of the category divided; null when there is none.</param>
internal sealed record ShowbackAnswer(Showback Report, string Currency, DateOnly? KnownFrom = null, DateOnly? FormerRulesUntil = null)
{
    /// <summary>The one that a report is in.</summary>
    /// <exception cref="CostQueryException">There are several, and none was asked for.</exception>
    public static string CurrencyOf(IReadOnlyList<string> known, string? asked) =>
        !string.IsNullOrEmpty(asked) ? asked : known.Count == 0 ? "" : known.Count == 1 ? known[0]
        : throw new CostQueryException($"these costs are in {string.Join(" and ", known)}, which are not added up: name one by currency=");
}
