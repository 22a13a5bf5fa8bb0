using Fleet.Contracts;
using Fleet.Kubernetes.Objects;

namespace Fleet.ClusterManager.Releases;

/// <summary>
/// The newest revision of a Helm release as the labels of its record say, so that a steady fleet starts no helm. The fingerprint is a label
/// that Fleet sets; releases that somebody else made have none.
/// </summary>
internal sealed record ReleaseRecord(int Revision, string Status, string? Fingerprint)
{
    /// <summary>Instead of a uid, on releases that an orphaned ClusterDeployment has left.</summary>
    public const string Orphan = "orphaned";

    /// <summary>Uid of the ClusterDeployment that the release was made for; null on releases of earlier versions.</summary>
    public string? Owner { get; init; }

    public bool IsOrphan => Owner == Orphan;

    /// <summary>Made for another object of this name, which is gone or was orphaned: not to be changed, let alone deleted, unless the user says so.</summary>
    public bool IsOfAnother(ObjectMeta cluster) =>
        Owner is { } owner && owner != ReleaseIdentity.Of(cluster) && !IsUninstalled
        && !string.Equals(cluster.Annotations?.GetValueOrDefault(FleetAnnotations.TakeOver), "true", StringComparison.OrdinalIgnoreCase);

    /// <summary>A helm that was cut off left this behind: nobody else works on releases of this grain.</summary>
    public bool IsPending => Status.StartsWith("pending-", StringComparison.Ordinal);

    public bool IsDeployed => Status == "deployed";

    public bool IsUninstalled => Status == "uninstalled";
}
