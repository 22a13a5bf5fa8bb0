using System.Runtime.InteropServices;
using Fleet.Cost.Allocations;

namespace Fleet.Cost.Focus.Bills;

/// <summary>What a bill says that each resource cost on each day, added up row by row: only the sums are in memory.</summary>
public sealed class BillTotals(QueryWindow window, string? currency = null)
{
    /// <summary>A resource, a service and a day each. A bill with more is refused, since sums of a part would look like the whole.</summary>
    public const int MostSums = 500_000;

    private readonly Dictionary<BillKey, double> sums = [];
    private string? currency = currency;

    public QueryWindow Window => window;

    /// <summary>Of the bill; null while no row of the window was seen.</summary>
    public string? Currency => currency;

    public long Rows { get; private set; }

    /// <summary>Rows of other times, or in other currencies than the one that was asked for.</summary>
    public long Outside { get; private set; }

    internal IReadOnlyDictionary<BillKey, double> Sums => sums;

    /// <summary>All of a bill.</summary>
    /// <exception cref="CostQueryException">A row has no cost or no times, it is in two currencies, or it is too large.</exception>
    public static BillTotals Of(FocusReading bill, QueryWindow window, string? currency = null)
    {
        var totals = new BillTotals(window, currency);
        var isStated = currency is not null;
        foreach (var row in bill.Rows)
            totals.Add(row, isStated);
        return totals;
    }

    private void Add(FocusRow row, bool isCurrencyStated)
    {
        Rows++;
        var cost = row.Number("EffectiveCost") ?? throw Missing("EffectiveCost");
        var start = row.Time("ChargePeriodStart") ?? throw Missing("ChargePeriodStart");
        var end = row.Time("ChargePeriodEnd") ?? throw Missing("ChargePeriodEnd");
        var of = row["BillingCurrency"] ?? throw Missing("BillingCurrency");
        // A charge of a moment is one of its day.
        if (end <= start)
            end = start.AddTicks(1);
        if (new QueryWindow(start, end).Intersect(window) is not { } inside || (isCurrencyStated && of != currency))
        {
            Outside++;
            return;
        }
        currency ??= of;
        if (of != currency)
            throw new CostQueryException($"the bill is in {currency} and {of}, which are not added up: name one by currency=");
        var whole = (end - start).TotalHours;
        for (var day = new DateTimeOffset(inside.Start.UtcDateTime.Date, TimeSpan.Zero); day < inside.End; day = day.AddDays(1))
            if (new QueryWindow(day, day.AddDays(1)).Intersect(inside) is { } part)
                Add(new(row["ResourceId"] ?? "", row["ServiceName"] ?? "", DateOnly.FromDateTime(day.UtcDateTime)), (double)cost * part.Duration.TotalHours / whole);
    }

    private void Add(BillKey key, double cost)
    {
        ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(sums, key, out var isKnown);
        if (!isKnown && sums.Count > MostSums)
            throw new CostQueryException($"the bill has more than {MostSums} resources × days: reconcile a shorter time");
        sum += cost;
    }

    private CostQueryException Missing(string column) => new($"row {Rows} has no {column} that can be read");
}

/// <param name="ResourceId">Empty for charges of no resource.</param>
internal readonly record struct BillKey(string ResourceId, string Service, DateOnly Day);
