using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Fleet.Backup.Archives;

/// <summary>
/// Writes an archive to a stream from its beginning to its end, part after part, with a few megabytes of memory. What has no <see cref="CompleteAsync"/> is refused by
/// every reader.
/// </summary>
public sealed class ArchiveWriter : IDisposable
{
    private readonly Stream target;
    private readonly ArchiveHeader header;
    private readonly ChunkCipher cipher;
    private readonly List<ArchivePart> parts = [];
    private long position;

    private ArchiveWriter(Stream target, ArchiveHeader header, ChunkCipher cipher, long position)
        => (this.target, this.header, this.cipher, this.position) = (target, header, cipher, position);

    public string Id => header.Id;

    /// <summary>Those that are whole.</summary>
    public IReadOnlyList<ArchivePart> Parts => parts;

    /// <summary>What the manifest says of Regions.</summary>
    public IReadOnlyList<ArchivedRegion> Regions { get; set; } = [];

    /// <summary>Writes the header. The stream stays the caller's.</summary>
    public static Task<ArchiveWriter> StartAsync(Stream target, ArchiveSecret secret, DateTimeOffset now, CancellationToken ct) =>
        StartAsync(target, secret, now, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)), ct);

    /// <summary>With an id that another try would have, too.</summary>
    internal static async Task<ArchiveWriter> StartAsync(Stream target, ArchiveSecret secret, DateTimeOffset now, string id, CancellationToken ct)
    {
        var header = new ArchiveHeader { Id = id, CreatedAt = now, Key = secret.NewParameters() };
        var bytes = await header.WriteAsync(target, ct);
        return new(target, header, new(secret.KeyFor(header.Key, bytes)), ArchiveFormat.Magic.Length + 4 + bytes.Length);
    }

    /// <summary>
    /// Writes one part. What <paramref name="write"/> gives to its stream is the content; it returns how many objects that were. When it throws, the archive cannot be gone on with.
    /// </summary>
    public async Task<ArchivePart> WriteAsync(PartDescription description, Func<Stream, Task<int>> write, CancellationToken ct)
    {
        if (description.Name == ArchiveFormat.ManifestName || parts.Exists(part => part.Name == description.Name))
            throw new ArgumentException($"the archive already has a part {description.Name}");
        var part = await WriteFramedAsync(description, write, ct);
        parts.Add(part);
        return part;
    }

    /// <summary>Writes the manifest, after which nothing can be added.</summary>
    public async Task<ArchiveManifest> CompleteAsync(BackupOrigin origin, DateTimeOffset now, IReadOnlyList<string> missing, IReadOnlyList<string> warnings, CancellationToken ct)
    {
        var manifest = new ArchiveManifest
        {
            Id = header.Id,
            CreatedAt = header.CreatedAt,
            CompletedAt = now,
            Origin = origin,
            Parts = [.. parts],
            Missing = missing,
            Warnings = warnings,
            Regions = Regions,
        };
        var offset = position;
        await WriteFramedAsync(
            new(ArchiveFormat.ManifestName, PartContent.Objects),
            async stream =>
            {
                await stream.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(manifest, ArchiveJson.Default.ArchiveManifest), ct);
                return 0;
            },
            ct);
        var trailer = new byte[ArchiveFormat.TrailerBytes];
        trailer[0] = ArchiveFormat.EndMark;
        BinaryPrimitives.WriteInt32BigEndian(trailer.AsSpan(1), parts.Count);
        BinaryPrimitives.WriteInt64BigEndian(trailer.AsSpan(5), offset);
        ArchiveFormat.EndMagic.CopyTo(trailer.AsSpan(13));
        await target.WriteAsync(trailer, ct);
        await target.FlushAsync(ct);
        return manifest;
    }

    public void Dispose() => cipher.Dispose();

    private async Task<ArchivePart> WriteFramedAsync(PartDescription description, Func<Stream, Task<int>> write, CancellationToken ct)
    {
        var name = Encoding.UTF8.GetBytes(description.Name);
        if (name.Length is 0 or > ArchiveFormat.LongestPartName)
            throw new ArgumentException("the name of a part has 1 to 512 bytes");
        var frame = new byte[3 + name.Length];
        frame[0] = ArchiveFormat.PartMark;
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(1), (ushort)name.Length);
        name.CopyTo(frame.AsSpan(3));
        await target.WriteAsync(frame, ct);

        var sealing = new SealingStream(target, cipher, description.Name, parts.Count, header.ChunkBytes);
        // Brotli writes what it still holds when it is disposed of, also of a part that failed: without CompleteAsync below nobody takes that for a part.
        int objects;
        var compressor = new BrotliStream(sealing, CompressionLevel.Fastest, leaveOpen: true);
        using var digest = new DigestStream(compressor);
        await using (compressor)
            objects = await write(digest);
        await sealing.CompleteAsync(ct);
        var stored = frame.Length + sealing.Written;
        var part = new ArchivePart
        {
            Name = description.Name,
            Content = description.Content,
            Offset = position,
            StoredSize = stored,
            Size = digest.Total,
            Sha256 = digest.Sha256(),
            Objects = objects,
            Kind = description.Kind,
            Region = description.Region,
        };
        position += stored;
        return part;
    }
}

/// <summary>What is known of a part before it is written.</summary>
public sealed record PartDescription(string Name, PartContent Content)
{
    public PartKind? Kind { get; init; }

    public string? Region { get; init; }
}
