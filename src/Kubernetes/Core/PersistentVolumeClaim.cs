using Fleet.Kubernetes.Objects;

namespace Fleet.Kubernetes.Core;

/// <summary>v1 PersistentVolumeClaim.</summary>
public sealed class PersistentVolumeClaim : KubernetesObject
{
    public PersistentVolumeClaimSpec Spec { get; set; } = new();
    public PersistentVolumeClaimStatus? Status { get; set; }
}

public sealed class PersistentVolumeClaimSpec
{
    public string? StorageClassName { get; set; }
    public string? VolumeName { get; set; }
    public ResourceRequirements? Resources { get; set; }
}

public sealed class PersistentVolumeClaimStatus
{
    /// <summary><c>Pending</c>, <c>Bound</c> or <c>Lost</c>.</summary>
    public string? Phase { get; set; }

    /// <summary>Quantities; <c>storage</c> is in bytes.</summary>
    public Dictionary<string, string>? Capacity { get; set; }
}
