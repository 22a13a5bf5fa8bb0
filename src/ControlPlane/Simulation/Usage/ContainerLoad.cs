namespace Fleet.ControlPlane.Simulation.Usage;

/// <summary>What is to be known of a container, to tell how much it uses at any time.</summary>
public sealed record ContainerLoad
{
    /// <summary>Of the workload in its cluster: its pods have their peaks at the same time.</summary>
    public required string Workload { get; init; }

    /// <summary>Of the container in its pod: so that replicas are alike but not the same.</summary>
    public required string Container { get; init; }

    public UsagePattern Pattern { get; init; }

    /// <summary>In cores; 0: none.</summary>
    public double CpuRequest { get; init; }

    /// <summary>In cores; null: none. Usage stays below it.</summary>
    public double? CpuLimit { get; init; }

    /// <summary>In bytes; 0: none.</summary>
    public double MemoryRequest { get; init; }

    /// <summary>In bytes; null: none. Usage stays below it, until a leak reaches it.</summary>
    public double? MemoryLimit { get; init; }

    /// <summary>How long a leak takes from start to limit; null: one to three days, by the container.</summary>
    public TimeSpan? LeakFor { get; init; }
}
