using Fleet.ClusterManager.Phases;

namespace Fleet.ClusterManager.Upgrades;

/// <summary>
/// Part of a cluster's grain: how long an upgrade has gone without a machine becoming as wanted. Counted by the monotonic clock, so that a jump of the wall
/// clock rolls nothing back. Used only within the grain's turn.
/// </summary>
internal sealed class UpgradeWatch(TimeProvider clock)
{
    private readonly PhaseTimer timer = new(clock);
    private bool hasLooked;

    /// <param name="stage">Another one than last time: something has moved, and the time begins anew.</param>
    /// <param name="since">When it last moved according to status; counts only for the first stage that this process sees.</param>
    public bool IsOver(string stage, DateTimeOffset? since, TimeSpan deadline)
    {
        var wait = timer.Look(stage, hasLooked ? null : since);
        hasLooked = true;
        return wait.IsOver(stage, deadline);
    }

    /// <summary>Nothing can move: afterwards the time begins anew.</summary>
    public void Rest()
    {
        timer.Look("", null);
        hasLooked = true;
    }
}
