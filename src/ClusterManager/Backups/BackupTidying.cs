using Fleet.Backup.Targets;
using Fleet.Contracts.Backups;
using Fleet.Contracts.Components;
using Fleet.Control.Durations;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.ClusterManager.Backups;

/// <summary>Deletes the archives of a schedule that are too many or too old, and those made before upgrades with their objects. What can not go is said, and is no failure of the backup.</summary>
internal sealed class BackupTidying(IKubernetesClient client, TimeProvider clock)
{
    /// <summary>As long as Velero keeps upstream's.</summary>
    private static readonly TimeSpan UsualAge = TimeSpan.FromDays(30);

    /// <returns>Bytes of the archive that was written.</returns>
    public async Task<long> TidyAsync(ManagementBackup item, BackupName written, IBackupTarget target, List<string> remarks, CancellationToken ct)
    {
        try
        {
            var stored = await target.ListAsync(ct);
            if (item.Spec.Schedule is { Length: > 0 })
            {
                var retention = RetentionOf(item.Spec.Retention);
                foreach (var old in retention.Due([.. stored.Where(backup => backup.Name.IsOf(item.Metadata.Name!))], clock.GetUtcNow()))
                    await DeleteAsync(old.Name, target, remarks, ct);
                await TidyUpgradesAsync(item, target, stored, retention, remarks, ct);
            }

            return stored.FirstOrDefault(backup => backup.Name == written)?.Size ?? 0;
        }
        catch (BackupTargetException e)
        {
            // The backup is there, and that is what counts.
            remarks.Add($"Old backups were not looked for: {e.Message}");
            return 0;
        }
    }

    private async Task TidyUpgradesAsync(ManagementBackup item, IBackupTarget target, IReadOnlyList<StoredBackup> stored, Retention retention, List<string> remarks, CancellationToken ct)
    {
        try
        {
            var backups = client.Resource(FleetKinds.ManagementBackups);
            var management = await client.Resource(FleetKinds.Managements).GetAsync(ObjectKey.Cluster(ManagementSpec.SingletonName), ct);
            foreach (var old in UpgradeArchives.Due(item, (await backups.ListAsync(ListOptions.All, ct)).Items, management, stored, retention, clock.GetUtcNow()))
            {
                if (await DeleteAsync(BackupName.Parse(old.Metadata.Name!), target, remarks, ct))
                    await backups.DeleteAsync(old.Metadata.Key, DeleteOptions.Background with { Uid = old.Metadata.Uid }, ct);
            }
        }
        catch (Exception e) when (e is KubeApiException or HttpRequestException or TimeoutException)
        {
            remarks.Add($"Old backups from before upgrades were not looked for: {e.Message}");
        }
    }

    /// <returns>Whether it is gone.</returns>
    private static async Task<bool> DeleteAsync(BackupName name, IBackupTarget target, List<string> remarks, CancellationToken ct)
    {
        try
        {
            await target.DeleteAsync(name, ct);
            return true;
        }
        catch (BackupTargetException e)
        {
            remarks.Add($"{name} is to go and was not deleted: {e.Message}");
            return false;
        }
    }

    private static Retention RetentionOf(BackupRetention? wanted) => new(
        wanted?.Count, GoDuration.TryParse(wanted?.Age, out var age) ? age : wanted?.Count is null ? UsualAge : null);
}
