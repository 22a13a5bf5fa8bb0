using Fleet.Cost.Budgets;

namespace Fleet.Observability.Budgets;

/// <summary>What is known of a budget's costs, or why nothing is.</summary>
/// <param name="Figures">Null while they are not known.</param>
/// <param name="Unknown">Why, when they are not.</param>
/// <param name="Problem">What is wrong with the filter, for people.</param>
internal sealed record BudgetFacts(BudgetFigures? Figures, BudgetUnknown Unknown, string Problem = "")
{
    public static BudgetFacts Of(BudgetFigures figures) => new(figures, BudgetUnknown.None);

    public static BudgetFacts NotAddedUp { get; } = new(null, BudgetUnknown.NotAddedUp);

    public static BudgetFacts LedgerAway { get; } = new(null, BudgetUnknown.LedgerAway);

    public static BudgetFacts WrongFilter(string problem) => new(null, BudgetUnknown.WrongFilter, problem);

    public static BudgetFacts WrongSpec(string problem) => new(null, BudgetUnknown.WrongSpec, problem);
}

internal enum BudgetUnknown
{
    None,

    /// <summary>The scope is new: days are being added up.</summary>
    NotAddedUp,

    LedgerAway,

    WrongFilter,

    WrongSpec,
}
