namespace Fleet.Cost.Focus;

/// <summary>
/// What FOCUS 1.2 demands of a row: of each column, and of columns together. Rules that need more than the file (invoices, price lists, what a provider supports) are not here.
/// </summary>
internal static class FocusRules
{
    // A millionth part, or of the currency where costs are tiny: costs are rounded somewhere.
    public const decimal Rounding = 0.000001m;

    private const string Category = "ChargeCategory";
    private const string Class = "ChargeClass";

    private static readonly Dictionary<string, bool> NumericDetails = new(StringComparer.Ordinal)
    {
        ["CoreCount"] = true, ["DiskMaxIops"] = true, ["DiskSpace"] = true, ["DiskType"] = false, ["GpuCount"] = true, ["InstanceType"] = false, ["InstanceSeries"] = false, ["MemorySize"] = true,
        ["NetworkMaxIops"] = true, ["NetworkMaxThroughput"] = true, ["OperatingSystem"] = false, ["Redundancy"] = false, ["StorageClass"] = false,
    };

    public static IReadOnlyList<FocusColumn> Columns { get; } = [.. FocusColumns.All, .. FocusColumns.SplitCost];

    /// <summary>By column.</summary>
    public static IReadOnlyList<IReadOnlyList<FocusRule>> OfColumns { get; } = [.. Columns.Select(column => FocusColumnRules.Of(column).ToList())];

    public static IReadOnlyList<FocusRule> BetweenColumns { get; } =
    [
        .. Periods(), .. Prices(), .. Products(), .. Quantities(), .. Names(), .. Commitments(), .. Services(),
    ];

    /// <summary>Of the file as a whole, and of rows together.</summary>
    public static IReadOnlyList<string> OfFiles { get; } =
    [
        .. Columns.Where(column => column.IsMandatory).Select(column => $"{column.Name}.Present"),
        "Columns.Once", "Columns.Name", "Columns.Own", "Columns.Order", "SkuPriceId.OneSku", "ServiceName.OneCategory", "CommitmentDiscountUnit.Consistent", "AllocatedMethodDetails.Sum",
    ];

    private static IEnumerable<FocusRule> Periods() => ((string[])["BillingPeriod", "ChargePeriod"]).Select(period => new FocusRule(
        $"{period}End.AfterStart", [$"{period}End", $"{period}Start"],
        row => row.Time($"{period}Start") >= row.Time($"{period}End") ? "must be after the start: it is not part of the period" : null));

    /// <summary>What belongs to a price is there for what is used and bought, and not for taxes.</summary>
    private static IEnumerable<FocusRule> Prices()
    {
        foreach (var column in (string[])
            ["PricingQuantity", "ListUnitPrice", "ContractedUnitPrice", "PricingCategory", "SkuId", "SkuPriceId", "PricingCurrencyListUnitPrice", "PricingCurrencyContractedUnitPrice"])
        {
            yield return new($"{column}.NullForTax", [column, Category], row => row[Category] == "Tax" && row[column] is not null ? "must be null for Tax" : null);
            yield return new(
                $"{column}.NotNullForUsage", [column, Category],
                row => row[Category] is "Usage" or "Purchase" && !IsCorrection(row) && row[column] is null ? $"must not be null for {row[Category]}" : null);
        }
        yield return new(
            "ChargeFrequency.NotUsageBasedForPurchase", ["ChargeFrequency", Category],
            row => row[Category] == "Purchase" && row["ChargeFrequency"] == "Usage-Based" ? "must not be Usage-Based for Purchase" : null);
    }

    private static IEnumerable<FocusRule> Products()
    {
        foreach (var (cost, price) in ((string, string)[])[("ListCost", "ListUnitPrice"), ("ContractedCost", "ContractedUnitPrice")])
            yield return new(
                $"{cost}.IsProduct", [cost, price, "PricingQuantity"],
                row => !IsCorrection(row) && row.Number(cost) is { } total && row.Number(price) is { } unit && row.Number("PricingQuantity") is { } quantity && !IsProduct(total, unit, quantity)
                    ? $"is not {price} × PricingQuantity"
                    : null);
    }

