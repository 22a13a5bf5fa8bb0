namespace Fleet.ClusterManager.Phases;

/// <summary>
/// Part of a cluster's grain: how long it has been in its present phase. Counted by the monotonic clock, so that a jump of the wall clock neither ends
/// a phase nor makes it last for ever; what an earlier process has counted comes from the time in status. Used only within the grain's turn.
/// </summary>
internal sealed class PhaseTimer(TimeProvider clock)
{
    private string phase = "";
    private long began;
    private TimeSpan before;

    /// <param name="present">Another one than last time begins to count anew.</param>
    /// <param name="since">When the phase began according to status, if status is about the same phase. Counts only for the first phase that this process sees.</param>
    public PhaseWait Look(string present, DateTimeOffset? since)
    {
        if (present != phase)
        {
            before = phase.Length == 0 && since is { } then && clock.GetUtcNow() - then is { Ticks: > 0 } gone ? gone : TimeSpan.Zero;
            phase = present;
            began = clock.GetTimestamp();
        }
        return new(present, before, clock.GetElapsedTime(began));
    }
}
