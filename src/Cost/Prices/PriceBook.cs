using Fleet.Contracts.Prices;
using Fleet.Contracts.References;
using Fleet.Cost.Assets;

namespace Fleet.Cost.Prices;

/// <summary>
/// The prices of one cluster over time. The most specific price that fits is taken: a sheet for some clusters before one for all, then node pool, instance type, labels, region,
/// spot; then the sheet's precedence, then its name. Each part of a machine is looked up by itself, but in one currency: that of the first price that is found. Pure.
/// </summary>
public sealed class PriceBook
{
    private readonly IReadOnlyList<SheetPeriod> periods;

    /// <param name="sheets">Those whose selector finds the cluster.</param>
    public PriceBook(IEnumerable<NamedPriceSheet> sheets) => periods =
    [
        .. sheets.SelectMany(SheetPeriod.Of)
            .OrderByDescending(period => period.IsForSomeClusters)
            .ThenByDescending(period => period.Precedence)
            .ThenBy(period => period.Sheet, StringComparer.Ordinal),
    ];

    /// <summary>When a price may change: a window is priced in pieces between these.</summary>
    public IReadOnlyList<DateTimeOffset> Changes => [.. periods.Select(period => period.From).Distinct().Order()];

    /// <summary>Of the sheet that wins where nothing else decides; null when there is none.</summary>
    public string? CurrencyAt(DateTimeOffset at) => InForce(at).FirstOrDefault()?.Currency;

    public NodePrices OfNode(PricedNode node, DateTimeOffset at)
    {
        var rows = InForce(at)
            .SelectMany(period => (period.Prices.Nodes ?? []).Where(row => NodePriceMatch.Fits(row, node)).Select(row => (Period: period, Row: row)))
            .OrderByDescending(found => found.Period.IsForSomeClusters)
            .ThenByDescending(found => NodePriceMatch.SpecificityOf(found.Row))
            .ToList();
        var gpu = GpuOf(node, at);
        var found = NodePrices.None with { GpuHour = gpu };
        var currency = rows.Count > 0 ? rows[0].Period.Currency : gpu?.Currency;
        if (gpu is not null && gpu.Currency != currency)
            found = found with { GpuHour = null };
        foreach (var (period, row) in rows.Where(row => row.Period.Currency == currency))
        {
            var rates = RatesOf(row, node, found.GpuHour);
            if (found.CpuCoreHour is null && rates.Cpu is not null)
                found = found with { Discount = (double)(row.Discount?.Percent ?? 0) / 100, IsCommitted = row.Discount?.Kind == "Committed" };
            found = found with
            {
                CpuCoreHour = found.CpuCoreHour ?? Found(rates.Cpu, period),
                RamGiBHour = found.RamGiBHour ?? Found(rates.Ram, period),
                GpuHour = found.GpuHour ?? Found(rates.Gpu, period),
            };
            if (found is { CpuCoreHour: not null, RamGiBHour: not null } && (node.Gpus <= 0 || found.GpuHour is not null))
                break;
        }
        return found;
    }

    /// <summary>For a GiB and hour.</summary>
    public Price? OfStorage(string storageClass, DateTimeOffset at) => InForce(at)
        .SelectMany(period => (period.Prices.Storage ?? []).Where(row => row.StorageClasses is null || row.StorageClasses.Contains(storageClass)).Select(row => (Period: period, Row: row)))
        .OrderByDescending(found => found.Period.IsForSomeClusters)
        .ThenByDescending(found => found.Row.StorageClasses is not null)
        .Select(found => Found(found.Row.GibHour is { } hour ? (double)hour : (double?)found.Row.GibMonth / CostUnits.HoursPerMonth, found.Period))
        .FirstOrDefault(price => price is not null);

    /// <summary>For a rule and hour.</summary>
    public Price? OfLoadBalancerHour(DateTimeOffset at) => First(at, prices => prices.LoadBalancers?.Hour);

    /// <summary>For a GiB that comes in, of the sheet that prices load balancers; free where it says nothing.</summary>
    public Price? OfLoadBalancerIngress(DateTimeOffset at) => First(at, prices => prices.LoadBalancers is { } balancer ? balancer.IngressGib ?? 0 : null);

