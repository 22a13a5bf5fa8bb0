using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using System.Text.Json;

namespace Fleet.Backup.Archives;

/// <summary>
/// Reads an archive from a stream that can seek. Opening it reads header and manifest; a part is authenticated as it is read. One reader at a time.
/// </summary>
public sealed class ArchiveReader : IDisposable
{
    private readonly Stream source;
    private readonly ChunkCipher cipher;
    private long manifestOffset;

    private ArchiveReader(Stream source, ArchiveHeader header, ChunkCipher cipher) => (this.source, Header, this.cipher) = (source, header, cipher);

    public ArchiveHeader Header { get; }

    public ArchiveManifest Manifest { get; private set; } = null!;

    /// <summary>The stream stays the caller's.</summary>
    /// <exception cref="ArchiveException">The secret is another one, or the archive is damaged or not whole.</exception>
    public static async Task<ArchiveReader> OpenAsync(Stream source, ArchiveSecret secret, CancellationToken ct)
    {
        source.Position = 0;
        var (header, bytes) = await ArchiveHeader.ReadWithBytesAsync(source, ct);
        var start = source.Position;
        var reader = new ArchiveReader(source, header, new(secret.KeyFor(header.Key, bytes)));
        try
        {
            await reader.ReadManifestAsync(start, ct);
            return reader;
        }
        catch
        {
            reader.Dispose();
            throw;
        }
    }

    /// <summary>Hands the content of a part to <paramref name="read"/>. Where that stops before the end, size and hash of the whole part remain unchecked.</summary>
    public async Task ReadAsync(ArchivePart part, Func<Stream, Task> read, CancellationToken ct)
    {
        var index = IndexOf(part);
        var opening = await OpenPartAsync(part, index, ct);
        await using var decompressed = new BrotliStream(opening, CompressionMode.Decompress, leaveOpen: true);
        await using var content = new PartStream(decompressed, part);
        await read(content);
    }

    /// <summary>Reads every part to its end, checking each chunk, size and hash.</summary>
    /// <param name="progress">Is told the bytes of the archive that have been checked.</param>
    /// <exception cref="ArchiveException">Names the first part that is not as it was written.</exception>
    public async Task VerifyAsync(IProgress<long>? progress, CancellationToken ct)
    {
        var buffer = new byte[128 * 1024];
        foreach (var (index, part) in Manifest.Parts.Index())
        {
            await ReadAsync(part, async content => { while (await content.ReadAsync(buffer, ct) > 0) { } }, ct);
            var next = index + 1 < Manifest.Parts.Count ? Manifest.Parts[index + 1].Offset : manifestOffset;
            if (part.Offset + part.StoredSize != next || source.Position != next)
                throw ArchiveException.Damaged(part.Name, "between it and the next there is something that was not written");
            progress?.Report(next);
        }
    }

    public void Dispose() => cipher.Dispose();

    private async Task ReadManifestAsync(long start, CancellationToken ct)
    {
        if (await ManifestPlaceAsync(start, ct) is not { } place)
            throw await WhereItEndsAsync(start, ct);
        manifestOffset = source.Position = place.Offset;
        // Place and number of the manifest are not authenticated where they stand, but a manifest of another number does not open.
        if (await ReadNameAsync(ArchiveFormat.ManifestName, ct) is var name && name != ArchiveFormat.ManifestName)
            throw ArchiveException.Damaged(ArchiveFormat.ManifestName, $"part {Shown(name)} is in its place");
        var opening = new OpeningStream(source, cipher, ArchiveFormat.ManifestName, place.Index, Header.ChunkBytes);
        await using var decompressed = new BrotliStream(opening, CompressionMode.Decompress, leaveOpen: true);
        Manifest = await ParseManifestAsync(decompressed, ct);
        if (source.Position != source.Length - ArchiveFormat.TrailerBytes)
            throw ArchiveException.Damaged("trailer", "something that was not written stands before it");
        Check(start, place.Index);
    }

    private async Task<(int Index, long Offset)?> ManifestPlaceAsync(long start, CancellationToken ct)
    {
        if (source.Length < start + ArchiveFormat.TrailerBytes)
            return null;
        source.Position = source.Length - ArchiveFormat.TrailerBytes;
        var trailer = new byte[ArchiveFormat.TrailerBytes];
        if (await source.ReadAtLeastAsync(trailer, trailer.Length, throwOnEndOfStream: false, ct) < trailer.Length
            || trailer[0] != ArchiveFormat.EndMark || !trailer.AsSpan(13).SequenceEqual(ArchiveFormat.EndMagic))
            return null;
        var index = BinaryPrimitives.ReadInt32BigEndian(trailer.AsSpan(1));
        var offset = BinaryPrimitives.ReadInt64BigEndian(trailer.AsSpan(5));
        return index >= 0 && offset >= start && offset < source.Length - ArchiveFormat.TrailerBytes ? (index, offset) : throw ArchiveException.Damaged("trailer", "it points nowhere");
    }

