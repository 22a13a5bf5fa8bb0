namespace Fleet.Backup.Targets;

/// <summary>
/// Where backups lie. A backup appears under its name as a whole or not at all, and never takes the place of another.
/// Every failure that a user can act on is a <see cref="BackupTargetException"/>.
/// </summary>
public interface IBackupTarget
{
    /// <summary>For people; no secret is in it.</summary>
    string Shown { get; }

    /// <summary>Newest first.</summary>
    Task<IReadOnlyList<StoredBackup>> ListAsync(CancellationToken ct);

    /// <exception cref="BackupTargetException">The name is taken.</exception>
    Task<IBackupUpload> BeginAsync(BackupName name, CancellationToken ct);

    /// <summary>A stream that can seek.</summary>
    Task<Stream> OpenAsync(BackupName name, CancellationToken ct);

    /// <returns>False when it was gone already.</returns>
    Task<bool> DeleteAsync(BackupName name, CancellationToken ct);
}

/// <summary>A backup that is being written. Disposing of one that was not committed leaves nothing behind.</summary>
public interface IBackupUpload : IAsyncDisposable
{
    Stream Content { get; }

    /// <summary>After it was disposed of: what could not be taken away again, in words for people; null when nothing is left.</summary>
    string? LeftBehind => null;

    /// <summary>Afterwards the backup is there, durable.</summary>
    /// <exception cref="BackupTargetException">Somebody else has written a backup of this name meanwhile; his stays.</exception>
    Task CommitAsync(CancellationToken ct);
}

/// <param name="WrittenAt">By the target's clock.</param>
/// <param name="RetainedUntil">Until then the target refuses to delete it; null where it has no lock, or does not say.</param>
public sealed record StoredBackup(BackupName Name, long Size, DateTimeOffset WrittenAt, DateTimeOffset? RetainedUntil = null);

public enum BackupTargetFault { NotFound, Taken, Refused, Unreachable, Full, Invalid }

public sealed class BackupTargetException(BackupTargetFault fault, string message, Exception? inner = null) : Exception(message, inner)
{
    public BackupTargetFault Fault { get; } = fault;
}
