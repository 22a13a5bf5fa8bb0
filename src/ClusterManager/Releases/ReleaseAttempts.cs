using Fleet.Control.Queueing;
using Fleet.Helm.Errors;

namespace Fleet.ClusterManager.Releases;

/// <summary>
/// Part of a cluster's grain: how the last attempts at its release went, so that a reconcile that something else asked for does not start helm
/// again before its time. A changed fingerprint forgets everything. Used only within the grain's turn.
/// </summary>
internal sealed class ReleaseAttempts(TimeProvider clock, IJitterSource jitter)
{
    private static readonly Backoff Pace = new() { First = TimeSpan.FromSeconds(5), Longest = TimeSpan.FromMinutes(5) };

    private string fingerprint = "";
    private int failures;
    private TimeSpan pause;
    private long since;

    /// <summary>The last failure with this fingerprint; null when it was not tried or has succeeded.</summary>
    public HelmException? LastFailure(string wanted) => fingerprint == wanted ? Failure : null;

    public bool HasSucceeded(string wanted) => fingerprint == wanted && Failure is null;

    private HelmException? Failure { get; set; }

    /// <summary>How long to wait before the next attempt; null when nothing will change without a person.</summary>
    public TimeSpan? Wait(string wanted)
    {
        if (LastFailure(wanted) is not { } failure)
            return TimeSpan.Zero;
        if (failure.Kind is HelmErrorKind.ValuesInvalid or HelmErrorKind.RenderFailed or HelmErrorKind.ChartInvalid)
            return null;
        // By the monotonic clock: a wall clock that is set back must not make helm wait for as long.
        var left = pause - clock.GetElapsedTime(since);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    public void Failed(string wanted, HelmException failure)
    {
        failures = fingerprint == wanted ? failures + 1 : 1;
        fingerprint = wanted;
        Failure = failure;
        pause = Pace.After(failures, jitter);
        since = clock.GetTimestamp();
    }

    /// <summary>What failed was not the release.</summary>
    public void Forget() => fingerprint = "";

    public void Succeeded(string wanted)
    {
        fingerprint = wanted;
        failures = 0;
        Failure = null;
    }
}
