using Fleet.Kubernetes.Objects;

namespace Fleet.Kubernetes.Core;

/// <summary>v1 PersistentVolume.</summary>
public sealed class PersistentVolume : KubernetesObject
{
    public PersistentVolumeSpec Spec { get; set; } = new();
    public PersistentVolumeStatus? Status { get; set; }
}

public sealed class PersistentVolumeSpec
{
    public string? StorageClassName { get; set; }

    /// <summary>Quantities; <c>storage</c> is in bytes.</summary>
    public Dictionary<string, string>? Capacity { get; set; }
    public ObjectReference? ClaimRef { get; set; }
    public CsiVolume? Csi { get; set; }
}

public sealed class CsiVolume
{
    public string? Driver { get; set; }

    /// <summary>The provider's name for the disk.</summary>
    public string? VolumeHandle { get; set; }
}

public sealed class PersistentVolumeStatus
{
    /// <summary><c>Available</c>, <c>Bound</c>, <c>Released</c>, <c>Failed</c> or <c>Pending</c>.</summary>
    public string? Phase { get; set; }
}
