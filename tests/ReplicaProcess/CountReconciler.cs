using Fleet.Control.Reconciling;
using Fleet.ReplicaProcess.Stores;

namespace Fleet.ReplicaProcess;

/// <summary>Where and how a replica counts.</summary>
/// <param name="Status">Of the management cluster: it also says what is wanted, and is written last.</param>
/// <param name="Others">Written before, in this order.</param>
/// <param name="Notes">Null when there is no data folder.</param>
/// <param name="Again">How long a cluster rests.</param>
internal sealed record Counting(ICountStore Status, IReadOnlyList<ICountStore> Others, Notes? Notes, TimeSpan Again);

/// <summary>Counts one further in each store, under the epoch of the grain, again and again: the shape of every reconcile, and as easy to check as a write can be.</summary>
internal sealed class CountReconciler(Counting counting, History history, CrashPoint crash) : IReconciler
{
    public async Task<Outcome> ReconcileAsync(ReconcileRequest request, CancellationToken ct)
    {
        var (cluster, epoch) = (request.Key.Name, request.Ownership.Epoch);
        if (await counting.Status.ReadAsync(cluster, ct) is not { } status)
            return Outcome.Done;
        var write = 0;
        if (counting.Notes is { } notes)
        {
            await crash.BeforeAsync(write);
            await notes.WriteAsync(cluster, epoch, ct);
            await crash.AfterAsync(write++);
        }
        Exception? failure = null;
        foreach (var store in (ICountStore[])[.. counting.Others, counting.Status])
            try
            {
                var seen = store == counting.Status ? status : await store.ReadAsync(cluster, ct);
                await WriteAsync(request, store, seen, new(cluster, (seen?.Count ?? 0) + 1, epoch, status.Wanted), write++, ct);
            }
            catch (Exception e) when (!ct.IsCancellationRequested && request.Ownership.IsCurrent)
            {
                // What one store cannot take now, the others still can.
                failure ??= e;
            }
        return failure is null ? Outcome.After(counting.Again) : Outcome.Failed(failure);
    }

    private async Task WriteAsync(ReconcileRequest request, ICountStore store, Counted? seen, NextCount next, int number, CancellationToken ct)
    {
        var entry = new HistoryEntry(store.Name, next.Cluster, next.Epoch, next.Count);
        request.Ownership.EnsureCurrent();
        history.Write("try", entry);
        if (seen?.Epoch > next.Epoch)
        {
            history.Write("refused", entry);
            return;
        }
        var isOnItsWay = await crash.BeforeAsync(number);
        try
        {
            var written = await store.WriteAsync(seen, next, isOnItsWay ? CancellationToken.None : ct);
            await crash.AfterAsync(number);
            history.Write(written is null ? "refused" : "done", entry, written?.Version, written?.Id);
        }
        catch (Exception)
        {
            history.Write("unknown", entry);
            throw;
        }
    }
}
