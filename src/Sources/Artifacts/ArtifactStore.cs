using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace Fleet.Sources.Artifacts;

/// <summary>
/// Artifacts on disk, in folders named by their digest, and which revision of which source has which digest. A folder appears complete or not at all;
/// what was damaged on disk is noticed by the first use in a process, and fetched again; the least recently used go when the store is full, but never
/// one that was used in the last minutes.
/// </summary>
internal sealed class ArtifactStore
{
    private static readonly TimeSpan InUse = TimeSpan.FromMinutes(15);

    private readonly SourcesOptions _options;
    private readonly TimeProvider _time;
    private readonly string _artifacts;
    private readonly string _revisions;
    private readonly string _work;
    private readonly ConcurrentDictionary<string, bool> _intact = new(StringComparer.Ordinal);

    public ArtifactStore(SourcesOptions options, TimeProvider time)
    {
        _options = options;
        _time = time;
        var root = Path.GetFullPath(options.Folder);
        _artifacts = Path.Combine(root, "artifacts");
        _revisions = Path.Combine(root, "revisions");
        _work = Path.Combine(root, "work");
        // What a killed process was making is of no use to anybody.
        if (Directory.Exists(_work)) Directory.Delete(_work, recursive: true);
        foreach (var folder in (string[])[_artifacts, _revisions, _work]) Directory.CreateDirectory(folder);
    }

    /// <summary>A folder for one fetch, removed on dispose.</summary>
    public WorkFolder NewWork()
    {
        var path = Path.Combine(_work, RandomNumberGenerator.GetHexString(16, lowercase: true));
        Directory.CreateDirectory(path);
        return new(path);
    }

    /// <param name="source">Everything that decides what a revision holds: address, credentials (hashed), ignore rules.</param>
    /// <param name="revision">As the source calls it.</param>
    /// <param name="ct">Ends the look.</param>
    public async Task<Artifact?> FindAsync(string source, string revision, CancellationToken ct)
    {
        var record = RecordOf(source, revision);
        if (!File.Exists(record)) return null;
        var digest = (await File.ReadAllTextAsync(record, ct)).Trim();
        return await FindContentAsync(digest, revision, ct);
    }

    /// <summary>What lies here under a digest, whichever source it came from.</summary>
    public async Task<Artifact?> FindContentAsync(string digest, string revision, CancellationToken ct)
    {
        if (digest.Length != 64 || !digest.All(char.IsAsciiHexDigitLower)) return null;
        var folder = FolderOf(digest);
        if (!Directory.Exists(folder)) return null;
        Touch(digest);
        if (!_intact.ContainsKey(digest))
        {
            if (await ArtifactDigest.OfAsync(folder, ct) != digest)
            {
                Remove(digest);
                return null;
            }
            _intact[digest] = true;
        }
        return new Artifact { Revision = revision, Digest = digest, Folder = folder };
    }

    /// <summary>Takes a folder of <see cref="NewWork"/> that holds exactly the artifact.</summary>
    public async Task<Artifact> PublishAsync(string source, string revision, string content, CancellationToken ct)
    {
        var digest = await ArtifactDigest.OfAsync(content, ct);
        var place = Path.Combine(_artifacts, digest);
        if (!Directory.Exists(place))
        {
            var whole = content + ".whole";
            Directory.CreateDirectory(whole);
            Directory.Move(content, Path.Combine(whole, "files"));
            try
            {
                Directory.Move(whole, place);
            }
            catch (IOException) when (Directory.Exists(place))
            {
                // Somebody else published the same content at this moment.
            }
        }
        _intact[digest] = true;
        Touch(digest);
        var record = RecordOf(source, revision);
        var temporary = $"{record}.{RandomNumberGenerator.GetHexString(8)}";
        await File.WriteAllTextAsync(temporary, digest, ct);
        File.Move(temporary, record, overwrite: true);
        Evict();
        return new Artifact { Revision = revision, Digest = digest, Folder = FolderOf(digest) };
    }

    private void Evict()
    {
        var all = new DirectoryInfo(_artifacts).EnumerateDirectories().Select(folder => (folder.Name, Used: folder.LastWriteTimeUtc)).OrderBy(entry => entry.Used).ToList();
        var spare = _time.GetUtcNow().UtcDateTime - InUse;
        if (all.Count == 0 || all[0].Used >= spare) return;
        var sizes = all.ToDictionary(entry => entry.Name, entry => SizeOf(Path.Combine(_artifacts, entry.Name)));
        var total = sizes.Values.Sum();
        foreach (var (name, _) in all.TakeWhile(entry => entry.Used < spare))
        {
            if (total <= _options.MaxCacheBytes) return;
            total -= sizes[name];
            Remove(name);
        }
    }

    // Renamed first: what is half removed never looks like an artifact.
    private void Remove(string digest)
    {
        _intact.TryRemove(digest, out _);
        var gone = Path.Combine(_work, "gone-" + RandomNumberGenerator.GetHexString(16, lowercase: true));
        Directory.Move(Path.Combine(_artifacts, digest), gone);
        Directory.Delete(gone, recursive: true);
    }

    private void Touch(string digest)
    {
        try
        {
            Directory.SetLastWriteTimeUtc(Path.Combine(_artifacts, digest), _time.GetUtcNow().UtcDateTime);
        }
        catch (IOException)
        {
            // Evicted at this moment; the caller finds out when it reads the folder.
        }
    }

    private string FolderOf(string digest) => Path.Combine(_artifacts, digest, "files");

    private string RecordOf(string source, string revision) =>
        Path.Combine(_revisions, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{source}\0{revision}"))));

    public static long SizeOf(string folder) =>
        new DirectoryInfo(folder).EnumerateFiles("*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0, IgnoreInaccessible = true }).Sum(LengthOf);

    // Files come and go while a fetch runs.
    private static long LengthOf(FileInfo file)
    {
        try
        {
            return file.Length;
        }
        catch (FileNotFoundException)
        {
            return 0;
        }
    }
}

/// <summary>Removed with everything in it on dispose.</summary>
internal sealed class WorkFolder(string path) : IDisposable
{
    public string Path { get; } = path;

    /// <summary>A new folder inside.</summary>
    public string Make(string name) => Directory.CreateDirectory(System.IO.Path.Combine(Path, name)).FullName;

    public void Dispose()
    {
        if (Directory.Exists(Path)) Directory.Delete(Path, recursive: true);
    }
}
