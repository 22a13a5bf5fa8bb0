using System.Collections.Concurrent;
using System.Security.Cryptography;
using Fleet.Helm.Charts;
using Fleet.Helm.Errors;

namespace Fleet.Helm.Repositories;

/// <summary>
/// Charts on disk, named by their SHA-256. A file appears complete or not at all (written beside, then renamed); what was damaged on disk is noticed,
/// deleted and fetched again; the least recently used go when the cache is full, but never one that was used in the last minutes.
/// </summary>
internal sealed class ChartCache
{
    private static readonly TimeSpan InUse = TimeSpan.FromMinutes(15);
    private const int MaxContents = 256;

    private readonly string _folder;
    private readonly long _maxBytes;
    private readonly long _maxChartBytes;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<string, (ChartContent Content, long Length, DateTime Written)> _contents = new(StringComparer.Ordinal);

    public ChartCache(HelmOptions options, TimeProvider time)
    {
        _folder = Path.Combine(Path.GetFullPath(options.Folder), "charts");
        _maxBytes = options.MaxCacheBytes;
        _maxChartBytes = options.MaxChartBytes;
        _time = time;
        Directory.CreateDirectory(_folder);
    }

    /// <summary>Null when it is not there or what is there is not what its name says.</summary>
    public async Task<ChartArchive?> FindAsync(string digest, CancellationToken ct)
    {
        if (!IsDigest(digest)) return null;
        var file = new FileInfo(PathOf(digest));
        if (!file.Exists)
        {
            _contents.TryRemove(digest, out _);
            return null;
        }
        Touch(file.FullName);
        if (_contents.TryGetValue(digest, out var known) && known.Length == file.Length && known.Written == file.LastWriteTimeUtc)
            return new ChartArchive { Path = file.FullName, Digest = digest, Content = known.Content };
        return await VerifyAsync(file, digest, ct);
    }

    /// <summary>Writes, checks and names an archive. <paramref name="expectedDigest"/> null: whatever it has.</summary>
    public async Task<ChartArchive> AddAsync(Func<Stream, CancellationToken, Task> write, string? expectedDigest, string what, CancellationToken ct)
    {
        var temporary = Path.Combine(_folder, ".new-" + RandomNumberGenerator.GetHexString(16, lowercase: true));
        try
        {
            await using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.ReadWrite))
            {
                await write(stream, ct);
                await stream.FlushAsync(ct);
                if (stream.Length > _maxChartBytes) throw new HelmException(HelmErrorKind.ChartInvalid, $"{what}: it is larger than {_maxChartBytes} bytes.");
                stream.Position = 0;
                var digest = Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, ct));
                if (expectedDigest is not null && digest != expectedDigest)
                    throw new HelmException(HelmErrorKind.ChartInvalid, $"{what}: the archive has digest {digest}, but the repository promises {expectedDigest}.");
                stream.Position = 0;
                var content = await ChartReader.ReadAsync(stream, ChartLimits.Default, ct);
                return Publish(temporary, digest, content);
            }
        }
        catch (IOException e)
        {
            throw new HelmException(HelmErrorKind.DiskFull, $"{what}: the chart cache cannot be written: {e.Message}", e);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    private async Task<ChartArchive?> VerifyAsync(FileInfo file, string digest, CancellationToken ct)
    {
        try
        {
            await using var stream = file.OpenRead();
            if (Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, ct)) != digest) throw new HelmException(HelmErrorKind.ChartInvalid, "digest");
            stream.Position = 0;
            var content = await ChartReader.ReadAsync(stream, ChartLimits.Default, ct);
            Remember(digest, content, file);
            return new ChartArchive { Path = file.FullName, Digest = digest, Content = content };
        }
        catch (Exception e) when (e is HelmException or IOException)
        {
            // Damaged, or evicted between the two looks. Either way it has to be fetched again.
            File.Delete(file.FullName);
            return null;
        }
    }

    private ChartArchive Publish(string temporary, string digest, ChartContent content)
    {
        var path = PathOf(digest);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.Move(temporary, path, overwrite: true);
        Touch(path);
        Remember(digest, content, new FileInfo(path));
        Evict();
        return new ChartArchive { Path = path, Digest = digest, Content = content };
    }

    private void Remember(string digest, ChartContent content, FileInfo file)
    {
        if (_contents.Count >= MaxContents) _contents.Clear();
        _contents[digest] = (content, file.Length, file.LastWriteTimeUtc);
    }

    private void Evict()
    {
        var files = new DirectoryInfo(_folder).EnumerateFiles("*.tgz", SearchOption.AllDirectories).OrderBy(f => f.LastAccessTimeUtc).ToList();
        var total = files.Sum(f => f.Length);
        var spare = _time.GetUtcNow().UtcDateTime - InUse;
        foreach (var file in files.TakeWhile(f => f.LastAccessTimeUtc < spare))
        {
            if (total <= _maxBytes) return;
            total -= file.Length;
            file.Delete();
        }
    }

    private void Touch(string path)
    {
        try
        {
            File.SetLastAccessTimeUtc(path, _time.GetUtcNow().UtcDateTime);
        }
        catch (IOException)
        {
            // Evicted at this moment; the caller finds out when it opens the file.
        }
    }

    private string PathOf(string digest) => Path.Combine(_folder, digest[..2], digest + ".tgz");

    private static bool IsDigest(string text) => text.Length == 64 && text.All(char.IsAsciiHexDigitLower);
}
