using Fleet.Cost;
using Fleet.Cost.Allocations;
using Fleet.Cost.Assets;
using Fleet.Cost.Idle;
using Fleet.Cost.Invariant;
using Fleet.Observability.Ledger;

namespace Fleet.Observability.Costs;

/// <summary>What was asked of costs, answered from the ledger's sets. Pure.</summary>
internal static class CostReport
{
    /// <exception cref="CostQueryException">The fleet's costs are in several currencies, which are not added up.</exception>
    public static IReadOnlyList<AllocationSet> Allocations(IReadOnlyList<LedgerSet> sets, CostQuery query)
    {
        InOneCurrency(sets);
        var answered = sets.Select(set => AllocationAggregator.Aggregate(WithIdle(set, query.Query.IdleByNode), query.Query)).ToList();
        return Accumulation.Accumulate(answered, query.Accumulate, query.UtcOffset);
    }

    /// <summary>All that is paid for in the window.</summary>
    /// <exception cref="CostQueryException">It is in several currencies.</exception>
    public static AssetSet Assets(IReadOnlyList<LedgerSet> sets, CostQuery query)
    {
        InOneCurrency(sets);
        return sets.Count > 0 ? sets[0].Assets : new AssetSet(query.Window);
    }

    /// <summary>Whether each set adds up to what is paid for.</summary>
    public static IReadOnlyList<CostBalance> Balances(IReadOnlyList<LedgerSet> sets) =>
        [.. sets.Select(set => CostInvariant.Check(set.Assets, set.Allocations, IdleCalculator.Of(set.Assets, set.Allocations, byNode: false)))];

    private static void InOneCurrency(IReadOnlyList<LedgerSet> sets)
    {
        if (sets.Select(set => set.Allocations.Currency).Distinct().Order(StringComparer.Ordinal).ToList() is { Count: > 1 } currencies)
            throw new CostQueryException($"these costs are in {string.Join(" and ", currencies)}, which are not added up: name one by currency=");
    }

    private static AllocationSet WithIdle(LedgerSet set, bool byNode) => new(
        set.Allocations.Window, set.Allocations.Allocations.Values.Concat(IdleCalculator.Of(set.Assets, set.Allocations, byNode).Allocations), set.Allocations.Currency);
}
