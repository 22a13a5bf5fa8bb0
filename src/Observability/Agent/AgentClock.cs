using Fleet.Observability.Collection;

namespace Fleet.Observability.Agent;

/// <summary>How far the clock of this machine is ahead of Fleet's, as Fleet's answers tell it. Samples and logs get times by Fleet's clock; otherwise it would refuse those of a machine whose clock is wrong.</summary>
internal sealed class AgentClock(TimeProvider clock)
{
    private long aheadTicks;

    /// <summary>Nothing while it is little, or not known yet.</summary>
    public TimeSpan Ahead => TimeSpan.FromTicks(Interlocked.Read(ref aheadTicks));

    public void Told(DateTimeOffset fleet) => Interlocked.Exchange(ref aheadTicks, ClusterLooker.Ahead(clock.GetUtcNow() - fleet).Ticks);
}
