using Fleet.Kubernetes.Core;

namespace Fleet.Control.Ownership;

/// <summary>The Lease of a replica as it is kept.</summary>
internal sealed record ReplicaRow(string Lease, string Version, TimeSpan Duration, string? Address, string Holds, ReplicaFacts Facts)
{
    public static ReplicaRow From(Lease lease)
    {
        var notes = lease.Metadata.Annotations;
        _ = AssignmentText.TryNumber(notes?.GetValueOrDefault(OwnershipNames.Applied) ?? "", out var applied);
        return new(
            lease.Metadata.Name ?? "",
            lease.Metadata.ResourceVersion ?? "",
            TimeSpan.FromSeconds(Math.Clamp(lease.Spec.LeaseDurationSeconds ?? 0, 1, 3600)),
            notes?.GetValueOrDefault(OwnershipNames.Address),
            notes?.GetValueOrDefault(OwnershipNames.Holds) ?? "",
            new(lease.Spec.HolderIdentity ?? "", applied, SlotCosts.Read(notes?.GetValueOrDefault(OwnershipNames.Costs))) { Pool = notes?.GetValueOrDefault(OwnershipNames.Pool) ?? "" });
    }
}