    public Price? OfCrossZoneEgress(DateTimeOffset at) => First(at, prices => prices.Network?.CrossZoneGib);

    public Price? OfCrossRegionEgress(DateTimeOffset at) => First(at, prices => prices.Network?.CrossRegionGib);

    public Price? OfInternetEgress(DateTimeOffset at) => First(at, prices => prices.Network?.InternetGib);

    /// <summary>For a GiB that goes nobody knows where.</summary>
    public Price? OfEgress(DateTimeOffset at) => First(at, prices => prices.Network?.EgressGib);

    /// <summary>For the cluster and hour.</summary>
    public Price? OfClusterManagement(DateTimeOffset at) => First(at, prices => prices.ClusterManagement?.Hour);

    private IEnumerable<SheetPeriod> InForce(DateTimeOffset at) => periods.Where(period => period.From <= at && at < period.Until);

    private Price? First(DateTimeOffset at, Func<PricePeriod, decimal?> price) =>
        InForce(at).Select(period => Found((double?)price(period.Prices), period)).FirstOrDefault(found => found is not null);

    private Price? GpuOf(PricedNode node, DateTimeOffset at) => node.GpuModel.Length == 0 ? null : InForce(at)
        .SelectMany(period => (period.Prices.Gpus ?? []).Where(row => row.Models.Contains(node.GpuModel) && (row.Spot ?? node.IsSpot) == node.IsSpot).Select(row => (Period: period, Row: row)))
        .OrderByDescending(found => found.Period.IsForSomeClusters)
        .ThenByDescending(found => found.Row.Spot is not null)
        .Select(found => Found((double)found.Row.Hour, found.Period))
        .FirstOrDefault();

    private static Price? Found(double? amount, SheetPeriod period) => amount is { } value ? new(value, period.Currency, period.Sheet, period.From) : null;

    /// <summary>A price of the whole machine is divided in the proportions of the row's own prices, else of OpenCost's; a GPU with a price of its own is taken off first.</summary>
    private static (double? Cpu, double? Ram, double? Gpu) RatesOf(NodePrice row, PricedNode node, Price? gpu)
    {
        var whole = row.OnPremises is { } own ? OnPremisesHour.Of(own) : (double?)row.Hour;
        if (whole is not { } hour)
            return ((double?)row.CpuCoreHour, (double?)row.RamGibHour, (double?)row.GpuHour);
        var usual = node.IsSpot ? NodeRates.DefaultSpot : NodeRates.Default;
        var proportions = new NodeRates((double?)row.CpuCoreHour ?? usual.CpuCoreHour, (double?)row.RamGibHour ?? usual.RamGiBHour, gpu is not null ? 0 : (double?)row.GpuHour ?? usual.GpuHour);
        var rest = Math.Max(0, hour - (gpu?.Amount ?? 0) * node.Gpus);
        var rates = proportions.DividedFrom(rest, node.CpuCores, node.RamBytes / CostUnits.BytesPerGiB, node.Gpus);
        return (rates.CpuCoreHour, rates.RamGiBHour, gpu is not null ? null : rates.GpuHour);
    }

    private sealed record SheetPeriod(string Sheet, string Currency, bool IsForSomeClusters, int Precedence, DateTimeOffset From, DateTimeOffset Until, PricePeriod Prices)
    {
        public static IEnumerable<SheetPeriod> Of(NamedPriceSheet sheet)
        {
            var ordered = sheet.Spec.Periods.OrderBy(period => period.ValidFrom).ToList();
            return ordered.Select((period, index) => new SheetPeriod(
                sheet.Name, sheet.Spec.Currency, HasRequirement(sheet.Spec.ClusterSelector), sheet.Spec.Precedence ?? 0,
                period.ValidFrom, index + 1 < ordered.Count ? ordered[index + 1].ValidFrom : DateTimeOffset.MaxValue, period));
        }

        private static bool HasRequirement(LabelSelector? selector) => selector is { MatchLabels.Count: > 0 } or { MatchExpressions.Count: > 0 };
    }
}
