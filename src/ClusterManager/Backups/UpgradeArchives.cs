using Fleet.Backup.Targets;
using Fleet.Contracts;
using Fleet.Contracts.Backups;

namespace Fleet.ClusterManager.Backups;

/// <summary>
/// Which of the backups made before upgrades may go, by the retention of the schedule that they are copies of. The archive goes first and its ManagementBackup after it:
/// one that says "Completed" of an archive that is gone would let the next upgrade from that release pass without a backup. Pure.
/// </summary>
internal static class UpgradeArchives
{
    /// <param name="schedule">Whose copies are looked at.</param>
    /// <param name="all">Every ManagementBackup.</param>
    /// <param name="management">The upgrade that runs, if one does, is known by it.</param>
    /// <param name="stored">What is in the place that the schedule writes to.</param>
    /// <returns>Copies whose archive and object go, oldest first.</returns>
    public static IReadOnlyList<ManagementBackup> Due(
        ManagementBackup schedule, IReadOnlyList<ManagementBackup> all, Management? management, IReadOnlyList<StoredBackup> stored, Retention retention, DateTimeOffset now)
    {
        // Until the release that is wanted is installed somebody may have to go back.
        var running = management is { Status.Release: { Length: > 0 } installed } && installed != management.Spec.Release ? installed : null;
        var copies = all.Where(copy => IsFinishedCopy(copy, schedule)).ToDictionary(copy => copy.Metadata.Name!, StringComparer.Ordinal);
        var there = stored.Where(archive => copies.ContainsKey(archive.Name.Text)).ToList();
        var gone = copies.Values.Where(copy => !there.Exists(archive => archive.Name.Text == copy.Metadata.Name)).OrderBy(copy => copy.Metadata.Name, StringComparer.Ordinal);
        return
        [
            .. retention.Due(there, now).Select(archive => copies[archive.Name.Text]).Concat(gone).Where(copy => ReleaseOf(copy) != running),
        ];
    }

    /// <summary>Made by Fleet for this schedule, in the same place, and not one that an upgrade still waits for.</summary>
    private static bool IsFinishedCopy(ManagementBackup copy, ManagementBackup schedule) =>
        ReleaseOf(copy) is { Length: > 0 } release && copy.Metadata.Name == $"{schedule.Metadata.Name}-{release}" && !copy.Metadata.IsBeingDeleted
        && copy.Status?.LastBackup?.Phase is BackupPhase.Completed or BackupPhase.PartiallyFailed && PlaceOf(copy.Spec) == PlaceOf(schedule.Spec);

    private static string? ReleaseOf(ManagementBackup copy) => copy.Metadata.Labels?.GetValueOrDefault(FleetLabels.ReleaseBackup);

    private static (string?, string?, string?, string?, string?) PlaceOf(ManagementBackupSpec spec) =>
        (spec.StorageLocation, spec.Folder, spec.Bucket?.Endpoint, spec.Bucket?.Name, spec.Bucket?.Prefix?.Trim('/'));
}
