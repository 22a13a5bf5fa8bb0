using Fleet.ControlPlane.Simulation.Usage;

namespace Fleet.ControlPlane.Simulation.Kubelets;

/// <summary>What a kubelet has measured at a time. All times are as its clock shows them, which may be wrong.</summary>
internal sealed record NodeReading
{
    public required string Name { get; init; }

    public required DateTimeOffset Time { get; init; }

    public required DateTimeOffset Started { get; init; }

    public required Measured Used { get; init; }

    public required NodeMachine Machine { get; init; }

    public required IReadOnlyList<PodReading> Pods { get; init; }
}

/// <summary>The machine below a node.</summary>
internal sealed record NodeMachine(double Cores, double MemoryBytes, double DiskBytes, string KubeletVersion, string BootId, string MachineId, string SystemId);

/// <summary>Counters count since the start of what is measured.</summary>
internal readonly record struct Measured(double CpuCores, double CpuSeconds, double WorkingSetBytes, double BytesReceived = 0, double BytesSent = 0);

/// <summary>One pod that runs. Network is that of its own; a pod in its host's network has none.</summary>
internal sealed record PodReading
{
    public required string Namespace { get; init; }

    public required string Name { get; init; }

    public required string Uid { get; init; }

    public required string QosClass { get; init; }

    public required bool HostNetwork { get; init; }

    public required DateTimeOffset Started { get; init; }

    public required Measured Used { get; init; }

    public required IReadOnlyList<ContainerReading> Containers { get; init; }

    public required IReadOnlyList<VolumeReading> Volumes { get; init; }
}

/// <summary>One container that runs.</summary>
internal sealed record ContainerReading(string Name, string Image, string Id, DateTimeOffset Started, Measured Used, ContainerLoad Load);

/// <summary>One mounted claim.</summary>
internal sealed record VolumeReading(string Name, string Claim, double CapacityBytes, double UsedBytes);
