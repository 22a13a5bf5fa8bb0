using System.Text;
using Fleet.Backup.Archives;

namespace Fleet.Backup.Tests.Archives;

/// <summary>A small archive with parts of every size that matters to the frames.</summary>
internal static class SampleArchive
{
    public static ArchiveSecret Key { get; } = ArchiveSecret.FromKey(Encoding.ASCII.GetBytes("0123456789abcdef0123456789abcdef"));

    public static DateTimeOffset Now { get; } = new(2026, 11, 22, 3, 0, 0, TimeSpan.Zero);

    public static string[] Names { get; } = ["objects/core/secrets", "objects/cluster.x-k8s.io/clusters", "objects/empty", "postgresql/fleet"];

    /// <summary>Bytes that do not compress, so that the part spans several chunks; always the same.</summary>
    public static byte[] Noise(int length)
    {
        var bytes = new byte[length];
        new Random(7).NextBytes(bytes);
        return bytes;
    }

    public static byte[] ContentOf(string name) => name switch
    {
        "objects/empty" => [],
        "postgresql/fleet" => Noise((2 * ArchiveFormat.ChunkBytes) + 12345),
        _ => Encoding.UTF8.GetBytes($"{{\"kind\":\"{name}\"}}\n{{\"kind\":\"second\"}}\n"),
    };

    public static async Task<byte[]> WriteAsync(ArchiveSecret secret, string[]? names = null)
    {
        using var target = new MemoryStream();
        using var writer = await ArchiveWriter.StartAsync(target, secret, Now, CancellationToken.None);
        foreach (var name in names ?? Names)
        {
            await writer.WriteAsync(
                new(name, PartContent.Objects),
                async stream =>
                {
                    await stream.WriteAsync(ContentOf(name));
                    return 2;
                },
                CancellationToken.None);
        }

        await writer.CompleteAsync(new() { FleetVersion = "0.1.0" }, Now, ["Secret ns/gone"], [], CancellationToken.None);
        return target.ToArray();
    }

    /// <summary>What a restore does before it changes anything.</summary>
    public static async Task<ArchiveManifest> VerifyAsync(byte[] archive, ArchiveSecret? secret = null)
    {
        using var stream = new MemoryStream(archive);
        using var reader = await ArchiveReader.OpenAsync(stream, secret ?? Key, CancellationToken.None);
        await reader.VerifyAsync(null, CancellationToken.None);
        return reader.Manifest;
    }

    public static async Task<byte[]> ReadAsync(byte[] archive, string name)
    {
        using var stream = new MemoryStream(archive);
        using var reader = await ArchiveReader.OpenAsync(stream, Key, CancellationToken.None);
        using var content = new MemoryStream();
        await reader.ReadAsync(reader.Manifest.Find(name)!, part => part.CopyToAsync(content), CancellationToken.None);
        return content.ToArray();
    }
}
