using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Fleet.Contracts.Conditions;
using Fleet.Contracts.Schema;

namespace Fleet.Contracts.Backups;

public sealed record ManagementBackupStatus
{
    [Description("When the next backup is due; absent when there will be none.")]
    public DateTimeOffset? NextAttempt { get; set; }

    [Description("When the newest backup was begun.")]
    public DateTimeOffset? LastBackupTime { get; set; }

    [Description("Name of the newest backup.")]
    public string? LastBackupName { get; set; }

    [Description("The newest backup.")]
    public BackupState? LastBackup { get; set; }

    [Description("Why the newest backup failed.")]
    public string? Error { get; set; }

    [ListMap("region"), Description("What the newest backup has of the clusters of Regions.")]
    public List<RegionBackup>? Regions { get; set; }

    [Description("When the newest backup that is whole was finished. Fleet's own.")]
    public DateTimeOffset? LastSuccess { get; set; }

    [Description("The time of the schedule that was acted on last. Fleet's own.")]
    public DateTimeOffset? LastScheduled { get; set; }

    [Description("Attempts that failed since the last one that did not. Fleet's own.")]
    public int? Failures { get; set; }

    [Description("Value of the annotation that asked for the last backup out of turn. Fleet's own.")]
    public string? LastRequest { get; set; }

    [Description("Where backups go. Fleet's own.")]
    public string? Location { get; set; }

    [ListMap("name"), Description("The last twenty attempts. Fleet's own.")]
    public List<BackupRecord>? Backups { get; set; }

    [Description("What Velero has in the same location, the newest of each of its schedules. Only shown. Fleet's own.")]
    public List<VeleroBackup>? Velero { get; set; }

    [ListMap("type"), Description("What was found.")]
    public List<Condition>? Conditions { get; set; }

    [Description("The generation of the spec that this status is about.")]
    public long? ObservedGeneration { get; set; }
}

/// <summary>Velero's words for the state of a backup, which upstream's status carries.</summary>
public static class BackupPhase
{
    public const string InProgress = "InProgress";

    public const string Completed = "Completed";

    /// <summary>The archive is whole, but a Region is not in it.</summary>
    public const string PartiallyFailed = "PartiallyFailed";

    public const string Failed = "Failed";
}

public sealed record BackupState
{
    [Description("InProgress, Completed, PartiallyFailed or Failed.")]
    public string? Phase { get; set; }

    [Description("When it was begun.")]
    public DateTimeOffset? StartTimestamp { get; set; }

    [Description("When it had been read back, or had failed.")]
    public DateTimeOffset? CompletionTimestamp { get; set; }

    [Description("Objects in it.")]
    public BackupItems? Progress { get; set; }

    [Description("What others refer to and was not there, and Regions that were away.")]
    public int? Warnings { get; set; }

    [Description("Errors that ended it.")]
    public int? Errors { get; set; }

    [Description("Bytes of the archive. Fleet's own.")]
    public long? SizeBytes { get; set; }
}

public sealed record BackupItems
{
    [Description("Objects that were to be taken.")]
    public int? TotalItems { get; set; }

    [Description("Objects that were taken.")]
    public int? ItemsBackedUp { get; set; }
}

public sealed record RegionBackup
{
    [Required, Description("Name of the Region.")]
    public string Region { get; set; } = "";

    [Description("The newest backup that holds its cluster's objects.")]
    public string? LastBackupName { get; set; }

    [Description("When that one was begun.")]
    public DateTimeOffset? LastBackupTime { get; set; }

    [Description("Why the newest backup does not have them.")]
    public string? Error { get; set; }
}

public sealed record BackupRecord
{
    [Required, Description("Name of the archive.")]
    public string Name { get; set; } = "";

    [Description("InProgress, Completed, PartiallyFailed or Failed.")]
    public string? Phase { get; set; }

    [Description("When it was begun.")]
    public DateTimeOffset? StartedAt { get; set; }

    [Description("When it was finished.")]
    public DateTimeOffset? CompletedAt { get; set; }

    [Description("Bytes of the archive.")]
    public long? SizeBytes { get; set; }

    [Description("Objects in it.")]
    public int? Objects { get; set; }

    [Description("Where it lies.")]
    public string? Location { get; set; }

    [Description("Why it failed, or what is not in it.")]
    public string? Message { get; set; }
}

public sealed record VeleroBackup
{
    [Required, Description("Namespace and name of the Backup.")]
    public string Name { get; set; } = "";

    [Description("The Schedule that made it.")]
    public string? Schedule { get; set; }

    [Description("As Velero says.")]
    public string? Phase { get; set; }

    [Description("When it was begun.")]
    public DateTimeOffset? StartedAt { get; set; }

    [Description("When it was finished.")]
    public DateTimeOffset? CompletedAt { get; set; }
}
