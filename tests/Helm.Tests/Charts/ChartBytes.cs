using System.Formats.Tar;
using System.IO.Compression;
using System.Text;

namespace Fleet.Helm.Tests.Charts;

/// <summary>Builds packed charts, good and bad ones, byte by byte.</summary>
internal static class ChartBytes
{
    public const string ChartYaml = "apiVersion: v2\nname: demo\nversion: 1.2.3\ndescription: A demo.\n";

    public static byte[] Of(params (string Name, string Content)[] files) =>
        Pack(files.Select(f => new UstarTarEntry(TarEntryType.RegularFile, f.Name) { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(f.Content)) }));

    public static byte[] Demo(string version = "1.2.3", string name = "demo", string values = "a: 1\n") =>
        Of(($"{name}/Chart.yaml", $"apiVersion: v2\nname: {name}\nversion: {version}\n"), ($"{name}/values.yaml", values));

    public static byte[] Pack(IEnumerable<TarEntry> entries)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        using (var tar = new TarWriter(gzip, TarEntryFormat.Ustar))
            foreach (var entry in entries) tar.WriteEntry(entry);
        return packed.ToArray();
    }
}
