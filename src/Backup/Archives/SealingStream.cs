using System.Buffers.Binary;

namespace Fleet.Backup.Archives;

/// <summary>Writes one part's compressed content as sealed chunks. The end must be stated, so that a part that was given up never looks whole.</summary>
internal sealed class SealingStream(Stream target, ChunkCipher cipher, string part, int partIndex, int chunkBytes) : WriteOnlyStream
{
    private readonly byte[] buffer = new byte[chunkBytes];
    private readonly byte[] framed = new byte[4 + chunkBytes + ArchiveFormat.TagBytes];
    private int filled;
    private long chunk;

    /// <summary>Bytes given to the target.</summary>
    public long Written { get; private set; }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> content, CancellationToken ct = default)
    {
        while (content.Length > 0)
        {
            // A full chunk waits until it is known whether it is the last.
            if (filled == buffer.Length)
                await SealAsync(isLast: false, ct);
            var taken = Math.Min(content.Length, buffer.Length - filled);
            content[..taken].CopyTo(buffer.AsMemory(filled));
            filled += taken;
            content = content[taken..];
        }
    }

    public Task CompleteAsync(CancellationToken ct) => SealAsync(isLast: true, ct);

    private async Task SealAsync(bool isLast, CancellationToken ct)
    {
        BinaryPrimitives.WriteUInt32BigEndian(framed, (uint)filled | (isLast ? ArchiveFormat.LastChunk : 0));
        cipher.Seal(new(part, partIndex, chunk, isLast), buffer.AsSpan(0, filled), framed.AsSpan(4, filled), framed.AsSpan(4 + filled, ArchiveFormat.TagBytes));
        var length = 4 + filled + ArchiveFormat.TagBytes;
        await target.WriteAsync(framed.AsMemory(0, length), ct);
        Written += length;
        filled = 0;
        chunk++;
    }
}
