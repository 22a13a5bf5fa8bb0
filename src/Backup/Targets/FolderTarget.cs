using System.Runtime.InteropServices;

namespace Fleet.Backup.Targets;

/// <summary>
/// Backups in a folder, of this machine or of a file server. Written beside, flushed to the disk, and then given their name by a hard link, which fails
/// where the name is taken: also two machines that share the folder do not overwrite one another.
/// </summary>
public sealed partial class FolderTarget(string folder) : IBackupTarget
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const int Exists = 17;
    private const int NotPermitted = 1;
    private const int NotSupported = 95;

    private readonly string folder = Path.GetFullPath(folder);

    public string Shown => folder;

    public Task<IReadOnlyList<StoredBackup>> ListAsync(CancellationToken ct)
    {
        try
        {
            IReadOnlyList<StoredBackup> found = !Directory.Exists(folder) ? [] :
            [
                .. from file in new DirectoryInfo(folder).EnumerateFiles("*" + BackupName.Extension)
                   let name = BackupName.TryParseFile(file.Name, out var parsed) ? parsed : (BackupName?)null
                   where name is not null
                   orderby file.LastWriteTimeUtc descending, file.Name descending
                   select new StoredBackup(name.Value, file.Length, new(file.LastWriteTimeUtc, TimeSpan.Zero)),
            ];
            return Task.FromResult(found);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Failed("cannot be listed", e);
        }
    }

    public Task<IBackupUpload> BeginAsync(BackupName name, CancellationToken ct)
    {
        var path = PathOf(name);
        try
        {
            Directory.CreateDirectory(folder);
            if (File.Exists(path))
                throw Taken(name);
            var partial = Path.Combine(folder, $".{name.FileName}.{Guid.NewGuid():N}.partial");
            var content = new FileStream(partial, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly, BufferSize = 256 * 1024, Options = FileOptions.Asynchronous });
            return Task.FromResult<IBackupUpload>(new Upload(this, name, partial, content));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Failed("cannot be written to", e);
        }
    }

    public Task<Stream> OpenAsync(BackupName name, CancellationToken ct)
    {
        try
        {
            return Task.FromResult<Stream>(new FileStream(PathOf(name), new FileStreamOptions { BufferSize = 256 * 1024, Options = FileOptions.Asynchronous }));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new BackupTargetException(BackupTargetFault.NotFound, $"There is no backup {name} in {folder}.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Failed($"cannot be read ({name})", e);
        }
    }

    public Task<bool> DeleteAsync(BackupName name, CancellationToken ct)
    {
        try
        {
            var there = File.Exists(PathOf(name));
            File.Delete(PathOf(name));
            // Also what a writer that died has left; one that still writes finds its file gone and fails.
            foreach (var partial in Directory.Exists(folder) ? Directory.GetFiles(folder, $".{name.FileName}.*.partial") : [])
                File.Delete(partial);
            return Task.FromResult(there);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Failed($"does not let {name} be deleted", e);
        }
    }

    private string PathOf(BackupName name) => Path.Combine(folder, name.FileName);

    private BackupTargetException Taken(BackupName name) =>
        new(BackupTargetFault.Taken, $"There is a backup {name} in {folder} already; it is not overwritten.");

    private BackupTargetException Failed(string what, Exception e)
    {
        // ENOSPC and EDQUOT.
        var isFull = (e.HResult & 0xFFFF) is 28 or 122;
        return new(isFull ? BackupTargetFault.Full : BackupTargetFault.Refused, $"The folder {folder} {what}: {e.Message}", e);
    }

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string existing, string name);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenFolder(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);

    private sealed class Upload(FolderTarget target, BackupName name, string partial, FileStream content) : IBackupUpload
    {
        public Stream Content => content;

        public async Task CommitAsync(CancellationToken ct)
        {
            try
            {
                await content.FlushAsync(ct);
                content.Flush(flushToDisk: true);
                await content.DisposeAsync();
                Name();
                Flush();
                File.Delete(partial);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw target.Failed("cannot be written to", e);
            }
        }

        public async ValueTask DisposeAsync()
        {
            try
            {
                await content.DisposeAsync();
            }
            catch (IOException)
            {
                // What could not be flushed is about to be deleted.
            }

            File.Delete(partial);
        }

        private void Name()
        {
            if (Link(partial, target.PathOf(name)) == 0)
                return;
            var error = Marshal.GetLastPInvokeError();
            if (error == Exists)
                throw target.Taken(name);
            if (error is not (NotPermitted or NotSupported))
                throw new IOException($"the file cannot be given its name (error {error})");
            // File systems without hard links (exFAT, some network shares): the name is looked at once more and then taken.
            File.Move(partial, target.PathOf(name), overwrite: false);
        }

        /// <summary>A new name is durable when its folder is.</summary>
        private void Flush()
        {
            var descriptor = OpenFolder(target.folder, 0);
            if (descriptor < 0)
                throw new IOException($"the folder cannot be opened (error {Marshal.GetLastPInvokeError()})");
            var failed = Sync(descriptor) != 0;
            _ = Close(descriptor);
            if (failed)
                throw new IOException($"the folder cannot be flushed (error {Marshal.GetLastPInvokeError()})");
        }
    }
}