    private static IEnumerable<FocusRule> Quantities()
    {
        const string consumed = "ConsumedQuantity";
        yield return new(
            $"{consumed}.NullUnlessUsed", [consumed, Category],
            row => row[consumed] is not null && (row[Category] != "Usage" || row["CommitmentDiscountStatus"] == "Unused")
                ? row[Category] == "Usage" ? "must be null for what is unused" : $"must be null for {row[Category]}"
                : null);
        yield return new(
            $"{consumed}.NotNullForUsage", [consumed, Category],
            row => row[Category] == "Usage" && row["CommitmentDiscountStatus"] != "Unused" && !IsCorrection(row) && row[consumed] is null ? "must not be null for Usage" : null);
        yield return Together("ConsumedUnit", consumed);
        yield return Together("PricingUnit", "PricingQuantity");
        yield return Together("CommitmentDiscountUnit", "CommitmentDiscountQuantity");
    }

    private static IEnumerable<FocusRule> Names() =>
    [
        Together("BillingAccountType", "BillingAccountId"), Together("RegionName", "RegionId"), Together("ResourceType", "ResourceId"), Together("SubAccountName", "SubAccountId"),
        Together("SubAccountType", "SubAccountId"), Together("CommitmentDiscountCategory", "CommitmentDiscountId"), Together("CommitmentDiscountType", "CommitmentDiscountId"),
        OnlyWith("ResourceName", "ResourceId"), OnlyWith("SkuMeter", "SkuId"), OnlyWith("SkuPriceDetails", "SkuPriceId"), OnlyWith("CommitmentDiscountName", "CommitmentDiscountId"),
        OnlyWith("CommitmentDiscountStatus", "CommitmentDiscountId"), OnlyWith("CapacityReservationStatus", "CapacityReservationId"),
        OnlyWith("AllocatedResourceName", "AllocatedResourceId"), OnlyWith("AllocatedMethodDetails", "AllocatedMethodId"),
    ];

    private static IEnumerable<FocusRule> Commitments()
    {
        foreach (var kind in (string[])["CommitmentDiscount", "CapacityReservation"])
            yield return new(
                $"{kind}Status.NotNullForUsage", [$"{kind}Status", $"{kind}Id", Category],
                row => row[Category] == "Usage" && row[$"{kind}Id"] is not null && row[$"{kind}Status"] is null ? $"must not be null for Usage with a {kind}Id" : null);
        const string quantity = "CommitmentDiscountQuantity";
        yield return new(
            $"{quantity}.NotNullWithDiscount", [quantity, "CommitmentDiscountId", Category],
            row => IsOfDiscount(row) && !IsCorrection(row) && row[quantity] is null ? $"must not be null for {row[Category]} with a CommitmentDiscountId" : null);
        yield return new(
            $"{quantity}.NullWithoutDiscount", [quantity, "CommitmentDiscountId", Category],
            row => !IsOfDiscount(row) && row[quantity] is not null ? "must be null but for Usage and Purchase with a CommitmentDiscountId" : null);
    }

    private static IEnumerable<FocusRule> Services()
    {
        yield return new("ServiceSubcategory.Parent", ["ServiceSubcategory", "ServiceCategory"], row =>
            row["ServiceSubcategory"] is { } subcategory && FocusServices.ParentOf(subcategory) is { } parent && parent != row["ServiceCategory"]
                ? $"{CostQueryException.Quote(subcategory)} belongs to {parent}"
                : null);
        yield return new("SkuPriceDetails.Keys", ["SkuPriceDetails"], row => row["SkuPriceDetails"] is { } details ? FocusFormats.DetailsProblem(details, NumericDetails) : null);
    }

    private static FocusRule Together(string column, string with) => new(
        $"{column}.Null", [column, with],
        row => (row[column], row[with]) switch
        {
            (not null, null) => $"must be null without {with}",
            (null, not null) => $"must not be null with {with}",
            _ => null,
        });

    private static FocusRule OnlyWith(string column, string with) =>
        new($"{column}.Null", [column, with], row => row[column] is not null && row[with] is null ? $"must be null without {with}" : null);

    private static bool IsCorrection(FocusRow row) => row[Class] == "Correction";

    private static bool IsOfDiscount(FocusRow row) => row[Category] is "Usage" or "Purchase" && row["CommitmentDiscountId"] is not null;

    private static bool IsProduct(decimal total, decimal unit, decimal quantity)
    {
        try
        {
            return Math.Abs(total - unit * quantity) <= Rounding * Math.Max(1, Math.Abs(total));
        }
        catch (OverflowException)
        {
            return false;
        }
    }
}
