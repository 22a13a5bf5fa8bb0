using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Fleet.Contracts.References;
using Fleet.Contracts.Schema;
using Fleet.Contracts.Sources;

namespace Fleet.Contracts.Backups;

[Kind("ManagementBackup", "managementbackups", Namespaced = false, ShortNames = ["kcmbackup", "mgmtbackup"], Status = typeof(ManagementBackupStatus))]
[PrinterColumn(0, "LastBackupStatus", "string", ".status.lastBackup.phase", Description = "Phase of the newest backup")]
[PrinterColumn(1, "NextBackup", "string", ".status.nextAttempt", Description = "When the next one is due")]
[PrinterColumn(2, "SinceLastSuccess", "date", ".status.lastSuccess", Description = "Age of the newest backup that is whole")]
[PrinterColumn(3, "Ready", "string", ".status.conditions[?(@.type==\"Ready\")].status", Description = "Whether the backup that was due is there")]
[PrinterColumn(4, "SinceLastBackup", "date", ".status.lastBackupTime", Description = "Time since the last attempt", Priority = 1)]
[PrinterColumn(5, "Error", "string", ".status.error", Description = "Why the last attempt failed", Priority = 1)]
[PrinterColumn(6, "Age", "date", ".metadata.creationTimestamp", Description = "Time since creation")]
[AtMostOneOf("storageLocation", "bucket", "folder")]
[Description("Backups of the management plane: one, or many by a schedule. Encrypted archives that Fleet writes itself.")]
public sealed record ManagementBackupSpec
{
    [StringLength(253), Description("Name of a BackupStorageLocation of Velero, whose bucket and credentials are used. Absent, and no bucket or folder: Velero's default one.")]
    public string? StorageLocation { get; set; }

    [StringLength(253), Description("When backups are made, as a cron expression of five fields, or a word such as @daily. Absent: one backup, once.")]
    public string? Schedule { get; set; }

    [Description("Make a backup before the release of the Management changes; the upgrade waits for it. Needs a schedule.")]
    public bool? PerformOnManagementUpgrade { get; set; }

    [StringLength(64), Description("Time zone of the schedule, for example Europe/Paris; absent means UTC. Fleet's own.")]
    public string? TimeZone { get; set; }

    [Description("A bucket to write to. Fleet's own.")]
    public BackupBucket? Bucket { get; set; }

    [StringLength(200), RegularExpression("^[a-z0-9]([a-z0-9-]*[a-z0-9])?$"),
     Description("Name of a folder to write to, below the one that Fleet was started with for backups. Fleet's own.")]
    public string? Folder { get; set; }

    [Description("What opens the archives: a Secret in the system namespace with key, the 32 bytes of a key, or passphrase. Absent means fleet-backup-key. Fleet's own.")]
    public LocalReference? EncryptionSecretRef { get; set; }

    [Description("How many backups of the schedule are kept, and for how long. Absent means for 720h. The newest stays in any case. Fleet's own.")]
    public BackupRetention? Retention { get; set; }

    [Description("Leave Fleet's database out. Fleet's own.")]
    public bool? ExcludeDatabase { get; set; }

    [Description("Make no backups for now. Fleet's own.")]
    public bool? Suspend { get; set; }
}

public sealed record BackupBucket : ObjectBucket
{
    [Description("Protect each archive from being deleted; the bucket must have object lock.")]
    public BackupLock? Lock { get; set; }
}

public sealed record BackupLock
{
    [Required, AllowedValues("GOVERNANCE", "COMPLIANCE"), Description("Whether those with a special right may still delete: GOVERNANCE or COMPLIANCE.")]
    public string Mode { get; set; } = "";

    [Required, Range(1, 36500), Description("For how many days.")]
    public int Days { get; set; }
}

public sealed record BackupRetention
{
    [Range(1, 100000), Description("How many stay.")]
    public int? Count { get; set; }

    [RegularExpression(SourcePatterns.Interval), Description("How old they may become, for example 720h.")]
    public string? Age { get; set; }
}
