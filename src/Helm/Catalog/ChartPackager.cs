using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using Fleet.Helm.Charts;

namespace Fleet.Helm.Catalog;

/// <summary>A packed chart: its bytes, their SHA-256 and what is inside.</summary>
public sealed record PackagedChart(ChartContent Content, string Digest, byte[] Bytes)
{
    /// <summary>As helm names archives, for instance <c>simple-nginx-1.0.0.tgz</c>.</summary>
    public string FileName => $"{Content.Metadata.Name}-{Content.Metadata.Version}.tgz";
}

/// <summary>
/// Packs a chart folder. The same files give the same bytes (sorted, no times, no owners), so a digest changes only when the chart does.
/// Names that begin with a dot are left out.
/// </summary>
public static class ChartPackager
{
    private const UnixFileMode FileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>Throws <see cref="Errors.HelmException"/> (ChartInvalid) when the folder is not a chart.</summary>
    public static async Task<PackagedChart> PackAsync(string folder, CancellationToken ct)
    {
        var root = new DirectoryInfo(folder);
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
        await using (var tar = new TarWriter(gzip, TarEntryFormat.Ustar))
        {
            foreach (var (name, file) in Files(root))
            {
                await using var content = file.OpenRead();
                await tar.WriteEntryAsync(new UstarTarEntry(TarEntryType.RegularFile, $"{root.Name}/{name}")
                {
                    ModificationTime = DateTimeOffset.UnixEpoch,
                    Mode = FileMode,
                    DataStream = content,
                }, ct);
            }
        }
        packed.Position = 0;
        var chart = await ChartReader.ReadAsync(packed, ChartLimits.Default, ct);
        var bytes = packed.ToArray();
        return new PackagedChart(chart, Convert.ToHexStringLower(SHA256.HashData(bytes)), bytes);
    }

    private static IEnumerable<(string Name, FileInfo File)> Files(DirectoryInfo root) =>
        root.EnumerateFiles("*", SearchOption.AllDirectories)
            .Select(f => (Name: Path.GetRelativePath(root.FullName, f.FullName).Replace('\\', '/'), File: f))
            .Where(f => !f.Name.Split('/').Any(part => part.StartsWith('.')))
            .OrderBy(f => f.Name, StringComparer.Ordinal);
}
