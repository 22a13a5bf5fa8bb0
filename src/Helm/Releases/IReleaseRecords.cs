namespace Fleet.Helm.Releases;

/// <summary>Helm's own records in a cluster. Only what helm itself cannot do.</summary>
internal interface IReleaseRecords
{
    /// <summary>Deletes the Secret of one revision; what the release made stays. No error when it is gone already.</summary>
    Task RemoveAsync(ReleaseName release, int revision, ClusterAccess cluster, CancellationToken ct);
}
