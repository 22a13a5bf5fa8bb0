using Fleet.Kubernetes.Objects;

namespace Fleet.Kubernetes.Core;

/// <summary>apps/v1 ReplicaSet.</summary>
public sealed class ReplicaSet : KubernetesObject
{
    public ReplicaSetSpec Spec { get; set; } = new();
    public ReplicaSetStatus? Status { get; set; }
}

public sealed class ReplicaSetSpec
{
    public int? Replicas { get; set; }
    public LabelSelector? Selector { get; set; }
    public PodTemplate? Template { get; set; }
}

public sealed class ReplicaSetStatus
{
    public long? ObservedGeneration { get; set; }
    public int Replicas { get; set; }
    public int? ReadyReplicas { get; set; }
    public int? AvailableReplicas { get; set; }
    public List<Condition>? Conditions { get; set; }
}
