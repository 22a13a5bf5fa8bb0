using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Fleet.Observability.Ingest.Wire;

/// <summary>
/// Snappy's block format (not the framed one): what remote write uses. Decoding never writes beyond the length that the block names,
/// and that length is checked against a limit before anything is allocated.
/// </summary>
public static class SnappyBlock
{
    private const int Literal = 0, CopyOneByteOffset = 1, CopyTwoByteOffset = 2;

    /// <summary>Matches never reach across pieces of this size, so that offsets fit into two bytes.</summary>
    private const int Piece = 65536;
    private const int TableBits = 14;

    /// <summary>Bytes that are copied at once where there is room.</summary>
    private const int Chunk = 16;

    /// <summary>The length that a block says it has when decoded.</summary>
    /// <exception cref="MalformedPayloadException">It says none.</exception>
    public static long DecodedLength(ReadOnlySpan<byte> block) => ReadLength(block, out _);

    /// <param name="limit">A block that says to be longer is refused.</param>
    public static PooledBytes Decode(ReadOnlySpan<byte> block, int limit)
    {
        var length = ReadLength(block, out var at);
        if (length > limit)
            throw new MalformedPayloadException($"the block says that it holds {length} bytes; at most {limit} are taken");
        var result = new PooledBytes((int)length);
        try
        {
            DecodeInto(block[at..], result.GetSpan(Math.Max(1, (int)length))[..(int)length]);
            result.Advance((int)length);
            return result;
        }
        catch
        {
            result.Dispose();
            throw;
        }
    }

    /// <summary>Appends one block that holds what all of these hold, one behind the other, without decoding any: copies reach back by a distance, so they mean the same behind something else.</summary>
    /// <exception cref="MalformedPayloadException">One of them does not say its length, or they are longer together than a block can say.</exception>
    public static void Join(IEnumerable<ReadOnlyMemory<byte>> blocks, PooledBytes to)
    {
        var all = blocks.ToList();
        var length = all.Sum(block => ReadLength(block.Span, out _));
        WriteLength(length <= uint.MaxValue ? (uint)length : throw new MalformedPayloadException("the blocks are too long for one"), to);
        foreach (var block in all)
        {
            ReadLength(block.Span, out var head);
            to.Append(block.Span[head..]);
        }
    }

    /// <summary>Appends the block that holds these bytes.</summary>
    public static void Encode(ReadOnlySpan<byte> data, PooledBytes to)
    {
        WriteLength((uint)data.Length, to);
        var table = ArrayPool<ushort>.Shared.Rent(1 << TableBits);
        try
        {
            for (var start = 0; start < data.Length; start += Piece)
            {
                Array.Clear(table, 0, 1 << TableBits);
                var piece = data.Slice(start, Math.Min(Piece, data.Length - start));
                to.Advance(EncodePiece(piece, table, to.GetSpan(LargestOf(piece.Length))));
            }
        }
        finally
        {
            ArrayPool<ushort>.Shared.Return(table);
        }
    }

    private static void WriteLength(uint length, PooledBytes to)
    {
        var head = to.GetSpan(5);
        to.Advance(ProtoFields.WriteVarint(head, length));
    }

