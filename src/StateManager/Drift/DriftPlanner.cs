namespace Fleet.StateManager.Drift;

/// <summary>Which objects are corrected now. Pure.</summary>
internal static class DriftPlanner
{
    public static DriftPlan Plan(SyncMode mode, IReadOnlyList<DriftedObject> drifted, DateTimeOffset now)
    {
        if (mode != SyncMode.ContinuousWithDriftDetection)
            return DriftPlan.None with { Left = [.. drifted.Select(d => d with { Attempts = null })], IsShownOnly = true };
        var waiting = drifted.Where(d => d.Attempts is { } attempts && !attempts.IsDue(now)).ToList();
        return new DriftPlan
        {
            Correct = [.. drifted.Except(waiting).Select(d => d.Drift)],
            Left = waiting,
            CheckAgainAfter = Soonest(waiting, now),
        };
    }

    /// <param name="tried">What was to be corrected, as it stands now.</param>
    public static DriftPlan After(DriftPlan plan, IReadOnlyList<DriftedObject> tried, DateTimeOffset now)
    {
        var failed = tried.Where(t => t.Attempts?.Error is not null).ToList();
        var left = plan.Left.Concat(failed).ToList();
        return plan with { Correct = [], Left = left, Corrected = [.. tried.Except(failed)], CheckAgainAfter = Soonest(left, now) };
    }

    private static TimeSpan? Soonest(IReadOnlyList<DriftedObject> waiting, DateTimeOffset now) =>
        waiting.Min(w => w.Attempts is { } attempts ? (TimeSpan?)Longer(attempts.NextAt - now, TimeSpan.FromMilliseconds(50)) : null);

    private static TimeSpan Longer(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
