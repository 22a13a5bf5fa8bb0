namespace Fleet.Control.Reconciling;

/// <summary>
/// Level-based: reads everything, plans purely, applies idempotently, writes status always. Never runs twice at once for one key,
/// nor for two keys of one grain. Exceptions that escape are counted and retried as <see cref="Outcome.Failed"/>.
/// </summary>
public interface IReconciler
{
    /// <param name="request">What to reconcile, and as which owner.</param>
    /// <param name="ct">Ends at the time-out of the controller or at shutdown. Status writes must not use it.</param>
    Task<Outcome> ReconcileAsync(ReconcileRequest request, CancellationToken ct);
}
