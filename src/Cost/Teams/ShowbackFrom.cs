using Fleet.Cost.Allocations;

namespace Fleet.Cost.Teams;

/// <summary>A report of what was divided. Pure.</summary>
public static class ShowbackFrom
{
    /// <param name="now">The period's shares.</param>
    /// <param name="before">Those of the period before; null when there are none.</param>
    /// <param name="prior">How much of the period before they are: a part of it is not compared with.</param>
    public static Showback Of(IEnumerable<OwnerShare> now, IEnumerable<OwnerShare>? before, PriorPeriod? prior = null)
    {
        var items = Rounded(now);
        var totals = before is null || prior?.Reason is not null ? null : Rounded(before).ToDictionary(item => item.Owner, item => item.Total);
        var total = items.Sum(item => item.Total);
        // Who is gone was somebody: the change must not hide.
        var gone = totals?.Keys.Except(items.Select(item => item.Owner)).Select(owner => new ShowbackItem(owner, 0, 0, new Dictionary<string, decimal>(), null, 0)) ?? [];
        return new(
        [
            .. items.Concat(gone).Select(item => item with { Before = totals?.GetValueOrDefault(item.Owner), Share = total > 0 ? (double)(item.Total / total) : 0 })
                .OrderBy(item => item.Owner switch { AllocationKeys.Unallocated => 2, AllocationKeys.Shared => 1, _ => 0 })
                .ThenByDescending(item => item.Total).ThenBy(item => item.Owner, StringComparer.Ordinal),
        ],
            before is null && prior is { Reason: null } ? prior with { KnownFrom = null } : prior);
    }

    /// <summary>All parts of all owners are rounded together, so that the rows and the columns of the report add up.</summary>
    private static List<ShowbackItem> Rounded(IEnumerable<OwnerShare> shares)
    {
        var owners = shares.GroupBy(share => share.Owner).OrderBy(owner => owner.Key, StringComparer.Ordinal).ToList();
        var parts = owners.SelectMany(owner => Parts(owner.ToList()).Select(part => (owner.Key, part.Name, part.Amount))).ToList();
        var items = new List<ShowbackItem>();
        foreach (var owner in parts.Zip(Cents.Of([.. parts.Select(part => part.Amount)]), (part, cents) => (Owner: part.Key, part.Name, Cents: cents)).GroupBy(part => part.Owner))
        {
            var amounts = owner.ToDictionary(part => part.Name, part => part.Cents);
            amounts.Remove(DirectPart, out var direct);
            amounts.Remove(IdlePart, out var idle);
            items.Add(new(owner.Key, direct, idle, amounts, null, 0));
        }
        return items;
    }

    private const string DirectPart = "/direct";
    private const string IdlePart = "/idle";

    private static IEnumerable<(string Name, double Amount)> Parts(IReadOnlyList<OwnerShare> shares)
    {
        yield return (DirectPart, shares.Sum(share => share.Direct));
        yield return (IdlePart, shares.Sum(share => share.Idle));
        foreach (var pool in shares.SelectMany(share => share.Shared).GroupBy(part => part.Key).OrderBy(pool => pool.Key, StringComparer.Ordinal))
            yield return (pool.Key, pool.Sum(part => part.Value));
    }
}
