namespace Fleet.ClusterManager.Orleans.Grains;

/// <summary>The time of grains' timers and idleness. Apart from that of the silo, whose membership must go on while a test holds the former still.</summary>
internal sealed record GrainClock(TimeProvider Time);
