using Fleet.Backup.Archives;
using Fleet.Backup.Runs;
using Fleet.Backup.Snapshots;
using Fleet.Backup.Targets;
using Fleet.Contracts.Backups;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.ClusterManager.Backups;

/// <summary>Makes one archive, reads it back, and deletes those that are too many or too old.</summary>
internal sealed class BackupWork(IKubernetesClient client, BackupSecrets secrets, BackupPlaces places, ClusterManagerOptions options, TimeProvider clock)
{
    private readonly BackupTidying tidying = new(client, clock);

    /// <summary>Failures that users can do something about are in the result; others are thrown.</summary>
    public async Task<BackupResult> RunAsync(ManagementBackup item, BackupPlan plan, CancellationToken ct)
    {
        IBackupTarget? target = null;
        try
        {
            var key = await secrets.KeyAsync(item.Spec, ct);
            target = await places.FindAsync(item.Spec, ct);
            var manifest = await WriteAsync(item, plan, target, key, ct);
            List<string> remarks = [];
            if (options.Backups.Database is null && item.Spec.ExcludeDatabase != true)
                remarks.Add("Fleet's database is not in it: ClusterManager runs without one (--postgres)");
            var size = await tidying.TidyAsync(item, plan.Name, target, remarks, ct);
            return new(target.Shown) { Manifest = manifest, SizeBytes = size, Remarks = remarks };
        }
        catch (Exception e) when (BackupFailure.Of(e) is { } failure)
        {
            return new(target?.Shown) { Failure = failure };
        }
        finally
        {
            (target as IDisposable)?.Dispose();
        }
    }

    private async Task<ArchiveManifest> WriteAsync(ManagementBackup item, BackupPlan plan, IBackupTarget target, ArchiveSecret key, CancellationToken ct)
    {
        var run = new BackupRun(target, key, clock);
        if (plan.Resumes && !(await target.ListAsync(ct)).Any(stored => stored.Name == plan.Name))
        {
            // Our own run of this name was cut off: its unfinished upload and its claim would keep the name for ever.
            await target.DeleteAsync(plan.Name, ct);
        }

        try
        {
            return await run.CreateAsync(
                plan.Name,
                new SnapshotOptions { Management = client, Postgres = item.Spec.ExcludeDatabase == true ? null : options.Backups.Database, ManagementBackup = item.Metadata.Name }, null, null, ct);
        }
        catch (BackupTargetException e) when (e.Fault == BackupTargetFault.Taken)
        {
            return await OwnAsync(item, plan, run, e, ct);
        }
    }

    /// <summary>Another process, or this one before it was ended, has written the same run: it counts when it is whole and of this cluster.</summary>
    private async Task<ArchiveManifest> OwnAsync(ManagementBackup item, BackupPlan plan, BackupRun run, BackupTargetException taken, CancellationToken ct)
    {
        var there = await run.VerifyAsync(plan.Name, null, ct);
        var system = await client.Dynamic(CoreKinds.Namespaces).GetAsync(ObjectKey.Cluster("kube-system"), ct);
        return there.Origin.ManagementBackup == item.Metadata.Name && there.Origin.ClusterUid == system?.Metadata.Uid
            ? there
            : throw new BackupFailureException(ManagementBackupReasons.NameTaken, $"There is an archive {plan.Name} of another cluster or ManagementBackup; give each management cluster a prefix or folder of its own", taken);
    }
}
