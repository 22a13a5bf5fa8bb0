using System.Runtime.CompilerServices;
using Fleet.Cost.Allocations;
using Fleet.Cost.Focus;
using Fleet.Cost.Idle;
using Fleet.Observability.Ledger;

namespace Fleet.Observability.Focus;

/// <summary>FOCUS rows of the ledger, an hour or a day at a time: only one of them is in memory, however long the window is.</summary>
internal sealed class FocusLedger(LedgerReader ledger, TimeProvider clock)
{
    /// <param name="clusters">Names of the clusters that are looked at; null for all.</param>
    public async IAsyncEnumerable<FocusPart> ReadAsync(
        FocusQuery query, FocusExportSettings settings, IReadOnlyCollection<string>? clusters, [EnumeratorCancellation] CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        foreach (var step in query.Window.Steps(query.Step).TakeWhile(step => step.Start <= now))
            foreach (var set in await ledger.ReadAsync(step, query.Step, clusters, ct))
                yield return Part(set, settings);
    }

    private static FocusPart Part(LedgerSet set, FocusExportSettings settings)
    {
        // By node, so that the parts of each machine add up to it.
        var idle = IdleCalculator.Of(set.Assets, set.Allocations, byNode: true);
        var all = new AllocationSet(set.Allocations.Window, set.Allocations.Allocations.Values.Concat(idle.Allocations), set.Allocations.Currency);
        return new(FocusExport.Rows(all, set.Assets, settings), FocusExport.Unpriced(set.Allocations));
    }
}

/// <summary>Rows of one hour or day in one currency.</summary>
/// <param name="Rows">To be gone through once.</param>
/// <param name="Unpriced">Workloads that lack a price.</param>
internal sealed record FocusPart(IEnumerable<string?[]> Rows, int Unpriced);
