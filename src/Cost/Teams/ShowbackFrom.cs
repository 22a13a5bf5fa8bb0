using Fleet.Cost.Allocations;
using Fleet.Cost.Days;
using Fleet.Cost.Sharing;

namespace Fleet.Cost.Teams;

/// <summary>Divides the costs of a period among their owners. Pure.</summary>
public static class ShowbackFrom
{
    /// <summary>What is left of rounding.</summary>
    private const double Nothing = 1e-6;

    /// <param name="now">The period's costs.</param>
    /// <param name="before">Those of the period before; null when nothing is known of it.</param>
    /// <param name="split">How what is shared is divided: by direct cost, or evenly.</param>
    public static Showback Of(OwnerCosts now, OwnerCosts? before, ShareSplit split)
    {
        var totals = before is null ? null : Divide(before, split).ToDictionary(owner => owner.Owner, owner => owner.Direct + owner.Shared + owner.Idle);
        var owners = Divide(now, split);
        var total = owners.Sum(owner => owner.Direct + owner.Shared + owner.Idle);
        // Who is gone was somebody: the change must not hide.
        var gone = totals?.Keys.Except(owners.Select(owner => owner.Owner)).Select(owner => (Owner: owner, Direct: 0.0, Shared: 0.0, Idle: 0.0)) ?? [];
        var items = owners.Concat(gone)
            .Select(owner => (owner.Owner, owner.Direct, owner.Shared, owner.Idle, Total: owner.Direct + owner.Shared + owner.Idle))
            .Select(owner => new ShowbackItem(owner.Owner, owner.Direct, owner.Shared, owner.Idle, owner.Total, totals?.GetValueOrDefault(owner.Owner), total > 0 ? owner.Total / total : 0))
            .OrderBy(item => item.Owner == AllocationKeys.Unallocated).ThenByDescending(item => item.Total).ThenBy(item => item.Owner, StringComparer.Ordinal).ToList();
        return new(items, items.Find(item => item.Owner == AllocationKeys.Unallocated)?.Total ?? 0, total);
    }

    private static List<(string Owner, double Direct, double Shared, double Idle)> Divide(OwnerCosts costs, ShareSplit split)
    {
        var owners = costs.Owners.GroupBy(cost => cost.Name, (name, rows) => DayCost.Sum(rows) with { Name = name }).ToList();
        var direct = owners.Sum(owner => owner.Direct);
        // What is paid for beyond what owners have by themselves, and what is to be divided besides.
        var shared = Math.Max(0, costs.Paid - owners.Sum(owner => owner.Total)) + costs.Fixed;
        if (shared > Nothing && (owners.Count == 0 || split == ShareSplit.Weighted && direct <= 0))
            return [.. owners.Select(owner => (owner.Name, owner.Direct, owner.Overhead, owner.Idle)), (AllocationKeys.Shared, 0, shared, 0)];
        return [.. owners.Select(owner => (owner.Name, owner.Direct, owner.Overhead + shared * (split == ShareSplit.Even ? 1.0 / owners.Count : direct > 0 ? owner.Direct / direct : 0), owner.Idle))];
    }
}

/// <summary>Costs of a period.</summary>
/// <param name="Owners">By owner.</param>
/// <param name="Paid">All that is paid for the clusters.</param>
/// <param name="Fixed">What is to be divided besides: fees that no cluster has.</param>
public sealed record OwnerCosts(IReadOnlyList<DayCost> Owners, double Paid, double Fixed);
