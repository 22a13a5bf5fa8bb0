using Fleet.Kubernetes.Objects;

namespace Fleet.Kubernetes.Core;

/// <summary>coordination.k8s.io/v1 Lease.</summary>
public sealed class Lease : KubernetesObject
{
    public LeaseSpec Spec { get; set; } = new();
}

public sealed class LeaseSpec
{
    public string? HolderIdentity { get; set; }
    public int? LeaseDurationSeconds { get; set; }
    public DateTimeOffset? AcquireTime { get; set; }
    public DateTimeOffset? RenewTime { get; set; }

    /// <summary>Grows with each change of holder; a fencing token.</summary>
    public int? LeaseTransitions { get; set; }
}
