using Fleet.Backup.Archives;
using Fleet.Backup.Snapshots;
using Fleet.Backup.Targets;

namespace Fleet.Backup.Runs;

/// <summary>Takes backups, writes them to a target and reads them back. A backup that cannot be read back is deleted and is a failure.</summary>
public sealed class BackupRun(IBackupTarget target, ArchiveSecret secret, TimeProvider clock)
{
    public async Task<ArchiveManifest> CreateAsync(
        BackupName name, SnapshotOptions options, IProgress<SnapshotProgress>? progress, IProgress<(long Done, long Total)>? verified, CancellationToken ct)
    {
        await using (var upload = await target.BeginAsync(name, ct))
        {
            try
            {
                await new ManagementSnapshot(options, clock).WriteAsync(upload.Content, secret, progress, ct);
                await upload.CommitAsync(ct);
            }
            catch (BackupTargetException e)
            {
                await upload.DisposeAsync();
                if (upload.LeftBehind is { } left)
                    throw new BackupTargetException(e.Fault, $"{e.Message} {left}", e);
                throw;
            }
        }

        try
        {
            return await VerifyAsync(name, verified, ct);
        }
        catch (ArchiveException)
        {
            // What is there now is ours and worthless; it would be taken for a backup on the day that one is needed.
            await target.DeleteAsync(name, CancellationToken.None);
            throw;
        }
    }

    /// <exception cref="ArchiveException">It is not as it was written, or the secret is another one.</exception>
    public async Task<ArchiveManifest> VerifyAsync(BackupName name, IProgress<(long Done, long Total)>? progress, CancellationToken ct)
    {
        await using var content = await target.OpenAsync(name, ct);
        using var archive = await ArchiveReader.OpenAsync(content, secret, ct);
        await archive.VerifyAsync(progress is null ? null : new Share(progress, content.Length), ct);
        return archive.Manifest;
    }

    private sealed class Share(IProgress<(long Done, long Total)> progress, long total) : IProgress<long>
    {
        public void Report(long value) => progress.Report((value, total));
    }
}
