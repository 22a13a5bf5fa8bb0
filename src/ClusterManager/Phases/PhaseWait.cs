namespace Fleet.ClusterManager.Phases;

/// <summary>How long a phase has lasted: counted by this process, and before it according to status.</summary>
internal readonly record struct PhaseWait(string Phase, TimeSpan Before, TimeSpan Watched)
{
    /// <summary>
    /// What passed before this process began is taken from wall clocks, which may have jumped, and nobody looked meanwhile: then no phase is over
    /// before it has been watched for this long.
    /// </summary>
    private static readonly TimeSpan LongestLook = TimeSpan.FromMinutes(1);

    public TimeSpan Elapsed => Before + Watched;

    /// <summary>Whether <paramref name="phase"/> is the one that is waited for, and has taken longer than this.</summary>
    public bool IsOver(string phase, TimeSpan deadline)
    {
        if (phase != Phase || Elapsed < deadline)
            return false;
        return Before == TimeSpan.Zero || Watched >= (deadline < LongestLook ? deadline : LongestLook);
    }
}
