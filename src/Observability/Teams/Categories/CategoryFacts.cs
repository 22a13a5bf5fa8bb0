using Fleet.Contracts.Costs;
using Fleet.Cost.Teams;

namespace Fleet.Observability.Teams.Categories;

/// <summary>What is known of a category, or why nothing is.</summary>
/// <param name="Report">Null while it is not known.</param>
internal sealed record CategoryFacts(CategoryUnknown Unknown, CategoryReport? Report = null, string Problem = "");

/// <param name="Report">Of the running month.</param>
/// <param name="Others">Currencies that are not in it.</param>
internal sealed record CategoryReport(Showback Report, string Period, string Currency, IReadOnlyList<string> Others, CostCategoryMatches Matches);

internal enum CategoryUnknown
{
    None,

    /// <summary>The rules are new: days are being added up.</summary>
    NotAddedUp,

    LedgerAway,

    WrongRules,
}
