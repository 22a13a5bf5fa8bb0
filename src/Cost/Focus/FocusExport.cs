using System.Text.Json;
using Fleet.Cost.Allocations;

namespace Fleet.Cost.Focus;

/// <summary>
/// Makes FOCUS rows of raw allocations: one for each allocation and kind of cost, for the window of the set. List cost is before, billed and effective cost after discount and
/// adjustment. Rows whose price is missing are left out and counted, since a cost must not be null. Pure.
/// </summary>
public static class FocusExport
{
    // Prices per core and hour have about six significant digits; quantities are measured to fewer.
    private const int PriceDecimals = 15;
    private const int QuantityDecimals = 9;
    private const int CostDecimals = 12;

    private static readonly string[] Own = ["x_Cluster", "x_Namespace", "x_WorkloadKind", "x_Workload", "x_IsIdle"];

    /// <param name="set">Allocations of an hour or a day, with idle.</param>
    /// <param name="unpriced">Allocations that lack a price.</param>
    public static FocusTable Of(AllocationSet set, FocusExportSettings settings, out int unpriced)
    {
        var known = settings.Version == FocusVersion.V12 ? FocusColumns.All : [.. FocusColumns.All, .. FocusColumns.SplitCost];
        string[] columns = [.. known.Select(column => column.Name), .. Own];
        var priced = set.Allocations.Values.Where(allocation => allocation.MissingPrice == MissingPrice.None).OrderBy(allocation => allocation.Name, StringComparer.Ordinal).ToList();
        unpriced = set.Allocations.Count - priced.Count;
        var charges = priced.SelectMany(FocusCharge.Of).ToList();
        var totals = charges.GroupBy(charge => charge.Origin).ToDictionary(group => group.Key, group => group.Sum(charge => charge.BilledCost));
        return new(columns, [.. charges.Select(charge => Row(columns, Values(charge, set, settings, totals[charge.Origin])))]);
    }

    private static string?[] Row(string[] columns, Dictionary<string, string?> values) => Array.ConvertAll(columns, values.GetValueOrDefault);

    private static Dictionary<string, string?> Values(FocusCharge charge, AllocationSet set, FocusExportSettings settings, double total)
    {
        var properties = charge.Allocation.Properties;
        var quantity = Rounded(charge.Quantity, QuantityDecimals);
        // Price and cost must agree after rounding, so the cost is made of both.
        var price = quantity == 0 ? 0 : Rounded(charge.ListCost / (double)quantity, PriceDecimals);
        var list = Math.Round(price * quantity, CostDecimals);
        var billed = Rounded(charge.BilledCost, CostDecimals);
        var start = set.Window.Start.ToUniversalTime();
        var month = new DateTimeOffset(start.Year, start.Month, 1, 0, 0, 0, TimeSpan.Zero);
        var ratio = total != 0 ? Rounded(charge.BilledCost / total, CostDecimals) : 0;
        var workload = properties.Controller.Length > 0 ? properties.Controller : properties.Pod;
        var tags = properties.Labels.Count == 0 ? null : JsonSerializer.Serialize(new SortedDictionary<string, string>(properties.Labels.ToDictionary(), StringComparer.Ordinal), FocusJson.Default.SortedDictionaryStringString);
        return new()
        {
            ["BilledCost"] = FocusFormats.Of(billed),
            ["EffectiveCost"] = FocusFormats.Of(billed),
            ["ListCost"] = FocusFormats.Of(list),
            ["ContractedCost"] = FocusFormats.Of(list),
            ["ListUnitPrice"] = FocusFormats.Of(price),
            ["ContractedUnitPrice"] = FocusFormats.Of(price),
            ["PricingQuantity"] = FocusFormats.Of(quantity),
            ["PricingUnit"] = charge.Unit,
            ["PricingCategory"] = "Standard",
            ["ConsumedQuantity"] = FocusFormats.Of(quantity),
            ["ConsumedUnit"] = charge.Unit,
            ["BillingAccountId"] = settings.BillingAccountId,
            ["BillingAccountName"] = settings.BillingAccountName,
            ["BillingCurrency"] = set.Currency,
            ["BillingPeriodStart"] = FocusFormats.Of(month),
            ["BillingPeriodEnd"] = FocusFormats.Of(month.AddMonths(1)),
            ["ChargePeriodStart"] = FocusFormats.Of(set.Window.Start),
            ["ChargePeriodEnd"] = FocusFormats.Of(set.Window.End),
            ["ChargeCategory"] = "Usage",
            ["ChargeFrequency"] = "Usage-Based",
            ["ChargeDescription"] = $"{charge.Name} of {charge.Allocation.Name}",
            ["ServiceCategory"] = charge.ServiceCategory,
            ["ServiceName"] = "Kubernetes",
            ["ServiceSubcategory"] = charge.ServiceCategory == "Compute" ? "Containers" : null,
            ["InvoiceIssuerName"] = settings.InvoiceIssuerName,
            ["ProviderName"] = settings.ProviderName,
            ["PublisherName"] = settings.PublisherName,
            ["ResourceId"] = charge.Origin.ResourceId,
            ["ResourceName"] = charge.ResourceName,
            ["ResourceType"] = charge.ResourceType,
            ["SkuId"] = charge.Name,
            ["SkuPriceId"] = charge.Name,
            ["SubAccountId"] = NullIfEmpty(properties.Cluster),
            ["SubAccountName"] = NullIfEmpty(properties.Cluster),
            ["Tags"] = tags,
            ["AllocatedMethodId"] = FocusSplit.MethodId,
            ["AllocatedMethodDetails"] = FocusSplit.Details(ratio, charge.Unit, quantity),
            ["AllocatedResourceId"] = charge.IsNobodys ? null : charge.Allocation.Name,
            ["AllocatedResourceName"] = charge.IsNobodys ? null : workload,
            ["AllocatedTags"] = charge.IsNobodys ? null : tags,
            ["x_Cluster"] = NullIfEmpty(properties.Cluster),
            ["x_Namespace"] = NullIfEmpty(properties.Namespace),
            ["x_WorkloadKind"] = NullIfEmpty(properties.ControllerKind),
            ["x_Workload"] = NullIfEmpty(workload),
            ["x_IsIdle"] = charge.IsNobodys ? "true" : "false",
        };
    }

    private static decimal Rounded(double value, int decimals) => Math.Round((decimal)CostUnits.Finite(value), decimals);

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;
}
