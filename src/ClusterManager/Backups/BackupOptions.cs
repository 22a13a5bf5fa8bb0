namespace Fleet.ClusterManager.Backups;

/// <summary>How backups are made.</summary>
public sealed record BackupOptions
{
    /// <summary>Connection string of Fleet's database, which is dumped; null: there is none here. Holds a password.</summary>
    public string? Database { get; init; }

    /// <summary>Below it lie the folders that ManagementBackups may name; null: only buckets. A path in an object would let its author write anywhere.</summary>
    public string? Folder { get; init; }

    /// <summary>Of the Lease that keeps two processes from making backups at the same time.</summary>
    public TimeSpan LeaseDuration { get; init; } = TimeSpan.FromSeconds(30);
}
