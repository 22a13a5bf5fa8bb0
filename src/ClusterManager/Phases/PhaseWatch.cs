using Fleet.Contracts.Clusters;
using Fleet.Contracts.Conditions;
using Fleet.Kubernetes.Objects;

namespace Fleet.ClusterManager.Phases;

/// <summary>A phase that takes longer than it may.</summary>
/// <param name="IsWhole">Not the phase itself, but all phases together.</param>
internal sealed record PhaseOverdue(string Phase, TimeSpan Deadline, bool IsWhole);

/// <summary>Part of a cluster's grain: which phase the cluster is in, since when, and whether that is too long. Used only within the grain's turn.</summary>
internal sealed class PhaseWatch(TimeProvider clock, PhaseDeadlines options)
{
    private const string AllPhases = "Whole";

    private readonly PhaseTimer one = new(clock);
    private readonly PhaseTimer whole = new(clock);
    private bool hasLooked;
    private DateTimeOffset? wholeSince;

    /// <summary>For status; null while nothing is waited for.</summary>
    public ClusterProgress? Progress { get; private set; }

    /// <param name="phase">Null when nothing is waited for.</param>
    /// <param name="metadata">Its annotations go before the options.</param>
    /// <param name="before">Status as it was read: what an earlier process knew.</param>
    public PhaseOverdue? Judge(string? phase, ObjectMeta metadata, ClusterDeploymentStatus? before)
    {
        var isFirst = !hasLooked;
        hasLooked = true;
        var now = clock.GetUtcNow();
        if (phase is null or ClusterPhases.Services)
        {
            whole.Look("", null);
            wholeSince = null;
        }

        if (phase is null)
        {
            one.Look("", null);
            Progress = null;
            return null;
        }

        var known = isFirst && before?.Progress?.Phase == phase ? before.Progress.Since : Progress?.Phase == phase ? Progress.Since : null;
        // A time in the future is of a clock that was wrong.
        var since = known is { } then && then <= now ? then : now;
        var wait = one.Look(phase, since);
        var own = DeadlineAnnotations.Find(metadata, phase.ToLowerInvariant()) ?? options.Of(phase);
        var all = phase == ClusterPhases.Services ? (TimeSpan?)null : DeadlineAnnotations.Find(metadata, AllPhases.ToLowerInvariant()) ?? options.Whole;
        var allWait = all is null ? default : LookAtWhole(isFirst, before, now);
        Progress = new() { Phase = phase, Since = since, Deadline = Earlier(since + own, all is null ? null : wholeSince + all) };
        if (own is { } deadline && wait.IsOver(phase, deadline))
            return new(phase, deadline, IsWhole: false);
        return all is { } longest && allWait.IsOver(AllPhases, longest) ? new(phase, longest, IsWhole: true) : null;
    }

    private PhaseWait LookAtWhole(bool isFirst, ClusterDeploymentStatus? before, DateTimeOffset now)
    {
        var ready = isFirst ? before?.Conditions?.Find(condition => condition.Type == SharedConditions.Ready && condition.Status != ConditionStatus.True) : null;
        var wait = whole.Look(AllPhases, ready?.LastTransitionTime);
        wholeSince ??= ready?.LastTransitionTime is { } then && then < now ? then : now;
        return wait;
    }

    private static DateTimeOffset? Earlier(DateTimeOffset? a, DateTimeOffset? b) => a is null || b < a ? b : a;
}
