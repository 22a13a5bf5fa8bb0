namespace Fleet.Cost.Focus;

/// <summary>The columns of FOCUS 1.2, and the split-cost columns of 1.3.</summary>
public static class FocusColumns
{
    public static IReadOnlyList<FocusColumn> All { get; } =
    [
        Optional("AvailabilityZone", FocusType.Text),
        Mandatory("BilledCost", FocusType.Decimal),
        Mandatory("BillingAccountId", FocusType.Text),
        MandatoryOrNull("BillingAccountName", FocusType.Text),
        NeverNull("BillingAccountType", FocusType.Text),
        Mandatory("BillingCurrency", FocusType.Currency),
        Mandatory("BillingPeriodEnd", FocusType.Time),
        Mandatory("BillingPeriodStart", FocusType.Time),
        Optional("CapacityReservationId", FocusType.Text),
        Optional("CapacityReservationStatus", FocusType.Text, "Used", "Unused"),
        Mandatory("ChargeCategory", FocusType.Text, "Usage", "Purchase", "Tax", "Credit", "Adjustment"),
        MandatoryOrNull("ChargeClass", FocusType.Text, "Correction"),
        MandatoryOrNull("ChargeDescription", FocusType.Text),
        NeverNull("ChargeFrequency", FocusType.Text, "One-Time", "Recurring", "Usage-Based"),
        Mandatory("ChargePeriodEnd", FocusType.Time),
        Mandatory("ChargePeriodStart", FocusType.Time),
        Optional("CommitmentDiscountCategory", FocusType.Text, "Spend", "Usage"),
        Optional("CommitmentDiscountId", FocusType.Text),
        Optional("CommitmentDiscountName", FocusType.Text),
        Optional("CommitmentDiscountQuantity", FocusType.Decimal),
        Optional("CommitmentDiscountStatus", FocusType.Text, "Used", "Unused"),
        Optional("CommitmentDiscountType", FocusType.Text),
        Optional("CommitmentDiscountUnit", FocusType.Unit),
        Optional("ConsumedQuantity", FocusType.Decimal),
        Optional("ConsumedUnit", FocusType.Unit),
        Mandatory("ContractedCost", FocusType.Decimal),
        Price("ContractedUnitPrice"),
        Mandatory("EffectiveCost", FocusType.Decimal),
        Optional("InvoiceId", FocusType.Text),
        Mandatory("InvoiceIssuerName", FocusType.Text),
        Mandatory("ListCost", FocusType.Decimal),
        Price("ListUnitPrice"),
        Optional("PricingCategory", FocusType.Text, "Standard", "Dynamic", "Committed", "Other"),
        NeverNull("PricingCurrency", FocusType.AnyCurrency),
        Price("PricingCurrencyContractedUnitPrice"),
        NeverNull("PricingCurrencyEffectiveCost", FocusType.Decimal),
        Price("PricingCurrencyListUnitPrice"),
        MandatoryOrNull("PricingQuantity", FocusType.Decimal),
        MandatoryOrNull("PricingUnit", FocusType.Unit),
        Mandatory("ProviderName", FocusType.Text),
        Mandatory("PublisherName", FocusType.Text),
        Optional("RegionId", FocusType.Text),
        Optional("RegionName", FocusType.Text),
        Optional("ResourceId", FocusType.Text),
        Optional("ResourceName", FocusType.Text),
        Optional("ResourceType", FocusType.Text),
        Mandatory("ServiceCategory", FocusType.Text, [.. FocusServices.Categories]),
        Mandatory("ServiceName", FocusType.Text),
        NeverNull("ServiceSubcategory", FocusType.Text, [.. FocusServices.Subcategories]),
        Optional("SkuId", FocusType.Text),
        Optional("SkuMeter", FocusType.Text),
        Optional("SkuPriceDetails", FocusType.KeyValue),
        Optional("SkuPriceId", FocusType.Text),
        Optional("SubAccountId", FocusType.Text),
        Optional("SubAccountName", FocusType.Text),
        Optional("SubAccountType", FocusType.Text),
        Optional("Tags", FocusType.KeyValue),
    ];

    public static IReadOnlyList<FocusColumn> SplitCost { get; } =
    [
        Optional("AllocatedMethodDetails", FocusType.Json),
        Optional("AllocatedMethodId", FocusType.Text),
        Optional("AllocatedResourceId", FocusType.Text),
        Optional("AllocatedResourceName", FocusType.Text),
        Optional("AllocatedTags", FocusType.KeyValue),
    ];

    /// <summary>Columns that later versions brought: they are no columns of one's own.</summary>
    internal static IReadOnlyList<string> Later { get; } = ["ContractApplied", "HostProviderName", "ServiceProviderName"];

    private static FocusColumn Mandatory(string name, FocusType type, params string[] allowed) => new(name, type, true, false) { Allowed = allowed };

    private static FocusColumn MandatoryOrNull(string name, FocusType type, params string[] allowed) => new(name, type, true, true) { Allowed = allowed };

    private static FocusColumn Optional(string name, FocusType type, params string[] allowed) => new(name, type, false, true) { Allowed = allowed };

    /// <summary>Need not be there; where it is, every row has it.</summary>
    private static FocusColumn NeverNull(string name, FocusType type, params string[] allowed) => new(name, type, false, false) { Allowed = allowed };

    private static FocusColumn Price(string name) => Optional(name, FocusType.Decimal) with { IsNotNegative = true };
}
