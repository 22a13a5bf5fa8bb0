namespace Fleet.ControlPlane.Simulation;

/// <summary>
/// How long things take in simulated clusters. The defaults are short enough for a demo (a cluster is ready in 3–6 s) and
/// long enough to be seen in a watch.
/// </summary>
public sealed record SimulationTimings
{
    /// <summary>Everything at once: for tests and for starts of thousands of clusters.</summary>
    public static SimulationTimings Instant { get; } = new()
    {
        NetworkReady = TimeSpan.Zero,
        MachineBoot = TimeSpan.Zero,
        NodeJoin = TimeSpan.Zero,
        ImagePull = TimeSpan.Zero,
        ContainerReady = TimeSpan.Zero,
        JobRun = TimeSpan.Zero,
        PodGrace = TimeSpan.Zero,
        Deprovision = TimeSpan.Zero,
    };

    /// <summary>From an infrastructure cluster's owner being known to its network and load balancer being there.</summary>
    public TimeSpan NetworkReady { get; init; } = TimeSpan.FromMilliseconds(800);

    /// <summary>From a machine's bootstrap data being there to the machine having a provider id.</summary>
    public TimeSpan MachineBoot { get; init; } = TimeSpan.FromMilliseconds(900);

    /// <summary>From a machine's boot to its Node being registered and ready.</summary>
    public TimeSpan NodeJoin { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>A pod stays this long in ContainerCreating.</summary>
    public TimeSpan ImagePull { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>From a container's start to its readiness.</summary>
    public TimeSpan ContainerReady { get; init; } = TimeSpan.FromMilliseconds(150);

    /// <summary>How long the containers of a Job (or any pod that is not restarted) run.</summary>
    public TimeSpan JobRun { get; init; } = TimeSpan.FromMilliseconds(300);

    /// <summary>The longest grace a deleted pod is given.</summary>
    public TimeSpan PodGrace { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>From a machine's or cluster's deletion to its being gone from the provider.</summary>
    public TimeSpan Deprovision { get; init; } = TimeSpan.FromMilliseconds(400);
}
