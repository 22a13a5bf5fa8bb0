using Fleet.Kubernetes.Objects;

namespace Fleet.Kubernetes.Core;

/// <summary>apps/v1 Deployment.</summary>
public sealed class Deployment : KubernetesObject
{
    public DeploymentSpec Spec { get; set; } = new();
    public DeploymentStatus? Status { get; set; }
}

public sealed class DeploymentSpec
{
    public int? Replicas { get; set; }
    public bool? Paused { get; set; }
    public int? ProgressDeadlineSeconds { get; set; }
    public LabelSelector? Selector { get; set; }
    public PodTemplate? Template { get; set; }
}

public sealed class DeploymentStatus
{
    public long? ObservedGeneration { get; set; }
    public int? Replicas { get; set; }
    public int? UpdatedReplicas { get; set; }
    public int? ReadyReplicas { get; set; }
    public int? AvailableReplicas { get; set; }
    public int? UnavailableReplicas { get; set; }
    public List<Condition>? Conditions { get; set; }
}
