using Fleet.Kubernetes.Objects;

namespace Fleet.Kubernetes.Core;

/// <summary>apps/v1 StatefulSet.</summary>
public sealed class StatefulSet : KubernetesObject
{
    public StatefulSetSpec Spec { get; set; } = new();
    public StatefulSetStatus? Status { get; set; }
}

public sealed class StatefulSetSpec
{
    public int? Replicas { get; set; }
    public string? ServiceName { get; set; }
    public LabelSelector? Selector { get; set; }
    public PodTemplate? Template { get; set; }
    public UpdateStrategy? UpdateStrategy { get; set; }
}

/// <summary>Of StatefulSets and DaemonSets.</summary>
public sealed class UpdateStrategy
{
    /// <summary><c>RollingUpdate</c> or <c>OnDelete</c>.</summary>
    public string? Type { get; set; }
    public RollingUpdate? RollingUpdate { get; set; }
}

public sealed class RollingUpdate
{
    public int? Partition { get; set; }
    public IntOrString? MaxUnavailable { get; set; }
}

public sealed class StatefulSetStatus
{
    public long? ObservedGeneration { get; set; }
    public int? Replicas { get; set; }
    public int? ReadyReplicas { get; set; }
    public int? CurrentReplicas { get; set; }
    public int? UpdatedReplicas { get; set; }
    public int? AvailableReplicas { get; set; }
    public string? CurrentRevision { get; set; }
    public string? UpdateRevision { get; set; }
    public List<Condition>? Conditions { get; set; }
}
