using Fleet.ClusterManager.Clusters;
using Fleet.ClusterManager.Phases;
using Fleet.ClusterManager.Regions;
using Fleet.Contracts;
using Fleet.Contracts.Clusters;
using Fleet.Control.Reconciling;
using Fleet.Helm.Errors;
using Fleet.Kubernetes.Resources;

namespace Fleet.ClusterManager.Deletion;

/// <summary>
/// Deletes a cluster step by step. Each round reads what is left, so that it does not matter at which line the last one was killed.
/// </summary>
internal sealed class ClusterDeletion(DeletionFactsReader reader, DeletionSteps steps, DeletionBreaker breaker, ClusterReports reports, TimeProvider clock)
{
    /// <summary>Whatever is waited for reports when it goes; this is for what does not.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(5);

    /// <summary>What is held waits for a person, whose change reports itself, or for the breaker's window.</summary>
    private static readonly TimeSpan LookAgainHeld = TimeSpan.FromSeconds(30);

    /// <summary>Steps that change something are followed by the next look at once, so that a deletion does not crawl.</summary>
    private const int MostStepsAtOnce = 6;

    public async Task<Outcome> ReconcileAsync(ClusterDeployment cluster, ClusterTurn turn, CancellationToken ct)
    {
        if (cluster.Metadata.Finalizers?.Contains(FleetFinalizers.ClusterDeployment) != true)
            return Outcome.Done;
        var options = reports.Options.Deletion;
        var deadlines = new DeletionDeadlines(options, cluster.Metadata);
        var timer = turn.Grain.Part(() => new DeletionTimer(clock, cluster.Status?.Deletion));
        for (var taken = 1; ; taken++)
        {
            var (seen, trouble) = await TryReadAsync(cluster, turn.Place, timer, ct);
            if (seen is null)
            {
                turn = turn with { Place = await turn.Place.AfterAsync(trouble, ct) ?? throw trouble! };
                continue;
            }
            var step = DeletionPlanner.Next(seen, deadlines);
            var given = step.Abandoned.Where(left => !timer.Skipped.Contains(left.Phase)).ToList();
            timer.Enter(step.Phase, given.Select(left => left.Phase));
            foreach (var left in given)
                reports.Warn(cluster, $"{left.Phase}Abandoned", left.Message);
            var failure = await TryAsync(seen, step, turn, ct);
            if (failure is not null && await turn.Place.AfterAsync(failure, ct) is { } away)
            {
                turn = turn with { Place = away };
                continue;
            }
            if (step.Action == DeletionAction.RemoveFinalizer && failure is null)
                return Outcome.Done;
            var progress = timer.Progress(deadlines.Of(step.Phase));
            if (failure is null && step.Action != DeletionAction.Wait && taken < MostStepsAtOnce)
                continue;
            await reports.WriteAsync(
                cluster, DeletionStatusFrom.Status(seen, step, progress, failure?.Message),
                DeletionStatusFrom.Conditions(seen, step, progress, failure?.Message), turn.Ownership);
            if (failure is not null)
                return Outcome.Failed(failure);
            return Outcome.Waiting(step.Reason.Value, step.Phase == DeletionPhase.Held ? LookAgainHeld : LookAgain);
        }
    }

    /// <summary>What goes wrong on the way to a region is a result: only the place can tell whether the region was lost.</summary>
    private async Task<(DeletionFacts? Seen, Exception? Trouble)> TryReadAsync(ClusterDeployment cluster, ClusterPlace place, DeletionTimer timer, CancellationToken ct)
    {
        using var limit = place.Limit(ct);
        try
        {
            var seen = await reader.ReadAsync(cluster, place, timer.Skipped, timer.Waited, limit.Token);
            // Protection is asked first: what it holds does not count as going. The breaker asks the management API, which has nothing to do with a region's limit.
            return (seen.Hold is null ? seen with { Hold = await breaker.AskAsync(cluster, ct) } : seen, null);
        }
        catch (Exception e) when (place.Region is not null && (e is KubeApiException || (e is OperationCanceledException && !ct.IsCancellationRequested)))
        {
            return (null, e);
        }
    }

    private async Task<Exception?> TryAsync(DeletionFacts seen, DeletionStep step, ClusterTurn turn, CancellationToken ct)
    {
        using var limit = turn.Place.Limit(ct);
        try
        {
            turn.Ownership.EnsureCurrent();
            await steps.TakeAsync(seen, step.Action, turn, limit.Token);
            return null;
        }
        catch (Exception e) when (e is HelmException or KubeApiException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            return e;
        }
    }
}

/// <summary>Part of a cluster's grain: phase of its deletion, since when, and what was given up. Taken up from status after a restart.</summary>
internal sealed class DeletionTimer
{
    private readonly TimeProvider clock;
    private readonly PhaseTimer timer;
    private readonly HashSet<DeletionPhase> skipped;
    private DeletionPhase phase;
    private DateTimeOffset since;

    public DeletionTimer(TimeProvider clock, ClusterDeletionStatus? before)
    {
        this.clock = clock;
        timer = new(clock);
        skipped = [.. (before?.Skipped ?? []).Select(Parse).OfType<DeletionPhase>()];
        phase = Parse(before?.Phase) ?? DeletionPhase.Held;
        var now = clock.GetUtcNow();
        // A time in the future is of a clock that was wrong.
        since = before?.Since is { } then && then < now ? then : now;
        timer.Look(phase.ToString(), since);
    }

    public IReadOnlySet<DeletionPhase> Skipped => skipped;

    public PhaseWait Waited => timer.Look(phase.ToString(), since);

    public void Enter(DeletionPhase next, IEnumerable<DeletionPhase> given)
    {
        skipped.UnionWith(given);
        if (next != phase)
            since = clock.GetUtcNow();
        phase = next;
        timer.Look(next.ToString(), since);
    }

    public DeletionProgress Progress(TimeSpan? deadline) => new(since, deadline, skipped);

    private static DeletionPhase? Parse(string? text) => Enum.TryParse<DeletionPhase>(text, out var phase) && Enum.IsDefined(phase) ? phase : null;
}
