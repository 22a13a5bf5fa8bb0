using Fleet.Control.Queueing;

namespace Fleet.StateManager.Drift;

/// <summary>Corrections of one object in a row. Whoever changes it by hand once or twice is answered at once; whoever keeps changing it ever more rarely. Pure.</summary>
/// <param name="NextAt">Not before this is it corrected again.</param>
/// <param name="Error">Why the last one failed; null when it worked.</param>
internal sealed record DriftAttempts(int Count, DateTimeOffset LastAt, DateTimeOffset NextAt, string? Error)
{
    /// <summary>From this many on somebody or something is working against the declaration.</summary>
    internal const int Fight = 3;

    private static readonly Backoff Backoff = new() { First = TimeSpan.FromSeconds(2), Longest = TimeSpan.FromMinutes(5) };

    /// <summary>After this long without a change the next one counts as the first.</summary>
    private static readonly TimeSpan Calm = TimeSpan.FromMinutes(10);

    public bool IsFight => Count >= Fight && Error is null;

    public bool IsDue(DateTimeOffset now) => now >= NextAt || now < LastAt;

    public bool IsOver(DateTimeOffset now) => now >= NextAt + Calm;

    public static DriftAttempts Next(DriftAttempts? before, DateTimeOffset now, string? error, IJitterSource jitter)
    {
        var count = before is null || before.IsOver(now) ? 1 : before.Count + 1;
        var waits = error is null ? count - Fight + 1 : count;
        return new DriftAttempts(count, now, waits > 0 ? now + Backoff.After(waits, jitter) : now, error);
    }
}
