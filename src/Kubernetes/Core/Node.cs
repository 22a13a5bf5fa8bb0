using Fleet.Kubernetes.Objects;

namespace Fleet.Kubernetes.Core;

/// <summary>v1 Node.</summary>
public sealed class Node : KubernetesObject
{
    public NodeSpec Spec { get; set; } = new();
    public NodeStatus? Status { get; set; }
}

public sealed class NodeSpec
{
    public string? ProviderID { get; set; }
    public bool? Unschedulable { get; set; }
    public List<Taint>? Taints { get; set; }
}

public sealed class Taint
{
    public string? Key { get; set; }
    public string? Value { get; set; }
    public string? Effect { get; set; }
}

public sealed class NodeStatus
{
    /// <summary>Quantities in Kubernetes' string form.</summary>
    public Dictionary<string, string>? Capacity { get; set; }
    public Dictionary<string, string>? Allocatable { get; set; }
    public List<Condition>? Conditions { get; set; }
    public List<NodeAddress>? Addresses { get; set; }
    public NodeInfo? NodeInfo { get; set; }
}

public sealed class NodeAddress
{
    public string? Type { get; set; }
    public string? Address { get; set; }
}

public sealed class NodeInfo
{
    public string? KubeletVersion { get; set; }
    public string? OsImage { get; set; }
    public string? KernelVersion { get; set; }
    public string? ContainerRuntimeVersion { get; set; }
    public string? Architecture { get; set; }
}
