using Fleet.Contracts.Api;
using Fleet.Contracts.Backups;

namespace Fleet.Control.Backups;

/// <summary>What the status of ManagementBackups tells of backups, for the REST API and the command line. Pure.</summary>
public static class BackupHistory
{
    private const string Velero = "velero";

    public static BackupsView Of(IReadOnlyList<ManagementBackup> objects, DateTimeOffset now)
    {
        var own = objects.SelectMany(item => (item.Status?.Backups ?? []).Select(record => Own(item.Metadata.Name ?? "", record)));
        // Several ManagementBackups see the same Velero.
        var others = objects.SelectMany(item => item.Status?.Velero ?? []).DistinctBy(backup => backup.Name).Select(Foreign);
        var last = objects.Max(item => item.Status?.LastSuccess);
        return new([.. own.Concat(others).OrderByDescending(view => view.StartedAt).ThenBy(view => view.Name, StringComparer.Ordinal)])
        {
            LastSuccess = last,
            AgeSeconds = last is { } success ? (long)Math.Max(0, (now - success).TotalSeconds) : null,
        };
    }

    private static BackupView Own(string schedule, BackupRecord record) => new("", record.Name, record.Phase ?? "", record.StartedAt)
    {
        Schedule = schedule, CompletedAt = record.CompletedAt, SizeBytes = record.SizeBytes ?? 0, Objects = record.Objects ?? 0, Location = record.Location, Message = record.Message,
    };

    private static BackupView Foreign(VeleroBackup backup)
    {
        var slash = backup.Name.IndexOf('/', StringComparison.Ordinal);
        return new(slash < 0 ? "" : backup.Name[..slash], backup.Name[(slash + 1)..], backup.Phase ?? "New", backup.StartedAt) { Schedule = backup.Schedule, CompletedAt = backup.CompletedAt, Engine = Velero };
    }
}
