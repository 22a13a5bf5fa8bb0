using Fleet.Kubernetes.Objects;

namespace Fleet.Kubernetes.Core;

/// <summary>v1 Pod.</summary>
public sealed class Pod : KubernetesObject
{
    public PodSpec Spec { get; set; } = new();
    public PodStatus? Status { get; set; }
}

public sealed class PodSpec
{
    public string? NodeName { get; set; }
    public string? ServiceAccountName { get; set; }
    public string? RestartPolicy { get; set; }
    public string? PriorityClassName { get; set; }
    public Dictionary<string, string>? NodeSelector { get; set; }
    public List<Container>? InitContainers { get; set; }
    public List<Container>? Containers { get; set; }
    public List<PodVolume>? Volumes { get; set; }
}

/// <summary>Only volumes of claims have anything here but their name.</summary>
public sealed class PodVolume
{
    public string? Name { get; set; }
    public PodVolumeClaim? PersistentVolumeClaim { get; set; }

    /// <summary>A claim named <c>POD-VOLUME</c> that lives with the pod.</summary>
    public EphemeralVolume? Ephemeral { get; set; }
}

public sealed class PodVolumeClaim
{
    public string? ClaimName { get; set; }
}

public sealed class EphemeralVolume;

public sealed class Container
{
    public string? Name { get; set; }
    public string? Image { get; set; }

    /// <summary>Of init containers: <c>Always</c> makes it a sidecar.</summary>
    public string? RestartPolicy { get; set; }
    public ResourceRequirements? Resources { get; set; }
}

public sealed class ResourceRequirements
{
    public Dictionary<string, string>? Requests { get; set; }
    public Dictionary<string, string>? Limits { get; set; }
}

public sealed class PodStatus
{
    public string? Phase { get; set; }
    public string? Reason { get; set; }
    public string? Message { get; set; }
    public string? PodIP { get; set; }
    public string? QosClass { get; set; }
    public DateTimeOffset? StartTime { get; set; }
    public List<Condition>? Conditions { get; set; }
    public List<ContainerStatus>? InitContainerStatuses { get; set; }
    public List<ContainerStatus>? ContainerStatuses { get; set; }
}

public sealed class ContainerStatus
{
    public string? Name { get; set; }
    public bool Ready { get; set; }
    public int RestartCount { get; set; }
    public string? Image { get; set; }
    public ContainerState? State { get; set; }
    public ContainerState? LastState { get; set; }
}

public sealed class ContainerState
{
    public ContainerWaiting? Waiting { get; set; }
    public ContainerRunning? Running { get; set; }
    public ContainerTerminated? Terminated { get; set; }
}

public sealed class ContainerWaiting
{
    public string? Reason { get; set; }
    public string? Message { get; set; }
}

public sealed class ContainerRunning
{
    public DateTimeOffset? StartedAt { get; set; }
}

public sealed class ContainerTerminated
{
    public int ExitCode { get; set; }
    public string? Reason { get; set; }
    public string? Message { get; set; }
    public DateTimeOffset? StartedAt { get; set; }
    public DateTimeOffset? FinishedAt { get; set; }
}
