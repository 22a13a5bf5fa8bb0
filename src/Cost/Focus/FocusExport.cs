using Fleet.Cost.Allocations;
using Fleet.Cost.Assets;

namespace Fleet.Cost.Focus;

/// <summary>
/// Makes FOCUS rows of raw allocations: one for each allocation and kind of cost, for the window of the set. List cost is before discounts, contracted cost after them, billed and
/// effective cost after the bill's adjustment, too. What has no price has no row, since a cost must not be null; rows of the same allocation that have one say so. Pure.
/// </summary>
public static class FocusExport
{
    private static readonly string[] Own = ["x_Cluster", "x_Namespace", "x_WorkloadKind", "x_Workload", "x_IsIdle", "x_MissingPrices"];

    /// <summary>FOCUS' own that are ever filled, then ours.</summary>
    public static IReadOnlyList<string> Columns(FocusVersion version) =>
    [
        .. (version == FocusVersion.V12 ? FocusColumns.All : [.. FocusColumns.All, .. FocusColumns.SplitCost]).Select(column => column.Name).Where(FocusLine.Knows), .. Own,
    ];

    /// <param name="set">Allocations of an hour or a day, with idle.</param>
    /// <param name="unpriced">Allocations that lack a price.</param>
    public static FocusTable Of(AllocationSet set, FocusExportSettings settings, out int unpriced, AssetSet? assets = null)
    {
        unpriced = Unpriced(set);
        return new(Columns(settings.Version), [.. Rows(set, assets, settings)]);
    }

    /// <summary>How many allocations lack a price.</summary>
    public static int Unpriced(AllocationSet set) => set.Allocations.Values.Count(allocation => allocation.MissingPrice != MissingPrice.None);

    /// <summary>Rows one after the other, in the same order each time.</summary>
    /// <param name="set">Allocations of an hour or a day, with idle by node.</param>
    /// <param name="assets">What they are parts of: gives the provider's ids and regions, and what is paid for clusters as a whole. Null: only what allocations cost.</param>
    public static IEnumerable<string?[]> Rows(AllocationSet set, AssetSet? assets, FocusExportSettings settings)
    {
        var writers = Columns(settings.Version).Select(FocusLine.Writer).ToArray();
        var resources = new FocusResources(assets);
        var charges = set.Allocations.Values.OrderBy(allocation => allocation.Name, StringComparer.Ordinal).SelectMany(allocation => FocusCharge.Of(allocation, resources))
            .Concat(assets is null ? [] : FocusCharge.Overhead(assets, resources)).ToList();
        var totals = charges.GroupBy(charge => charge.Origin).ToDictionary(group => group.Key, group => group.Sum(charge => charge.BilledCost));
        foreach (var charge in charges)
        {
            var line = new FocusLine(charge, settings, set.Window, set.Currency, totals[charge.Origin]);
            yield return Array.ConvertAll(writers, write => write(line));
        }
    }
}
