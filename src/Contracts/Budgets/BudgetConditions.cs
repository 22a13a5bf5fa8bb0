using Fleet.Contracts.Conditions;

namespace Fleet.Contracts.Budgets;

/// <summary>Conditions of Budget, beside Ready.</summary>
public static class BudgetConditions
{
    /// <summary>Good when True: what was spent is known. False: <see cref="InvalidFilter"/>, <see cref="CurrencyDiffers"/>. Unknown: <see cref="LedgerUnavailable"/>, Progressing.</summary>
    public static ConditionType CostsKnown { get; } = new("CostsKnown");

    /// <summary>Good when True: nothing is missing in the figures. False: <see cref="PriceMissing"/>, <see cref="DataStale"/>, <see cref="HistoryMissing"/>. A warning: Ready does not need it.</summary>
    public static ConditionType CostsComplete { get; } = new("CostsComplete");

    /// <summary>Good when True: no threshold is crossed. False: <see cref="ThresholdCrossed"/>, <see cref="AmountExceeded"/>. Ready does not need it.</summary>
    public static ConditionType OnTrack { get; } = new("OnTrack");

    public static Reason InvalidFilter { get; } = new("InvalidFilter");

    public static Reason CurrencyDiffers { get; } = new("CurrencyDiffers");

    public static Reason LedgerUnavailable { get; } = new("LedgerUnavailable");

    public static Reason PriceMissing { get; } = new("PriceMissing");

    public static Reason DataStale { get; } = new("DataStale");

    public static Reason HistoryMissing { get; } = new("HistoryMissing");

    public static Reason NotInPeriod { get; } = new("NotInPeriod");

    public static Reason WithinBudget { get; } = new("WithinBudget");

    public static Reason ThresholdCrossed { get; } = new("ThresholdCrossed");

    public static Reason AmountExceeded { get; } = new("AmountExceeded");
}
