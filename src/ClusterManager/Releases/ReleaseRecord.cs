namespace Fleet.ClusterManager.Releases;

/// <summary>
/// The newest revision of a Helm release as the labels of its record say, so that a steady fleet starts no helm. The fingerprint is a label
/// that Fleet sets; releases that somebody else made have none.
/// </summary>
internal sealed record ReleaseRecord(int Revision, string Status, string? Fingerprint)
{
    /// <summary>A helm that was cut off left this behind: nobody else works on releases of this grain.</summary>
    public bool IsPending => Status.StartsWith("pending-", StringComparison.Ordinal);

    public bool IsDeployed => Status == "deployed";

    public bool IsUninstalled => Status == "uninstalled";
}
