using Fleet.Backup.Targets;
using Fleet.Contracts.Backups;
using Fleet.Sources.Buckets;

namespace Fleet.ClusterManager.Backups;

/// <summary>Where the archives of a ManagementBackup go.</summary>
internal sealed class BackupPlaces(BackupSecrets secrets, VeleroObjects velero, ClusterManagerOptions options, TimeProvider clock)
{
    /// <exception cref="BackupFailureException">It can not be found out.</exception>
    /// <exception cref="BackupTargetException">The endpoint is none.</exception>
    public async Task<IBackupTarget> FindAsync(ManagementBackupSpec spec, CancellationToken ct)
    {
        if (spec.Folder is { Length: > 0 } folder)
        {
            return options.Backups.Folder is { } root
                ? new FolderTarget(Path.Combine(root, folder))
                : throw new BackupFailureException(ManagementBackupReasons.LocationInvalid, "spec.folder: Fleet was started without a folder for backups (--backups FOLDER); name a bucket");
        }

        if (spec.Bucket is not { } bucket)
            return new BucketTarget(await velero.SourceAsync(spec.StorageLocation, ct), null, clock);
        var (access, authority) = await secrets.BucketAsync(bucket.SecretRef.Name, ct);
        var source = new BucketSource(bucket.Endpoint, bucket.Name)
        {
            Prefix = bucket.Prefix?.Trim('/'), Region = bucket.Region, Insecure = bucket.Insecure == true, Access = access, CaBundle = authority,
        };
        return new BucketTarget(source, bucket.Lock is { } protect ? new(protect.Mode, TimeSpan.FromDays(protect.Days)) : null, clock);
    }
}
