using System.Security.Cryptography;

namespace Fleet.Helm.Processes;

/// <summary>
/// Folders of mode 0700 for the values and kubeconfigs of single operations. They lie in memory where /dev/shm exists. A folder is locked while its owner
/// lives, so what a killed process left behind is recognised; <see cref="HelmLeftovers"/> removes it at the next start.
/// </summary>
internal sealed class PrivateFolders : IDisposable
{
    private const string Prefix = "fleet-helm-";
    private const string LockName = "owner.lock";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>The lock follows its folder within this time, also on a machine that is busy.</summary>
    private static readonly TimeSpan BeingMade = TimeSpan.FromMinutes(1);

    private readonly string _parent;
    private readonly TimeProvider _time;
    private readonly FileStream _lock;
    private long _next;

    public PrivateFolders(HelmOptions options, TimeProvider time)
    {
        var parent = options.SecretsFolder ?? (Directory.Exists("/dev/shm") ? "/dev/shm" : Path.Combine(options.Folder, "run"));
        Directory.CreateDirectory(parent);
        _parent = parent;
        _time = time;
        Root = Path.Combine(parent, Prefix + RandomNumberGenerator.GetHexString(16, lowercase: true));
        Directory.CreateDirectory(Root, OwnerOnly);
        _lock = new FileStream(Path.Combine(Root, LockName), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
    }

    public string Root { get; }

    public PrivateFolder Create()
    {
        var path = Path.Combine(Root, Interlocked.Increment(ref _next).ToString("x", System.Globalization.CultureInfo.InvariantCulture));
        Directory.CreateDirectory(path, OwnerOnly);
        return new PrivateFolder(path);
    }

    public void Dispose()
    {
        _lock.Dispose();
        if (Directory.Exists(Root)) Directory.Delete(Root, recursive: true);
    }

    /// <summary>What processes have left that live no more; the lock says which.</summary>
    public StaleFolders ClaimStale()
    {
        var claimed = new List<(string, FileStream?)>();
        foreach (var folder in new DirectoryInfo(_parent).EnumerateDirectories(Prefix + "*"))
        {
            try
            {
                // Opening for ourselves alone fails while the owner lives.
                claimed.Add((folder.FullName, new FileStream(Path.Combine(folder.FullName, LockName), FileMode.Open, FileAccess.ReadWrite, FileShare.None)));
            }
            catch (FileNotFoundException)
            {
                // Just being made, or killed in the moment between the folder and its lock.
                if (_time.GetUtcNow() - folder.LastWriteTimeUtc > BeingMade) claimed.Add((folder.FullName, null));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // In use, or another user's: not ours to remove.
            }
        }
        return new(claimed);
    }
}

/// <summary>Removed with everything in it on dispose.</summary>
internal sealed class PrivateFolder(string path) : IDisposable
{
    public string Path { get; } = path;

    /// <summary>Writes a file of mode 0600 and returns its path.</summary>
    public async Task<string> WriteAsync(string name, ReadOnlyMemory<byte> content, CancellationToken ct)
    {
        var file = System.IO.Path.Combine(Path, name);
        await using var stream = new FileStream(file, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
        await stream.WriteAsync(content, ct);
        return file;
    }

    public void Dispose()
    {
        if (Directory.Exists(Path)) Directory.Delete(Path, recursive: true);
    }
}
