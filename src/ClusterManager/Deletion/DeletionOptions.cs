namespace Fleet.ClusterManager.Deletion;

/// <summary>How long the phases of a deletion may take, and how many clusters may go at once.</summary>
public sealed record DeletionOptions
{
    /// <summary>Services of an unreachable cluster cannot be removed; afterwards they are left where they are.</summary>
    public TimeSpan Services { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Clouds take minutes to give a load balancer back; afterwards leftovers are left where they are.</summary>
    public TimeSpan Workloads { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Twice helm's own time-out.</summary>
    public TimeSpan Release { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>As long as the creation of a cluster may take.</summary>
    public TimeSpan Cluster { get; init; } = TimeSpan.FromMinutes(30);

    public TimeSpan DataSource { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>What a forced deletion gives to each of the others before it leaves things behind.</summary>
    public TimeSpan ForceGrace { get; init; } = TimeSpan.FromMinutes(1);

    public BreakerOptions Breaker { get; init; } = new();
}

/// <summary>When deletions stop by themselves.</summary>
public sealed record BreakerOptions
{
    /// <summary>Part of the fleet that may be deleted within <see cref="Window"/>; 1 turns the breaker off.</summary>
    public double Share { get; init; } = 0.2;

    /// <summary>So many may go in any case, so that small fleets can be worked with.</summary>
    public int AtLeast { get; init; } = 3;

    public TimeSpan Window { get; init; } = TimeSpan.FromMinutes(10);
}
