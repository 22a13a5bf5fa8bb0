using System.Buffers.Binary;

namespace Fleet.ControlPlane.Protobuf;

/// <summary>Walks over the fields of one message.</summary>
internal ref struct ProtobufReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> rest = bytes;

    public int Field { get; private set; }

    /// <summary>Of a length-delimited field.</summary>
    public ReadOnlySpan<byte> Bytes { get; private set; }

    /// <summary>Of every other field; a double as its bits.</summary>
    public long Number { get; private set; }

    public bool Next()
    {
        if (rest.IsEmpty) return false;
        var tag = Varint();
        Field = (int)(tag >> 3);
        Bytes = default;
        Number = 0;
        switch (tag & 7)
        {
            case 0: Number = (long)Varint(); break;
            case 1: Number = BinaryPrimitives.ReadInt64LittleEndian(Take(8)); break;
            case 2: Bytes = Take(Varint()); break;
            case 5: Number = BinaryPrimitives.ReadInt32LittleEndian(Take(4)); break;
            default: throw ProtobufBody.Malformed();
        }
        return true;
    }

    private ulong Varint()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = Take(1)[0];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80) return value;
        }
        throw ProtobufBody.Malformed();
    }

    private ReadOnlySpan<byte> Take(ulong length)
    {
        if (length > (ulong)rest.Length) throw ProtobufBody.Malformed();
        var taken = rest[..(int)length];
        rest = rest[(int)length..];
        return taken;
    }
}
