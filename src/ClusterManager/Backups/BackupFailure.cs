using Fleet.Backup.Archives;
using Fleet.Backup.Postgres;
using Fleet.Backup.Targets;
using Fleet.Contracts.Backups;
using Fleet.Contracts.Conditions;
using Fleet.Kubernetes.Resources;

namespace Fleet.ClusterManager.Backups;

/// <summary>Why a backup could not be made; the message is for people and holds no secret.</summary>
internal sealed class BackupFailureException(Reason reason, string message, Exception? inner = null) : Exception(message, inner)
{
    public Reason Reason { get; } = reason;
}

/// <summary>What failed, as a reason of the condition.</summary>
internal sealed record BackupFailure(Reason Reason, string Message)
{
    private const int NoSpace = 28;
    private const int NoQuota = 122;

    /// <summary>Null for what is a defect or a cancellation: it is not ours to explain.</summary>
    public static BackupFailure? Of(Exception error) => error switch
    {
        BackupFailureException own => new(own.Reason, own.Message),
        BackupTargetException target => new(ReasonOf(target.Fault), target.Message),
        ArchiveException { Fault: ArchiveFault.WrongKey } key => new(ManagementBackupReasons.KeyInvalid, key.Message),
        ArchiveException archive => new(ManagementBackupReasons.VerificationFailed, archive.Message),
        PostgresToolException tool => new(ManagementBackupReasons.DatabaseFailed, tool.Message),
        FormatException format => new(ManagementBackupReasons.DatabaseFailed, format.Message),
        KubeApiException api => new(ManagementBackupReasons.ClusterUnreadable, $"The management cluster can not be read: {api.Message}"),
        TimeoutException or HttpRequestException => new(ManagementBackupReasons.ClusterUnreadable, $"The management cluster can not be read: {error.Message}"),
        IOException disk => new((disk.HResult & 0xFFFF) is NoSpace or NoQuota ? ManagementBackupReasons.LocationFull : ManagementBackupReasons.LocationUnreachable, $"It could not be written: {disk.Message}"),
        _ => null,
    };

    private static Reason ReasonOf(BackupTargetFault fault) => fault switch
    {
        BackupTargetFault.NotFound => ManagementBackupReasons.LocationMissing,
        BackupTargetFault.Taken => ManagementBackupReasons.NameTaken,
        BackupTargetFault.Refused => ManagementBackupReasons.LocationRefused,
        BackupTargetFault.Unreachable => ManagementBackupReasons.LocationUnreachable,
        BackupTargetFault.Full => ManagementBackupReasons.LocationFull,
        _ => ManagementBackupReasons.LocationInvalid,
    };
}
