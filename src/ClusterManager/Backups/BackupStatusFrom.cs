using Fleet.Backup.Archives;
using Fleet.Contracts.Backups;
using Fleet.Contracts.Conditions;

namespace Fleet.ClusterManager.Backups;

/// <summary>Status and conditions of a ManagementBackup. Pure.</summary>
internal static class BackupStatusFrom
{
    private const int MostRecords = 20;

    public static IReadOnlySet<ConditionType> Owned { get; } = new HashSet<ConditionType> { ManagementBackupConditions.BackedUp, SharedConditions.Ready };

    /// <summary>A run that begins. From here on the name is known to whoever goes on after a crash.</summary>
    public static ManagementBackupStatus Started(ManagementBackup item, BackupPlan plan, DateTimeOffset now)
    {
        var before = item.Status ?? new();
        return before with
        {
            LastBackupName = plan.Name.Text,
            LastBackupTime = now,
            LastBackup = new() { Phase = BackupPhase.InProgress, StartTimestamp = now },
            Error = null,
            LastScheduled = plan.Due ?? before.LastScheduled,
            LastRequest = plan.Request ?? before.LastRequest,
            NextAttempt = plan.Next,
            Backups = With(before.Backups, new() { Name = plan.Name.Text, Phase = BackupPhase.InProgress, StartedAt = now }),
            ObservedGeneration = item.Metadata.Generation,
        };
    }

    public static ManagementBackupStatus Finished(ManagementBackupStatus started, BackupResult result, DateTimeOffset? next, DateTimeOffset now)
    {
        var begun = started.LastBackup?.StartTimestamp;
        if (result.Failure is { } failure)
        {
            return started with
            {
                LastBackup = new() { Phase = BackupPhase.Failed, StartTimestamp = begun, CompletionTimestamp = now, Errors = 1 },
                Error = failure.Message,
                Failures = (started.Failures ?? 0) + 1,
                NextAttempt = next,
                Location = result.Location ?? started.Location,
                Backups = With(started.Backups, new()
                {
                    Name = started.LastBackupName!, Phase = BackupPhase.Failed, StartedAt = begun, CompletedAt = now, Location = result.Location, Message = failure.Message,
                }),
            };
        }

        var manifest = result.Manifest!;
        var (objects, away) = (manifest.Parts.Sum(part => part.Objects), manifest.Regions.Where(region => region.Error is not null).ToList());
        var phase = away.Count > 0 ? BackupPhase.PartiallyFailed : BackupPhase.Completed;
        var error = away.Count > 0 ? string.Join("; ", away.Select(region => $"Region {region.Name}: {region.Error}")) : null;
        return started with
        {
            LastBackup = new()
            {
                Phase = phase, StartTimestamp = begun, CompletionTimestamp = now, Progress = new() { TotalItems = objects, ItemsBackedUp = objects },
                Warnings = manifest.Warnings.Count + manifest.Missing.Count, Errors = away.Count, SizeBytes = result.SizeBytes,
            },
            Error = error,
            Failures = null,
            LastSuccess = now,
            NextAttempt = next,
            Location = result.Location,
            Regions = Regions(started, manifest, begun),
            Backups = With(started.Backups, new()
            {
                Name = started.LastBackupName!, Phase = phase, StartedAt = begun, CompletedAt = now, SizeBytes = result.SizeBytes, Objects = objects, Location = result.Location,
                Message = (string?)string.Join("; ", result.Remarks.Prepend(error).Where(text => !string.IsNullOrEmpty(text))) is { Length: > 0 } message ? message : null,
            }),
        };
    }

    public static IReadOnlyList<Condition> Conditions(ManagementBackup item, BackupPlan plan, ManagementBackupStatus status, BackupResult? result)
    {
        var condition = plan.Action switch
        {
            BackupAction.Suspended => False(ManagementBackupReasons.Suspended, "No backups are made: spec.suspend, or the annotation k0rdent.mirantis.com/paused, is set"),
            BackupAction.Invalid => False(ManagementBackupReasons.SpecInvalid, plan.Message),
            _ when status.LastBackup?.Phase == BackupPhase.InProgress => False(Reason.Progressing, $"Backup {status.LastBackupName} is being made"),
            _ when result?.Failure is { } failure => False(failure.Reason, failure.Message),
            // Nothing ran: what the last run came to stands, with the words that it had.
            _ when status.LastBackup?.Phase == BackupPhase.Failed && result is null => Kept(item, status),
            BackupAction.Hold => False(Reason.Progressing, plan.Message),
            _ when status.LastBackup?.Phase == BackupPhase.PartiallyFailed => False(ManagementBackupReasons.RegionMissing, $"Backup {status.LastBackupName} is whole but for: {status.Error}"),
            _ when status.LastBackup is null => Condition.True(ManagementBackupConditions.BackedUp, ManagementBackupReasons.NotDue, "The first backup is not due yet"),
            _ => Condition.True(ManagementBackupConditions.BackedUp, ManagementBackupReasons.Completed, Said(status, result)),
        };
        return [.. ((Condition[])[condition, ConditionSummary.Ready([condition])]).Select(found => found with { ObservedGeneration = item.Metadata.Generation })];
    }

    private static Condition False(Reason reason, string message) => Condition.False(ManagementBackupConditions.BackedUp, reason, message);

    private static Condition Kept(ManagementBackup item, ManagementBackupStatus status) =>
        item.Status?.Conditions?.Find(known => known.Type == ManagementBackupConditions.BackedUp && known.Status == ConditionStatus.False && known.Message == status.Error)
        ?? False(Reason.Failed, status.Error ?? "The last backup failed");

    private static string Said(ManagementBackupStatus status, BackupResult? result) => result is null
        ? status.Backups?.Find(record => record.Name == status.LastBackupName)?.Message ?? ""
        : string.Join("; ", result.Remarks);

    private static List<BackupRecord> With(IEnumerable<BackupRecord>? before, BackupRecord record) =>
        [.. (before ?? []).Where(known => known.Name != record.Name).Prepend(record).Take(MostRecords)];

    private static List<RegionBackup>? Regions(ManagementBackupStatus started, ArchiveManifest manifest, DateTimeOffset? begun)
    {
        var known = (started.Regions ?? []).ToDictionary(region => region.Region, StringComparer.Ordinal);
        List<RegionBackup> regions =
        [
            .. manifest.Regions.OrderBy(region => region.Name, StringComparer.Ordinal).Select(region => region.Error is null
                ? new RegionBackup { Region = region.Name, LastBackupName = started.LastBackupName, LastBackupTime = begun }
                : new RegionBackup
                {
                    Region = region.Name, LastBackupName = known.GetValueOrDefault(region.Name)?.LastBackupName, LastBackupTime = known.GetValueOrDefault(region.Name)?.LastBackupTime, Error = region.Error,
                }),
        ];
        return regions.Count > 0 ? regions : null;
    }
}