    private static long ReadLength(ReadOnlySpan<byte> block, out int used)
    {
        ulong length = 0;
        for (used = 0; used < 5 && used < block.Length;)
        {
            var b = block[used];
            length |= (ulong)(b & 0x7f) << (7 * used++);
            if (b < 0x80 && length <= uint.MaxValue)
                return (long)length;
        }
        throw new MalformedPayloadException("this is no Snappy block: its length cannot be read");
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void DecodeInto(ReadOnlySpan<byte> from, Span<byte> to)
    {
        int read = 0, written = 0;
        while (read < from.Length)
        {
            var tag = from[read++];
            int length, offset;
            switch (tag & 3)
            {
                case Literal:
                    length = (tag >> 2) + 1;
                    if (length > 60)
                    {
                        var bytes = length - 60;
                        if (from.Length - read < bytes)
                            throw Broken();
                        uint more = 0;
                        for (var i = 0; i < bytes; i++)
                            more |= (uint)from[read++] << (8 * i);
                        if (more >= int.MaxValue)
                            throw Broken();
                        length = (int)more + 1;
                    }
                    if (length > from.Length - read || length > to.Length - written)
                        throw Broken();
                    if (length <= Chunk && from.Length - read >= Chunk && to.Length - written >= Chunk)
                        CopyChunk(from[read..], to[written..]);
                    else
                        from.Slice(read, length).CopyTo(to[written..]);
                    read += length;
                    written += length;
                    continue;
                case CopyOneByteOffset:
                    if (read >= from.Length)
                        throw Broken();
                    length = 4 + ((tag >> 2) & 7);
                    offset = ((tag & 0xe0) << 3) | from[read++];
                    break;
                case CopyTwoByteOffset:
                    if (from.Length - read < 2)
                        throw Broken();
                    length = (tag >> 2) + 1;
                    offset = BinaryPrimitives.ReadUInt16LittleEndian(from[read..]);
                    read += 2;
                    break;
                default:
                    if (from.Length - read < 4)
                        throw Broken();
                    length = (tag >> 2) + 1;
                    var far = BinaryPrimitives.ReadUInt32LittleEndian(from[read..]);
                    offset = far > int.MaxValue ? 0 : (int)far;
                    read += 4;
                    break;
            }
            if (offset == 0 || offset > written || length > to.Length - written)
                throw Broken();
            if (length <= Chunk && offset >= Chunk && to.Length - written >= Chunk)
                CopyChunk(to[(written - offset)..], to[written..]);
            else if (offset >= length)
                to.Slice(written - offset, length).CopyTo(to[written..]);
            else
                // The source grows while it is copied: that is how a run is written.
                for (var i = 0; i < length; i++)
                    to[written + i] = to[written + i - offset];
            written += length;
        }
        if (written != to.Length)
            throw Broken();
    }

    /// <summary>As much as it is, whatever it is: most pieces are short, and what is copied too much is overwritten by what comes next.</summary>
    private static void CopyChunk(ReadOnlySpan<byte> from, Span<byte> to) => Vector128.Create(from[..Chunk]).CopyTo(to);

    /// <param name="to">Has room for <see cref="LargestOf"/>.</param>
    /// <returns>How much was written.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int EncodePiece(ReadOnlySpan<byte> piece, Span<ushort> table, Span<byte> to)
    {
        int at = 0, literal = 0, written = 0;
        ref var bytes = ref MemoryMarshal.GetReference(piece);
        // The last bytes are never looked up, so that eight bytes can always be read.
        while (at + 8 <= piece.Length)
        {
            var word = Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref bytes, at));
            ref var slot = ref table[(int)((word * 0x1e35a7bd) >> (32 - TableBits))];
            int candidate = slot;
            slot = (ushort)at;
            if (candidate >= at || Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref bytes, candidate)) != word)
            {
                // The longer nothing is found, the larger the steps: what does not compress is passed quickly.
                at += 1 + ((at - literal) >> 5);
                continue;
            }
            if (at > literal)
                written += WriteLiteral(piece[literal..at], to[written..]);
            var length = 4 + CommonLength(piece[(candidate + 4)..], piece[(at + 4)..]);
            written += WriteCopy(at - candidate, length, to[written..]);
            at += length;
            literal = at;
        }
        return literal < piece.Length ? written + WriteLiteral(piece[literal..], to[written..]) : written;
    }

    /// <summary>What the longest encoding of a piece takes: the literal of it, and what the shortest copies add.</summary>
    private static int LargestOf(int length) => 32 + length + (length / 6);

    private static int CommonLength(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        var most = Math.Min(a.Length, b.Length);
        ref var first = ref MemoryMarshal.GetReference(a);
        ref var second = ref MemoryMarshal.GetReference(b);
        var i = 0;
        for (; i + 8 <= most; i += 8)
        {
            var difference = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref first, i)) ^ Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref second, i));
            if (difference != 0)
                return i + (BitOperations.TrailingZeroCount(difference) >> 3);
        }
        while (i < most && a[i] == b[i])
            i++;
        return i;
    }

    private static int WriteLiteral(ReadOnlySpan<byte> literal, Span<byte> to)
    {
        var n = literal.Length - 1;
        int head;
        if (n < 60)
        {
            to[0] = (byte)(n << 2);
            head = 1;
        }
        else if (n < 256)
        {
            to[0] = 60 << 2;
            to[1] = (byte)n;
            head = 2;
        }
        else
        {
            // A piece has at most 65536 bytes.
            to[0] = 61 << 2;
            BinaryPrimitives.WriteUInt16LittleEndian(to[1..], (ushort)n);
            head = 3;
        }
        literal.CopyTo(to[head..]);
        return head + literal.Length;
    }

    private static int WriteCopy(int offset, int length, Span<byte> to)
    {
        var at = 0;
        while (length > 0)
        {
            // What is left after a copy of 64 must be at least 4 long, the shortest that the short form can say.
            var now = length >= 68 ? 64 : length > 64 ? 60 : length;
            if (now is >= 4 and <= 11 && offset < 2048)
            {
                to[at++] = (byte)(CopyOneByteOffset | ((now - 4) << 2) | ((offset >> 8) << 5));
                to[at++] = (byte)offset;
            }
            else
            {
                to[at++] = (byte)(CopyTwoByteOffset | ((now - 1) << 2));
                BinaryPrimitives.WriteUInt16LittleEndian(to[at..], (ushort)offset);
                at += 2;
            }
            length -= now;
        }
        return at;
    }

    private static MalformedPayloadException Broken() => new("this is no Snappy block: it is damaged or cut off");
}
