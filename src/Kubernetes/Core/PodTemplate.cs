using Fleet.Kubernetes.Objects;

namespace Fleet.Kubernetes.Core;

/// <summary>The pods a workload makes: only what is read of them. Write workloads as JSON or by apply, since a PUT of this would drop the rest.</summary>
public sealed class PodTemplate
{
    public ObjectMeta? Metadata { get; set; }
    public PodSpec? Spec { get; set; }
}
