using System.Formats.Tar;
using System.IO.Compression;
using Fleet.Kubernetes.Core;

namespace Fleet.Sources.Artifacts;

/// <summary>
/// Unpacks a tar archive into an empty folder: plain files only. Links that stay inside are left out, as flux does; links that lead out, devices, absolute
/// paths, ".." and duplicates refuse the whole archive.
/// </summary>
internal static class TarFiles
{
    private const long RatioFrom = 1024 * 1024;

    /// <summary>Throws <see cref="InvalidDataException"/>.</summary>
    /// <param name="archive">Plain or gzip; seekable.</param>
    /// <param name="folder">Exists and is empty.</param>
    /// <param name="limits">What may come out.</param>
    /// <param name="wanted">Paths that are not wanted are neither written nor counted.</param>
    /// <param name="ct">Ends the work.</param>
    public static Task UnpackAsync(Stream archive, string folder, ArtifactLimits limits, Func<string, bool> wanted, CancellationToken ct) =>
        ReadAsync(archive, limits, wanted, (path, entry) => WriteAsync(Path.Combine(folder, path), entry, ct), ct);

    /// <summary>Into memory; only for what is small. The same checks.</summary>
    public static async Task<IReadOnlyDictionary<string, byte[]>> ReadAsync(Stream archive, ArtifactLimits limits, CancellationToken ct)
    {
        var files = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        await ReadAsync(
            archive, limits, _ => true,
            async (path, entry) =>
            {
                using var content = new MemoryStream();
                if (entry.DataStream is { } data) await data.CopyToAsync(content, ct);
                files[path] = content.ToArray();
            },
            ct);
        return files;
    }

    private static async Task ReadAsync(Stream archive, ArtifactLimits limits, Func<string, bool> wanted, Func<string, TarEntry, Task> take, CancellationToken ct)
    {
        var isPacked = await IsGzipAsync(archive, ct);
        await using var plain = isPacked ? new GZipStream(archive, CompressionMode.Decompress, leaveOpen: true) : archive;
        var ratio = isPacked ? Math.Max(RatioFrom, archive.Length * limits.MaxRatio) : long.MaxValue;
        // What is not wanted passes too, so the stream gets room for it; the files that are kept are counted apart.
        await using var bounded = BoundedStream.Unpacked(plain, isPacked ? limits.MaxBytes * 4 : long.MaxValue, ratio);
        await using var tar = new TarReader(bounded, leaveOpen: true);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var files = new FileBudget(limits);
        while (await tar.GetNextEntryAsync(copyData: false, ct) is { } entry)
        {
            if (entry.EntryType is TarEntryType.GlobalExtendedAttributes or TarEntryType.ExtendedAttributes) continue;
            var path = ArtifactPath.Of(entry.Name);
            if (entry.EntryType == TarEntryType.Directory) continue;
            if (IsLeftOut(entry, path)) continue;
            // A second file of the same name could show one content to a checker and another to whoever applies it.
            if (!seen.Add(path)) throw new InvalidDataException($"\"{ArtifactPath.Shown(path)}\" is there twice.");
            if (!wanted(path)) continue;
            files.Take(path, entry.Length);
            await take(path, entry);
        }
    }

    private static bool IsLeftOut(TarEntry entry, string path)
    {
        switch (entry.EntryType)
        {
            case TarEntryType.RegularFile or TarEntryType.V7RegularFile or TarEntryType.ContiguousFile:
                return false;
            case TarEntryType.SymbolicLink when ArtifactPath.StaysInside(path, entry.LinkName):
            case TarEntryType.HardLink when ArtifactPath.StaysInside("", entry.LinkName):
                return true;
            case TarEntryType.SymbolicLink or TarEntryType.HardLink:
                throw new InvalidDataException($"\"{ArtifactPath.Shown(path)}\" is a link that leads out of the artifact.");
            default:
                throw new InvalidDataException($"\"{ArtifactPath.Shown(path)}\" is a {entry.EntryType}; only plain files are allowed.");
        }
    }

    private static async Task WriteAsync(string file, TarEntry entry, CancellationToken ct)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        }
        catch (IOException e) when (File.Exists(Path.GetDirectoryName(file)))
        {
            throw new InvalidDataException($"\"{ArtifactPath.Shown(entry.Name)}\" is below a file.", e);
        }
        if (Directory.Exists(file)) throw new InvalidDataException($"\"{ArtifactPath.Shown(entry.Name)}\" is a file and a folder.");
        await using var target = new FileStream(file, FileMode.CreateNew, FileAccess.Write);
        if (entry.DataStream is { } data) await data.CopyToAsync(target, ct);
    }

    private static async Task<bool> IsGzipAsync(Stream archive, CancellationToken ct)
    {
        var start = new byte[2];
        var read = await archive.ReadAtLeastAsync(start, 2, throwOnEndOfStream: false, ct);
        archive.Position = 0;
        return read == 2 && start is [0x1f, 0x8b];
    }
}

/// <summary>Counts files against the limits.</summary>
internal sealed class FileBudget(ArtifactLimits limits)
{
    private long bytes;
    private int files;

    /// <summary>Throws <see cref="InvalidDataException"/> when the file does not fit any more.</summary>
    public void Take(string path, long length)
    {
        if (length > limits.MaxFileBytes) throw new InvalidDataException($"\"{ArtifactPath.Shown(path)}\" is larger than {limits.MaxFileBytes} bytes.");
        if (++files > limits.MaxFiles) throw new InvalidDataException($"It has more than {limits.MaxFiles} files.");
        if ((bytes += length) > limits.MaxBytes) throw new InvalidDataException($"It has more than {limits.MaxBytes} bytes.");
    }
}
