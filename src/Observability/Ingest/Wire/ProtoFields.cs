using System.Buffers.Binary;

namespace Fleet.Observability.Ingest.Wire;

/// <summary>Writing of protobuf fields, all with numbers below 16, so that a tag is one byte.</summary>
internal static class ProtoFields
{
    public static int SizeOfVarint(ulong value)
    {
        var size = 1;
        while ((value >>= 7) != 0)
            size++;
        return size;
    }

    /// <summary>Of a length-delimited field with its tag.</summary>
    public static int SizeOfBytes(int length) => 1 + SizeOfVarint((uint)length) + length;

    public static byte Tag(int field, WireType type) => (byte)((field << 3) | (int)type);

    public static int WriteVarint(Span<byte> to, ulong value)
    {
        var at = 0;
        while (value >= 0x80)
        {
            to[at++] = (byte)(value | 0x80);
            value >>= 7;
        }
        to[at++] = (byte)value;
        return at;
    }

    /// <summary>Tag and length of a length-delimited field; the content follows.</summary>
    public static int WriteHead(Span<byte> to, int field, int length)
    {
        to[0] = Tag(field, WireType.Bytes);
        return 1 + WriteVarint(to[1..], (uint)length);
    }

    public static int WriteBytes(Span<byte> to, int field, ReadOnlySpan<byte> content)
    {
        var at = WriteHead(to, field, content.Length);
        content.CopyTo(to[at..]);
        return at + content.Length;
    }

    public static int WriteDouble(Span<byte> to, int field, ulong bits)
    {
        to[0] = Tag(field, WireType.Fixed64);
        BinaryPrimitives.WriteUInt64LittleEndian(to[1..], bits);
        return 9;
    }

    public static int WriteInt64(Span<byte> to, int field, long value)
    {
        to[0] = Tag(field, WireType.Varint);
        return 1 + WriteVarint(to[1..], (ulong)value);
    }
}