    /// <summary>Walks the frames of an archive without an end, so that the refusal can say how far it goes.</summary>
    private async Task<ArchiveException> WhereItEndsAsync(long start, CancellationToken ct)
    {
        var name = "header";
        source.Position = start;
        try
        {
            while (source.Position < source.Length)
                name = await SkipPartAsync(name, ct);
        }
        catch (ArchiveException e)
        {
            return e;
        }

        return name == ArchiveFormat.ManifestName ? ArchiveException.Truncated("trailer") : ArchiveException.Truncated(ArchiveFormat.ManifestName);
    }

    /// <returns>Its name.</returns>
    private async Task<string> SkipPartAsync(string previous, CancellationToken ct)
    {
        if (source.Length - source.Position < 3)
            throw ArchiveException.Truncated($"after {previous}");
        var name = await ReadNameAsync($"after {previous}", ct);
        var word = new byte[4];
        while (true)
        {
            if (await source.ReadAtLeastAsync(word, word.Length, throwOnEndOfStream: false, ct) < word.Length)
                throw ArchiveException.Truncated(Shown(name));
            var length = BinaryPrimitives.ReadUInt32BigEndian(word);
            var size = (length & ~ArchiveFormat.LastChunk) + ArchiveFormat.TagBytes;
            if (size > Header.ChunkBytes + ArchiveFormat.TagBytes)
                throw ArchiveException.Damaged(Shown(name), "a chunk has a length that cannot be right");
            if (source.Length - source.Position < size)
                throw ArchiveException.Truncated(Shown(name));
            source.Position += size;
            if ((length & ArchiveFormat.LastChunk) != 0)
                return name;
        }
    }

    private async Task<OpeningStream> OpenPartAsync(ArchivePart part, int index, CancellationToken ct)
    {
        source.Position = part.Offset;
        var name = await ReadNameAsync(part.Name, ct);
        return name == part.Name
            ? new(source, cipher, part.Name, index, Header.ChunkBytes)
            : throw ArchiveException.Damaged(part.Name, $"part {Shown(name)} is in its place");
    }

    private async Task<string> ReadNameAsync(string expected, CancellationToken ct)
    {
        var frame = new byte[3];
        if (await source.ReadAtLeastAsync(frame, frame.Length, throwOnEndOfStream: false, ct) < frame.Length)
            throw ArchiveException.Truncated(expected);
        var length = BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(1));
        if (frame[0] != ArchiveFormat.PartMark || length is 0 or > ArchiveFormat.LongestPartName)
            throw ArchiveException.Damaged(expected, "it does not begin where it should");
        var name = new byte[length];
        return await source.ReadAtLeastAsync(name, name.Length, throwOnEndOfStream: false, ct) < name.Length
            ? throw ArchiveException.Truncated(expected)
            : Encoding.UTF8.GetString(name);
    }

    private static async Task<ArchiveManifest> ParseManifestAsync(Stream decompressed, CancellationToken ct)
    {
        try
        {
            using var bytes = new MemoryStream();
            var buffer = new byte[64 * 1024];
            for (int taken; (taken = await decompressed.ReadAsync(buffer, ct)) > 0;)
            {
                bytes.Write(buffer, 0, taken);
                if (bytes.Length > ArchiveFormat.LargestManifestBytes)
                    throw ArchiveException.Damaged(ArchiveFormat.ManifestName, "it is too large");
            }

            return JsonSerializer.Deserialize(bytes.GetBuffer().AsSpan(0, (int)bytes.Length), ArchiveJson.Default.ArchiveManifest)
                ?? throw ArchiveException.Damaged(ArchiveFormat.ManifestName, "it is empty");
        }
        catch (Exception e) when (e is JsonException or InvalidDataException or InvalidOperationException)
        {
            throw ArchiveException.Damaged(ArchiveFormat.ManifestName, "it cannot be read", e);
        }
    }

    private void Check(long start, int parts)
    {
        if (Manifest.Id != Header.Id)
            throw ArchiveException.Damaged(ArchiveFormat.ManifestName, "it belongs to another archive");
        if (Manifest.Parts.Count != parts || (parts > 0 ? Manifest.Parts[0].Offset : manifestOffset) != start)
            throw ArchiveException.Damaged(ArchiveFormat.ManifestName, $"it lists {Manifest.Parts.Count} parts, and {parts} are there");
    }

    private int IndexOf(ArchivePart part)
    {
        for (var index = 0; index < Manifest.Parts.Count; index++)
        {
            if (Manifest.Parts[index].Name == part.Name)
                return index;
        }

        throw new ArgumentException($"the archive has no part {part.Name}");
    }

    /// <summary>Names outside of the manifest are not authenticated: what is shown of them is bounded and printable.</summary>
    private static string Shown(string name) =>
        new([.. name.Take(100).Select(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '-' or '_' ? c : '?')]);
}
