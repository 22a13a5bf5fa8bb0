using Fleet.Contracts.Backups;
using Fleet.Control.Kinds;
using Fleet.Control.Status;
using Fleet.Kubernetes.Core;
using Fleet.Kubernetes.Events;
using Fleet.Kubernetes.Resources;
using Condition = Fleet.Contracts.Conditions.Condition;

namespace Fleet.ClusterManager.Backups;

/// <summary>Tells what came of backups: status, events, metrics, log.</summary>
internal sealed partial class BackupReports(IKubernetesClient client, IStatusWriter status, BackupMetrics metrics, TimeProvider clock, ILogger<BackupReports> log) : IAsyncDisposable
{
    private readonly EventRecorder recorder = new(client.Resource(CoreTypes.Events), new() { Controller = "fleet-cluster-manager", Instance = Environment.MachineName, Clock = clock });

    public IStatusWriter Status => status;

    /// <summary>Events of what has changed; before they are told, <paramref name="item"/> has the conditions as they were.</summary>
    public void Tell(ManagementBackup item, IReadOnlyList<Condition> conditions) =>
        new EventOnTransition(recorder).Conditions(Regarding(item), item.Status?.Conditions, conditions, ManagementBackupConditions.BackedUp);

    public void Ran(ManagementBackup item, ManagementBackupStatus finished, BackupResult result, TimeSpan took)
    {
        var (name, archive, phase) = (item.Metadata.Name!, finished.LastBackupName!, finished.LastBackup!.Phase!);
        metrics.Ran(name, phase, result.Failure?.Reason.Value ?? phase, took);
        if (result.Failure is { } failure)
        {
            LogFailed(archive, failure.Reason.Value, failure.Message);
            return;
        }

        recorder.Normal(Regarding(item), "BackupCompleted", "Backup", $"{archive}: {finished.LastBackup.Progress?.ItemsBackedUp} objects, {result.SizeBytes} bytes, in {result.Location}");
        LogMade(archive, result.SizeBytes, took.TotalSeconds);
    }

    public ValueTask DisposeAsync() => recorder.DisposeAsync();

    private static ObjectReference Regarding(ManagementBackup item)
    {
        var kind = FleetKinds.ManagementBackups.Kind;
        return new() { ApiVersion = kind.ApiVersion, Kind = kind.Kind, Name = item.Metadata.Name, Uid = item.Metadata.Uid };
    }

    [LoggerMessage(1801, LogLevel.Information, "Backup {Archive} is written and read back: {Bytes} bytes in {Seconds:0.0} s")]
    private partial void LogMade(string archive, long bytes, double seconds);

    [LoggerMessage(1802, LogLevel.Error, "Backup {Archive} failed ({Reason}): {Message}")]
    private partial void LogFailed(string archive, string reason, string message);
}
