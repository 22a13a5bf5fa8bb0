using Fleet.Contracts.Conditions;

namespace Fleet.Contracts.Costs;

/// <summary>Conditions of CostCategory, beside Ready.</summary>
public static class CostCategoryConditions
{
    /// <summary>Good when True: costs are divided by these rules. False: <see cref="CostCategoryReasons.InvalidRules"/>. Unknown: <see cref="CostCategoryReasons.LedgerUnavailable"/>, Progressing.</summary>
    public static ConditionType CostsKnown { get; } = new("CostsKnown");

    /// <summary>Good when True: everything belongs to somebody. False: <see cref="CostCategoryReasons.Unallocated"/>, <see cref="CostCategoryReasons.NobodyToShareWith"/>. A warning: Ready does not need it.</summary>
    public static ConditionType Allocated { get; } = new("Allocated");
}

/// <summary>Reasons of the conditions of CostCategory.</summary>
public static class CostCategoryReasons
{
    public static Reason InvalidRules { get; } = new("InvalidRules");

    public static Reason LedgerUnavailable { get; } = new("LedgerUnavailable");

    public static Reason Unallocated { get; } = new("Unallocated");

    public static Reason NobodyToShareWith { get; } = new("NobodyToShareWith");
}
