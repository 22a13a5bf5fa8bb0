using System.Text.Json;
using Fleet.Cost.Allocations;

namespace Fleet.Cost.Focus;

/// <summary>A charge with its numbers as they are written.</summary>
internal sealed class FocusLine
{
    // Prices per core and hour have about six significant digits; quantities are measured to fewer.
    private const int PriceDecimals = 15;
    private const int QuantityDecimals = 9;
    private const int CostDecimals = 12;

    /// <summary>How each column is filled. What is not here is null.</summary>
    private static readonly Dictionary<string, Func<FocusLine, string?>> Values = new(StringComparer.Ordinal)
    {
        ["AllocatedMethodDetails"] = line => FocusSplit.Details(line.ratio, line.charge.Unit, line.quantity),
        ["AllocatedMethodId"] = _ => FocusSplit.MethodId,
        ["AllocatedResourceId"] = line => line.charge.IsNobodys ? null : line.charge.Allocation.Name,
        ["AllocatedResourceName"] = line => line.charge.IsNobodys ? null : NullIfEmpty(line.Workload),
        ["AllocatedTags"] = line => line.charge.IsNobodys ? null : line.Tags,
        ["AvailabilityZone"] = line => line.charge.Resource.Zone,
        ["BilledCost"] = line => FocusFormats.Of(line.billed),
        ["BillingAccountId"] = line => line.settings.BillingAccountId,
        ["BillingAccountName"] = line => line.settings.BillingAccountName,
        ["BillingCurrency"] = line => line.currency,
        ["BillingPeriodEnd"] = line => FocusFormats.Of(line.Month.AddMonths(1)),
        ["BillingPeriodStart"] = line => FocusFormats.Of(line.Month),
        ["ChargeCategory"] = _ => "Usage",
        // Nothing is ever a correction of a month that was billed.
        ["ChargeClass"] = _ => null,
        ["ChargeDescription"] = line => $"{line.charge.Name} of {line.charge.Allocation.Name}",
        ["ChargeFrequency"] = _ => "Usage-Based",
        ["ChargePeriodEnd"] = line => FocusFormats.Of(line.window.End),
        ["ChargePeriodStart"] = line => FocusFormats.Of(line.window.Start),
        ["ConsumedQuantity"] = line => FocusFormats.Of(line.quantity),
        ["ConsumedUnit"] = line => line.charge.Unit,
        ["ContractedCost"] = line => FocusFormats.Of(Math.Round(line.contractedPrice * line.quantity, CostDecimals)),
        ["ContractedUnitPrice"] = line => FocusFormats.Of(line.contractedPrice),
        ["EffectiveCost"] = line => FocusFormats.Of(line.billed),
        ["InvoiceIssuerName"] = line => line.settings.InvoiceIssuerName,
        ["ListCost"] = line => FocusFormats.Of(Math.Round(line.listPrice * line.quantity, CostDecimals)),
        ["ListUnitPrice"] = line => FocusFormats.Of(line.listPrice),
        ["PricingCategory"] = line => line.charge.Resource.IsSpot ? "Dynamic" : "Standard",
        ["PricingQuantity"] = line => FocusFormats.Of(line.quantity),
        ["PricingUnit"] = line => line.charge.Unit,
        ["ProviderName"] = line => line.settings.ProviderName,
        ["PublisherName"] = line => line.settings.PublisherName,
        ["RegionId"] = line => line.charge.Resource.Region,
        ["RegionName"] = line => line.charge.Resource.Region,
        ["ResourceId"] = line => line.charge.Resource.Id,
        ["ResourceName"] = line => line.charge.Resource.Name,
        ["ResourceType"] = line => line.charge.Resource.Type,
        ["ServiceCategory"] = line => Service(line.charge.Name).Category,
        ["ServiceName"] = line => $"Kubernetes {Service(line.charge.Name).Category}",
        ["ServiceSubcategory"] = line => Service(line.charge.Name).Subcategory,
        ["SkuId"] = line => line.charge.Name,
        ["SkuMeter"] = line => Service(line.charge.Name).Meter,
        ["SkuPriceId"] = line => line.charge.Name,
        ["SubAccountId"] = line => NullIfEmpty(line.Properties.Cluster),
        ["SubAccountName"] = line => NullIfEmpty(line.Properties.Cluster),
        ["Tags"] = line => line.Tags,
        ["x_Cluster"] = line => NullIfEmpty(line.Properties.Cluster),
        ["x_Namespace"] = line => NullIfEmpty(line.Properties.Namespace),
        ["x_WorkloadKind"] = line => NullIfEmpty(line.Properties.ControllerKind),
        ["x_Workload"] = line => NullIfEmpty(line.Workload),
        ["x_IsIdle"] = line => line.charge.Allocation.Kind is AllocationKind.Idle or AllocationKind.Unmounted ? "true" : "false",
        ["x_MissingPrices"] = line => line.charge.Allocation.MissingPrice is var missing and not MissingPrice.None ? missing.ToString() : null,
    };

