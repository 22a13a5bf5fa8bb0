using Fleet.Backup.Archives;

namespace Fleet.ClusterManager.Backups;

/// <summary>What came of a run.</summary>
/// <param name="Location">For people.</param>
internal sealed record BackupResult(string? Location)
{
    /// <summary>Of the archive that was read back; null when it failed.</summary>
    public ArchiveManifest? Manifest { get; init; }

    public long SizeBytes { get; init; }

    public BackupFailure? Failure { get; init; }

    /// <summary>What else is to be said: old archives that could not be deleted, a database that is not in it.</summary>
    public IReadOnlyList<string> Remarks { get; init; } = [];
}
