using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using Fleet.Helm.Charts;
using Fleet.Helm.Errors;
using Fleet.Helm.Values;

namespace Fleet.Helm.Catalog;

/// <summary>A packed chart: its bytes, their SHA-256 and what is inside.</summary>
public sealed record PackagedChart(ChartContent Content, string Digest, byte[] Bytes)
{
    /// <summary>As helm names archives, for instance <c>simple-nginx-1.0.0.tgz</c>.</summary>
    public string FileName => $"{Content.Metadata.Name}-{Content.Metadata.Version}.tgz";
}

/// <summary>
/// Packs a chart folder. The same files give the same bytes (sorted, no times, no owners), so a digest changes only when the chart does.
/// Names that begin with a dot are left out. Dependencies that lie beside it (<c>repository: file://…</c>) are put into its <c>charts</c> folder, as
/// <c>helm package --dependency-update</c> does.
/// </summary>
public static class ChartPackager
{
    private const string Beside = "file://";
    private const UnixFileMode FileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>Throws <see cref="HelmException"/> (ChartInvalid) when the folder is not a chart or a dependency is not where it says.</summary>
    public static async Task<PackagedChart> PackAsync(string folder, CancellationToken ct)
    {
        var root = new DirectoryInfo(folder);
        var metadata = await MetadataAsync(root, ct);
        var files = Files(root).Concat(await DependenciesAsync(root, metadata, ct)).OrderBy(f => f.Name, StringComparer.Ordinal);
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
        await using (var tar = new TarWriter(gzip, TarEntryFormat.Ustar))
        {
            foreach (var (name, file) in files)
            {
                await using var content = file.OpenRead();
                await tar.WriteEntryAsync(new UstarTarEntry(TarEntryType.RegularFile, $"{metadata.Name}/{name}")
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

    private static async Task<ChartMetadata> MetadataAsync(DirectoryInfo root, CancellationToken ct)
    {
        var file = Path.Combine(root.FullName, "Chart.yaml");
        if (!File.Exists(file)) throw new HelmException(HelmErrorKind.ChartInvalid, $"{root.Name} is not a chart: it has no Chart.yaml.");
        try
        {
            return ChartMetadataReader.Read(YamlValues.ParseObject(await File.ReadAllTextAsync(file, ct)));
        }
        catch (Exception e) when (e is InvalidDataException or FormatException)
        {
            throw new HelmException(HelmErrorKind.ChartInvalid, $"Chart.yaml of {root.Name} cannot be read: {e.Message}", e);
        }
    }

    private static async Task<IReadOnlyList<(string Name, FileInfo File)>> DependenciesAsync(DirectoryInfo root, ChartMetadata metadata, CancellationToken ct)
    {
        var files = new List<(string, FileInfo)>();
        foreach (var dependency in metadata.Dependencies.Where(d => d.Repository.StartsWith(Beside, StringComparison.Ordinal)))
        {
            var place = new DirectoryInfo(Path.Combine(root.FullName, dependency.Repository[Beside.Length..]));
            var found = await MetadataAsync(place, ct);
            if (found.Name != dependency.Name || found.Version != dependency.Version)
                throw new HelmException(
                    HelmErrorKind.ChartInvalid, $"{metadata.Name} wants {dependency.Name} {dependency.Version}; at {dependency.Repository} is {found.Name} {found.Version}.");
            files.AddRange(Files(place).Select(f => ($"charts/{dependency.Name}/{f.Name}", f.File)));
        }
        return files;
    }

    private static IEnumerable<(string Name, FileInfo File)> Files(DirectoryInfo root) =>
        root.EnumerateFiles("*", SearchOption.AllDirectories)
            .Select(f => (Name: Path.GetRelativePath(root.FullName, f.FullName).Replace('\\', '/'), File: f))
            .Where(f => !f.Name.Split('/').Any(part => part.StartsWith('.')));
}
