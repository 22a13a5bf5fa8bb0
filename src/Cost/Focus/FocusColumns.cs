namespace Fleet.Cost.Focus;

/// <summary>The columns of FOCUS 1.2 that a Kubernetes bill has, and the split-cost columns of 1.3.</summary>
public static class FocusColumns
{
    private static readonly string[] ServiceCategories =
    [
        "AI and Machine Learning", "Analytics", "Business Applications", "Compute", "Databases", "Developer Tools", "Multicloud", "Identity", "Integration", "Internet of Things",
        "Management and Governance", "Media", "Migration", "Mobile", "Networking", "Security", "Storage", "Web", "Other",
    ];

    public static IReadOnlyList<FocusColumn> All { get; } =
    [
        Mandatory("BilledCost", FocusType.Decimal),
        Mandatory("BillingAccountId", FocusType.Text),
        MandatoryOrNull("BillingAccountName", FocusType.Text),
        Mandatory("BillingCurrency", FocusType.Currency),
        Mandatory("BillingPeriodEnd", FocusType.Time),
        Mandatory("BillingPeriodStart", FocusType.Time),
        Mandatory("ChargeCategory", FocusType.Text, "Usage", "Purchase", "Tax", "Credit", "Adjustment"),
        MandatoryOrNull("ChargeClass", FocusType.Text, "Correction"),
        MandatoryOrNull("ChargeDescription", FocusType.Text),
        Optional("ChargeFrequency", FocusType.Text, "One-Time", "Recurring", "Usage-Based"),
        Mandatory("ChargePeriodEnd", FocusType.Time),
        Mandatory("ChargePeriodStart", FocusType.Time),
        Optional("ConsumedQuantity", FocusType.Decimal),
        Optional("ConsumedUnit", FocusType.Text),
        Mandatory("ContractedCost", FocusType.Decimal),
        Optional("ContractedUnitPrice", FocusType.Decimal),
        Mandatory("EffectiveCost", FocusType.Decimal),
        Mandatory("InvoiceIssuerName", FocusType.Text),
        Mandatory("ListCost", FocusType.Decimal),
        Optional("ListUnitPrice", FocusType.Decimal),
        Optional("PricingCategory", FocusType.Text, "Standard", "Dynamic", "Committed", "Other"),
        MandatoryOrNull("PricingQuantity", FocusType.Decimal),
        MandatoryOrNull("PricingUnit", FocusType.Text),
        Mandatory("ProviderName", FocusType.Text),
        Mandatory("PublisherName", FocusType.Text),
        Optional("RegionId", FocusType.Text),
        Optional("RegionName", FocusType.Text),
        Optional("ResourceId", FocusType.Text),
        Optional("ResourceName", FocusType.Text),
        Optional("ResourceType", FocusType.Text),
        Mandatory("ServiceCategory", FocusType.Text, ServiceCategories),
        Mandatory("ServiceName", FocusType.Text),
        Optional("ServiceSubcategory", FocusType.Text),
        Optional("SkuId", FocusType.Text),
        Optional("SkuPriceId", FocusType.Text),
        Optional("SubAccountId", FocusType.Text),
        Optional("SubAccountName", FocusType.Text),
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

    private static FocusColumn Mandatory(string name, FocusType type, params string[] allowed) => new(name, type, true, false) { Allowed = allowed };

    private static FocusColumn MandatoryOrNull(string name, FocusType type, params string[] allowed) => new(name, type, true, true) { Allowed = allowed };

    private static FocusColumn Optional(string name, FocusType type, params string[] allowed) => new(name, type, false, true) { Allowed = allowed };
}
