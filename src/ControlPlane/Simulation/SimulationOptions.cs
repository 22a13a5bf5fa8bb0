namespace Fleet.ControlPlane.Simulation;

/// <summary>Who drives Cluster, MachineDeployment, MachineSet and Machine objects.</summary>
public enum CapiCoreMode
{
    /// <summary>The small core in this process.</summary>
    Embedded,

    /// <summary>A real Cluster API core (and its kubeadm providers); only infrastructure and simulated control planes are ours.</summary>
    External,
}

/// <summary>What the simulation does; see the README of the folder.</summary>
public sealed record SimulationOptions
{
    public CapiCoreMode CapiCore { get; init; } = CapiCoreMode.Embedded;

    public SimulationTimings Timings { get; init; } = new();

    /// <summary>How many reconciles run at once, over all clusters together.</summary>
    public int Parallelism { get; init; } = Math.Max(2, Environment.ProcessorCount);

    /// <summary>Where providers look for the Secrets that cluster-scoped identities name without a namespace.</summary>
    public IReadOnlyList<string> ProviderNamespaces { get; init; } = ["k0rdent-system", "kcm-system", "fleet-system", "capi-system"];

    /// <summary>Pods, Deployments and so on of the management cluster itself are simulated as well.</summary>
    public bool SimulateManagementWorkloads { get; init; } = true;
}
