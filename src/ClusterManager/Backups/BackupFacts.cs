using Fleet.Contracts.Backups;

namespace Fleet.ClusterManager.Backups;

/// <summary>What decides whether a backup is made now.</summary>
internal sealed record BackupFacts
{
    public required ManagementBackup Object { get; init; }

    /// <summary>What Velero has; null where there is nothing.</summary>
    public List<VeleroBackup>? Velero { get; init; }

    /// <summary>The last backup failed for want of a key, and there is one now.</summary>
    public bool HasKeyNow { get; init; }

    /// <summary>A Backup that Velero makes just now; null when there is none.</summary>
    public string? VeleroRuns { get; init; }
}
