using Fleet.Contracts.Backups;
using Fleet.Contracts.Conditions;
using Fleet.Control.Grains;
using Fleet.Control.Kinds;
using Fleet.Control.Reconciling;
using Fleet.Control.Status;

namespace Fleet.ClusterManager.Backups;

/// <summary>
/// Makes the backups of a ManagementBackup when they are due. Before it begins, the status says which archive is being made: whoever comes after a crash goes on with that one.
/// </summary>
internal sealed class ManagementBackupReconciler(BackupFactsReader reader, BackupWork work, BackupReports reports, BackupTurn turn, TimeProvider clock) : IReconciler
{
    private static readonly TimeSpan TurnLook = TimeSpan.FromSeconds(10);

    /// <summary>A clock that is put right is noticed within it.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(5);

    public async Task<Outcome> ReconcileAsync(ReconcileRequest request, CancellationToken ct)
    {
        if (await reader.ReadAsync(request.Key, ct) is not { } facts)
            return Outcome.Done;
        var (item, now) = (facts.Object, clock.GetUtcNow());
        var plan = BackupPlanner.Plan(facts, now);
        if (plan.Action != BackupAction.Run)
        {
            var status = Settled(item, plan, now) with { Velero = facts.Velero };
            await TellAsync(item, status, BackupStatusFrom.Conditions(item, plan, status, null), request.Ownership);
            return Wait(plan, now);
        }

        Outcome? outcome = null;
        var ours = await turn.TryAsync(async token => outcome = await RunAsync(request, token), ct);
        return ours ? outcome! : Outcome.Waiting(ManagementBackupReasons.WaitingForOthers.Value, TurnLook);
    }

    /// <summary>Everything is read again: whoever had the turn before may have made this backup.</summary>
    private async Task<Outcome> RunAsync(ReconcileRequest request, CancellationToken ct)
    {
        if (await reader.ReadAsync(request.Key, ct) is not { } facts)
            return Outcome.Done;
        var item = facts.Object;
        var plan = BackupPlanner.Plan(facts, clock.GetUtcNow());
        if (plan.Action != BackupAction.Run)
            return Outcome.After(TimeSpan.FromSeconds(1));
        var started = BackupStatusFrom.Started(item, plan, clock.GetUtcNow()) with { Velero = facts.Velero };
        await TellAsync(item, started, BackupStatusFrom.Conditions(item, plan, started, null), request.Ownership);
        // As it is stored: the times of conditions are set by the writer.
        item.Status = (await reader.ReadAsync(request.Key, ct))?.Object.Status;

        var began = clock.GetTimestamp();
        var result = await work.RunAsync(item, plan, ct);
        ct.ThrowIfCancellationRequested();
        // The object may have been changed meanwhile, but nobody else writes its status.
        var finished = BackupStatusFrom.Finished(started, result, plan.Next, clock.GetUtcNow());
        await TellAsync(item, finished, BackupStatusFrom.Conditions(item, plan, finished, result), request.Ownership);
        reports.Ran(item, finished, result, clock.GetElapsedTime(began));
        // What is due meanwhile, and when to try again, is looked at from the new status.
        return result.Failure is { } failure
            ? Outcome.Waiting(failure.Reason.Value, BackupPlanner.RetryAfter(finished.Failures ?? 1))
            : Outcome.After(TimeSpan.FromSeconds(1));
    }

    private static ManagementBackupStatus Settled(ManagementBackup item, BackupPlan plan, DateTimeOffset now)
    {
        var status = (item.Status ?? new()) with { NextAttempt = plan.Next, ObservedGeneration = item.Metadata.Generation };
        return plan.Action switch
        {
            BackupAction.Rebase => status with { LastScheduled = now },
            BackupAction.Invalid => status with { Error = plan.Message },
            // A run that was cut off and is not gone on with must not look as if it still ran.
            BackupAction.Suspended when status.LastBackup?.Phase == BackupPhase.InProgress => BackupStatusFrom.Finished(
                status, new(status.Location) { Failure = new(ManagementBackupReasons.Suspended, "it was cut off, and no backups are made now") }, null, now),
            _ when status.LastBackup?.Phase is BackupPhase.Failed or BackupPhase.PartiallyFailed => status,
            _ => status with { Error = null },
        };
    }

    private static Outcome Wait(BackupPlan plan, DateTimeOffset now)
    {
        if (plan.LookAt is not { } look)
            return Outcome.Done;
        var left = look - now;
        var delay = left < TimeSpan.FromSeconds(1) ? TimeSpan.FromSeconds(1) : left < LongestWait ? left : LongestWait;
        return plan.Action == BackupAction.Hold ? Outcome.Waiting(ManagementBackupReasons.WaitingForOthers.Value, delay) : Outcome.After(delay);
    }

    private async Task TellAsync(ManagementBackup item, ManagementBackupStatus status, IReadOnlyList<Condition> conditions, GrainOwnership ownership)
    {
        await reports.Status.WriteAsync(StatusChange.Of(FleetKinds.ManagementBackups, item, status, conditions, BackupStatusFrom.Owned, ownership));
        reports.Tell(item, conditions);
    }
}
