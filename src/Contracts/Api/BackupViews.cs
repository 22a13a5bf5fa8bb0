namespace Fleet.Contracts.Api;

/// <summary>A backup that was made, or tried.</summary>
/// <param name="Namespace">Of the Backup of Velero; empty for those of Fleet.</param>
/// <param name="Name">Of the archive.</param>
/// <param name="Phase">InProgress, Completed, PartiallyFailed or Failed; of Velero's, what Velero says.</param>
/// <param name="StartedAt">When it was begun.</param>
public sealed record BackupView(string Namespace, string Name, string Phase, DateTimeOffset? StartedAt)
{
    /// <summary>The ManagementBackup that it was made for, or Velero's Schedule.</summary>
    public string? Schedule { get; init; }

    public DateTimeOffset? CompletedAt { get; init; }

    /// <summary>Bytes of the archive.</summary>
    public long SizeBytes { get; init; }

    /// <summary>Objects in it.</summary>
    public int Objects { get; init; }

    /// <summary>Where it lies.</summary>
    public string? Location { get; init; }

    /// <summary>Why it failed, or what is not in it.</summary>
    public string? Message { get; init; }

    /// <summary>fleet or velero.</summary>
    public string Engine { get; init; } = "fleet";
}

/// <param name="Items">Newest first.</param>
public sealed record BackupsView(IReadOnlyList<BackupView> Items)
{
    /// <summary>When the newest backup of Fleet that is whole was finished.</summary>
    public DateTimeOffset? LastSuccess { get; init; }

    /// <summary>Its age.</summary>
    public long? AgeSeconds { get; init; }
}