    private readonly FocusCharge charge;
    private readonly FocusExportSettings settings;
    private readonly QueryWindow window;
    private readonly string currency;
    private readonly decimal quantity;
    private readonly decimal listPrice;
    private readonly decimal contractedPrice;
    private readonly decimal billed;
    private readonly decimal ratio;

    /// <param name="total">Of the charge that it is a part of.</param>
    public FocusLine(FocusCharge charge, FocusExportSettings settings, QueryWindow window, string currency, double total)
    {
        (this.charge, this.settings, this.window, this.currency) = (charge, settings, window, currency);
        quantity = Rounded(charge.Quantity, QuantityDecimals);
        // Prices and costs must agree after rounding, so costs are made of prices.
        listPrice = quantity == 0 ? 0 : Rounded(charge.ListCost / (double)quantity, PriceDecimals);
        contractedPrice = quantity == 0 ? 0 : Rounded(charge.Cost / (double)quantity, PriceDecimals);
        billed = Rounded(charge.BilledCost, CostDecimals);
        ratio = total != 0 ? Rounded(charge.BilledCost / total, CostDecimals) : 0;
    }

    private AllocationProperties Properties => charge.Allocation.Properties;

    private string Workload => Properties.Controller.Length > 0 ? Properties.Controller : Properties.Pod;

    private DateTimeOffset Month => new(window.Start.UtcDateTime.Year, window.Start.UtcDateTime.Month, 1, 0, 0, 0, TimeSpan.Zero);

    private string? Tags => field ??= Properties.Labels.Count == 0
        ? null
        : JsonSerializer.Serialize(new SortedDictionary<string, string>(Properties.Labels.ToDictionary(), StringComparer.Ordinal), FocusJson.Default.SortedDictionaryStringString);

    /// <summary>How a column is filled.</summary>
    public static Func<FocusLine, string?> Writer(string column) => Values.GetValueOrDefault(column) ?? (_ => null);

    /// <summary>Whether anything is ever in a column.</summary>
    public static bool Knows(string column) => Values.ContainsKey(column);

    private static (string Category, string Subcategory, string Meter) Service(string name) => name switch
    {
        "cpu" => ("Compute", "Containers", "CPU"),
        "ram" => ("Compute", "Containers", "Memory"),
        "gpu" => ("Compute", "Containers", "GPU"),
        "volume" or "machine-disk" => ("Storage", "Block Storage", "Capacity"),
        "load-balancer" => ("Networking", "Application Networking", "Load balancer"),
        "network" => ("Networking", "Network Connectivity", "Traffic"),
        _ => ("Management and Governance", "Other (Management and Governance)", "Cluster"),
    };

    private static decimal Rounded(double value, int decimals) => Math.Round((decimal)CostUnits.Finite(value), decimals);

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;
}
