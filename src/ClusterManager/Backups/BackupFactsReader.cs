using Fleet.Contracts.Backups;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.ClusterManager.Backups;

/// <summary>Reads what decides whether a backup is made now.</summary>
internal sealed class BackupFactsReader(IKubernetesClient client, VeleroObjects velero, BackupSecrets secrets)
{
    /// <summary>Null when there is no such object, or it is being deleted.</summary>
    public async Task<BackupFacts?> ReadAsync(ObjectKey key, CancellationToken ct)
    {
        if (await client.Resource(FleetKinds.ManagementBackups).GetAsync(key, ct) is not { Metadata.IsBeingDeleted: false } item)
            return null;
        var backups = await velero.BackupsAsync(ct);
        return new()
        {
            Object = item, Velero = backups.Count > 0 ? [.. backups] : null, VeleroRuns = backups.FirstOrDefault(VeleroObjects.IsRunning)?.Name, HasKeyNow = await HasKeyNowAsync(item, ct),
        };
    }

    /// <summary>Whoever makes the key that was lacking need not wait for the next try.</summary>
    private async Task<bool> HasKeyNowAsync(ManagementBackup item, CancellationToken ct)
    {
        var reason = item.Status?.Conditions?.Find(condition => condition.Type == ManagementBackupConditions.BackedUp)?.Reason;
        if (reason != ManagementBackupReasons.KeyMissing)
            return false;
        try
        {
            await secrets.KeyAsync(item.Spec, ct);
            return true;
        }
        catch (BackupFailureException)
        {
            return false;
        }
    }
}
