using Fleet.Contracts.Alerts;
using Fleet.Contracts.Conditions;
using Fleet.Control.Kinds;
using Fleet.Control.Reconciling;
using Fleet.Control.Status;
using Fleet.Observability.Alerts.Engine;
using Fleet.Observability.Alerts.Routing;
using Fleet.Observability.Alerts.States;

namespace Fleet.Observability.Alerts.Status;

/// <summary>Status of Silences, written by the process that advances alerts.</summary>
internal sealed class SilenceReconciler(AlertObjects objects, AlertBoard board, IStatusWriter status, TimeProvider clock) : IReconciler
{
    private static readonly HashSet<ConditionType> Owned = [SilenceConditions.Active];

    public async Task<Outcome> ReconcileAsync(ReconcileRequest request, CancellationToken ct)
    {
        if (board.Alerts is not { } alerts || !objects.Silences.TryGet(request.Key, out var silence))
            return Outcome.Done;
        var (row, now, generation) = (SilenceRow.Of(silence, AlertObjects.IsSystem), clock.GetUtcNow(), silence.Metadata.Generation ?? 0);
        var wanted = new SilenceStatus
        {
            State = row.StateAt(now), Alerts = alerts.Count(alert => alert.Phase == AlertPhase.Firing && row.Hushes(alert, now)), ObservedGeneration = generation,
        };
        await status.WriteAsync(StatusChange.Of(FleetKinds.Silences, silence, wanted, [ConditionOf(row, now) with { ObservedGeneration = generation }], Owned, request.Ownership));
        return Outcome.Done;
    }

    internal static Condition ConditionOf(SilenceRow row, DateTimeOffset now) =>
        row.Problem is { } problem ? Condition.False(SilenceConditions.Active, SilenceConditions.Invalid, problem)
        : row.StateAt(now) switch
        {
            "Active" => Condition.True(SilenceConditions.Active, SilenceConditions.InForce, $"Until {row.EndsAt.UtcDateTime:yyyy-MM-dd HH:mm}Z"),
            "Pending" => Condition.False(SilenceConditions.Active, SilenceConditions.NotYet, $"From {row.StartsAt.UtcDateTime:yyyy-MM-dd HH:mm}Z on"),
            _ => Condition.False(SilenceConditions.Active, SilenceConditions.Expired, $"Ended at {row.EndsAt.UtcDateTime:yyyy-MM-dd HH:mm}Z"),
        };
}
