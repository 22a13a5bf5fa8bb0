using Fleet.Cost.Allocations;
using Fleet.Cost.Forecasts;

namespace Fleet.Cost.Budgets;

/// <summary>What is known of a budget's costs.</summary>
/// <param name="Days">Costs of days in the budget's currency, before its period too, in any order. The running day may be among them.</param>
/// <param name="Today">The day that is not over.</param>
public sealed record BudgetFigures(IReadOnlyList<DailyCost> Days, DateOnly Today)
{
    /// <summary>Currencies of costs in the period that are not the budget's.</summary>
    public IReadOnlyList<string> OtherCurrencies { get; init; } = [];

    /// <summary>Prices that nobody has, in the period.</summary>
    public MissingPrice Missing { get; init; }

    /// <summary>The first day that anything is known of; null when nothing is known.</summary>
    public DateOnly? KnownFrom { get; init; }

    /// <summary>Clusters that have not been looked at lately.</summary>
    public IReadOnlyList<string> Stale { get; init; } = [];
}
