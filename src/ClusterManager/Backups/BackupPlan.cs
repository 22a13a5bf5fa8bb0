using Fleet.Backup.Targets;

namespace Fleet.ClusterManager.Backups;

internal enum BackupAction
{
    /// <summary>Nothing is due.</summary>
    Wait,

    Run,

    /// <summary>Something is due, and others are at it: it waits.</summary>
    Hold,

    Suspended,

    /// <summary>The spec can not be acted on.</summary>
    Invalid,

    /// <summary>The clock was put back: what lies in the future counts as never having been.</summary>
    Rebase,
}

/// <summary>What is done about a ManagementBackup now.</summary>
internal sealed record BackupPlan(BackupAction Action)
{
    /// <summary>Of the archive to be written.</summary>
    public BackupName Name { get; init; }

    /// <summary>An earlier process began this one and did not tell how it ended: what it has left goes first.</summary>
    public bool Resumes { get; init; }

    /// <summary>The time of the schedule that this run is for; null for others.</summary>
    public DateTimeOffset? Due { get; init; }

    /// <summary>The annotation that this run answers.</summary>
    public string? Request { get; init; }

    /// <summary>When the next one is due.</summary>
    public DateTimeOffset? Next { get; init; }

    /// <summary>When to look again at the latest; null: when something changes.</summary>
    public DateTimeOffset? LookAt { get; init; }

    /// <summary>For people: why it is invalid or held.</summary>
    public string Message { get; init; } = "";
}
