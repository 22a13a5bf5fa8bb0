using System.Buffers.Binary;
using System.Text.Json;

namespace Fleet.Backup.Archives;

/// <summary>
/// The beginning of an archive, readable without a key. Its bytes are part of what the archive's key is derived from, so a changed header makes every part unreadable.
/// </summary>
public sealed record ArchiveHeader
{
    public int FormatVersion { get; init; } = ArchiveFormat.Version;

    /// <summary>Random; the manifest repeats it.</summary>
    public required string Id { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public string Compression { get; init; } = ArchiveFormat.Compression;

    public string Cipher { get; init; } = ArchiveFormat.Cipher;

    public int ChunkBytes { get; init; } = ArchiveFormat.ChunkBytes;

    public required KeyParameters Key { get; init; }

    /// <summary>Reads it from the beginning of a stream and leaves the stream behind it.</summary>
    /// <exception cref="ArchiveException">It is no archive, or one that this version cannot read.</exception>
    public static async Task<ArchiveHeader> ReadAsync(Stream stream, CancellationToken ct) => (await ReadWithBytesAsync(stream, ct)).Header;

    internal static async Task<(ArchiveHeader Header, byte[] Bytes)> ReadWithBytesAsync(Stream stream, CancellationToken ct)
    {
        var start = new byte[ArchiveFormat.Magic.Length + 4];
        var read = await stream.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, ct);
        if (read < start.Length || !start.AsSpan(0, ArchiveFormat.Magic.Length).SequenceEqual(ArchiveFormat.Magic))
            throw new ArchiveException(ArchiveFault.NotAnArchive, "header", "This is not a backup of Fleet: it does not begin with the mark of one.");
        var length = BinaryPrimitives.ReadUInt32BigEndian(start.AsSpan(ArchiveFormat.Magic.Length));
        if (length is 0 or > ArchiveFormat.LargestHeaderBytes)
            throw ArchiveException.Damaged("header", "its length cannot be right");
        var bytes = new byte[length];
        if (await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, ct) < bytes.Length)
            throw ArchiveException.Truncated("header");
        return (Parse(bytes), bytes);
    }

    internal async Task<byte[]> WriteAsync(Stream stream, CancellationToken ct)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(this, ArchiveJson.Default.ArchiveHeader);
        var start = new byte[ArchiveFormat.Magic.Length + 4];
        ArchiveFormat.Magic.CopyTo(start);
        BinaryPrimitives.WriteUInt32BigEndian(start.AsSpan(ArchiveFormat.Magic.Length), (uint)bytes.Length);
        await stream.WriteAsync(start, ct);
        await stream.WriteAsync(bytes, ct);
        return bytes;
    }

    private static ArchiveHeader Parse(byte[] bytes)
    {
        try
        {
            // The version alone first: of a newer format nothing else may be where it is looked for.
            using var document = JsonDocument.Parse(bytes);
            var version = document.RootElement.GetProperty("formatVersion").GetInt32();
            if (version > ArchiveFormat.Version)
            {
                throw new ArchiveException(
                    ArchiveFault.TooNew, "header", $"The archive has format {version}; this Fleet reads up to format {ArchiveFormat.Version}. Restore it with the version that wrote it, or a newer one.");
            }

            var header = document.Deserialize(ArchiveJson.Default.ArchiveHeader) ?? throw ArchiveException.Damaged("header", "it is empty");
            header.Check();
            return header;
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw ArchiveException.Damaged("header", "it cannot be read", e);
        }
    }

    private void Check()
    {
        if (FormatVersion < 1 || Compression != ArchiveFormat.Compression || Cipher != ArchiveFormat.Cipher)
            throw ArchiveException.Damaged("header", "it names a compression or cipher that no version of this format has");
        if (ChunkBytes is < 1 or > ArchiveFormat.LargestChunkBytes)
            throw ArchiveException.Damaged("header", "the size of its chunks cannot be right");
        Key.Check();
    }
}
