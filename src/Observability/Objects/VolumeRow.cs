using Fleet.Kubernetes.Core;
using Fleet.Kubernetes.Objects;

namespace Fleet.Observability.Objects;

/// <summary>A disk: it costs from its creation to its end, mounted or not.</summary>
/// <param name="Claim">Null when no claim has it.</param>
/// <param name="ProviderId">The provider's name for the disk; "" when it has none.</param>
internal sealed record VolumeRow(string Uid, string Name, string StorageClass, double Bytes, ObjectKey? Claim, string ProviderId, string Phase, DateTimeOffset Created)
{
    public static VolumeRow Of(PersistentVolume volume) => new(
        volume.Metadata.Uid ?? "", volume.Metadata.Name ?? "", volume.Spec.StorageClassName ?? "", Amounts.Of(volume.Spec.Capacity, "storage"),
        volume.Spec.ClaimRef is { Name: { } name } claim && volume.Status?.Phase == "Bound" ? new(claim.Namespace ?? "", name) : null,
        volume.Spec.Csi?.VolumeHandle ?? "", volume.Status?.Phase ?? "", volume.Metadata.CreationTimestamp ?? default);
}

/// <param name="Volume">"" while it waits for one.</param>
/// <param name="RequestedBytes">What a pod that mounts it is charged for.</param>
internal sealed record ClaimRow(string Uid, ObjectKey Key, string Volume, string StorageClass, double RequestedBytes, DateTimeOffset Created)
{
    public static ClaimRow Of(PersistentVolumeClaim claim) => new(
        claim.Metadata.Uid ?? "", claim.Metadata.Key, claim.Spec.VolumeName ?? "", claim.Spec.StorageClassName ?? "",
        Amounts.Of(claim.Spec.Resources?.Requests, "storage"), claim.Metadata.CreationTimestamp ?? default);
}
