using Fleet.Kubernetes.Objects;

namespace Fleet.Kubernetes.Core;

/// <summary>apps/v1 DaemonSet.</summary>
public sealed class DaemonSet : KubernetesObject
{
    public DaemonSetSpec Spec { get; set; } = new();
    public DaemonSetStatus? Status { get; set; }
}

public sealed class DaemonSetSpec
{
    public LabelSelector? Selector { get; set; }
    public PodTemplate? Template { get; set; }
    public UpdateStrategy? UpdateStrategy { get; set; }
}

public sealed class DaemonSetStatus
{
    public long? ObservedGeneration { get; set; }
    public int DesiredNumberScheduled { get; set; }
    public int CurrentNumberScheduled { get; set; }
    public int NumberReady { get; set; }
    public int? NumberAvailable { get; set; }
    public int? NumberUnavailable { get; set; }
    public int? UpdatedNumberScheduled { get; set; }
    public List<Condition>? Conditions { get; set; }
}
