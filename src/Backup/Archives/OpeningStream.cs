using System.Buffers.Binary;

namespace Fleet.Backup.Archives;

/// <summary>Reads the chunks of one part, each authenticated before a byte of it is handed out.</summary>
internal sealed class OpeningStream(Stream source, ChunkCipher cipher, string part, int partIndex, int chunkBytes) : ReadOnlyStream
{
    private readonly byte[] framed = new byte[chunkBytes + ArchiveFormat.TagBytes];
    private readonly byte[] content = new byte[chunkBytes];
    private readonly byte[] length = new byte[4];
    private int available;
    private int consumed;
    private long chunk;
    private bool isLast;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken ct = default)
    {
        while (consumed == available)
        {
            if (isLast)
                return 0;
            await OpenNextAsync(ct);
        }

        var taken = Math.Min(buffer.Length, available - consumed);
        content.AsMemory(consumed, taken).CopyTo(buffer);
        consumed += taken;
        return taken;
    }

    private async Task OpenNextAsync(CancellationToken ct)
    {
        await FillAsync(length, ct);
        var word = BinaryPrimitives.ReadUInt32BigEndian(length);
        var size = (int)(word & ~ArchiveFormat.LastChunk);
        var last = (word & ArchiveFormat.LastChunk) != 0;
        if (size > chunkBytes || (!last && size < chunkBytes))
            throw ArchiveException.Damaged(part, $"chunk {chunk} has a length that cannot be right");
        await FillAsync(framed.AsMemory(0, size + ArchiveFormat.TagBytes), ct);
        if (!cipher.TryOpen(new(part, partIndex, chunk, last), framed.AsSpan(0, size), framed.AsSpan(size, ArchiveFormat.TagBytes), content.AsSpan(0, size)))
            throw ArchiveException.Damaged(part, $"chunk {chunk} is not what was written there");
        (available, consumed, isLast) = (size, 0, last);
        chunk++;
    }

    private async Task FillAsync(Memory<byte> buffer, CancellationToken ct)
    {
        if (await source.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, ct) < buffer.Length)
            throw ArchiveException.Truncated(part);
    }
}
