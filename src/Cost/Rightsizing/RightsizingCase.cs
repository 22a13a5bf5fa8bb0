namespace Fleet.Cost.Rightsizing;

/// <summary>A container of a workload: what it asks for, what it uses, and who else decides about it.</summary>
public sealed record RightsizingCase
{
    public required ContainerUsage Usage { get; init; }

    /// <summary>Cores; 0 where none is stated.</summary>
    public double CpuRequest { get; init; }

    /// <summary>Bytes; 0 where none is stated.</summary>
    public double MemoryRequest { get; init; }

    /// <summary>Cores; null where there is none.</summary>
    public double? CpuLimit { get; init; }

    /// <summary>Bytes; null where there is none.</summary>
    public double? MemoryLimit { get; init; }

    public int ContainersInPod { get; init; } = 1;

    /// <summary>A pod whose requests are its limits: it must stay one.</summary>
    public bool IsGuaranteed { get; init; }

    /// <summary>Horizontal autoscalers that add pods by the utilisation of this resource: another request would change how many there are. Null: none.</summary>
    public string? CpuScaledBy { get; init; }

    /// <summary>Likewise for memory.</summary>
    public string? MemoryScaledBy { get; init; }

    /// <summary>A vertical autoscaler that sets requests by itself; null: none, or one that only advises.</summary>
    public string? SetBy { get; init; }
}
