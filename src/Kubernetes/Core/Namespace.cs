using Fleet.Kubernetes.Objects;

namespace Fleet.Kubernetes.Core;

/// <summary>v1 Namespace.</summary>
public sealed class Namespace : KubernetesObject
{
    public NamespaceStatus? Status { get; set; }
}

public sealed class NamespaceStatus
{
    /// <summary><c>Active</c> or <c>Terminating</c>.</summary>
    public string? Phase { get; set; }
    public List<Condition>? Conditions { get; set; }
}
