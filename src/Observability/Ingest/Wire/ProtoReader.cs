using System.Buffers.Binary;

namespace Fleet.Observability.Ingest.Wire;

/// <summary>
/// Walks the fields of one protobuf message in place, without a copy or an allocation. Generated classes would make an object of each sample and each label,
/// and that is most of what such a receiver does.
/// </summary>
internal ref struct ProtoReader(ReadOnlySpan<byte> message)
{
    private readonly ReadOnlySpan<byte> message = message;

    /// <summary>Where the next field begins.</summary>
    public int At { get; private set; }

    public int Field { get; private set; }

    public WireType Type { get; private set; }

    public bool Next()
    {
        if (At >= message.Length)
            return false;
        var tag = Varint();
        Type = (WireType)(tag & 7);
        if (tag >> 3 is 0 or > 536870911)
            throw new MalformedPayloadException("this is no protobuf message: a field has no number");
        Field = (int)(tag >> 3);
        return true;
    }

    public ulong Varint()
    {
        ulong value = 0;
        for (var shift = 0; shift < 70; shift += 7)
        {
            if (At >= message.Length)
                throw CutOff();
            var b = message[At++];
            value |= (ulong)(b & 0x7f) << shift;
            if (b < 0x80)
                return value;
        }
        throw new MalformedPayloadException("this is no protobuf message: a number has no end");
    }

    /// <summary>The value of a varint field.</summary>
    public ulong VarintField()
    {
        Require(WireType.Varint);
        return Varint();
    }

    public ulong Fixed64Field()
    {
        Require(WireType.Fixed64);
        if (message.Length - At < 8)
            throw CutOff();
        var value = BinaryPrimitives.ReadUInt64LittleEndian(message[At..]);
        At += 8;
        return value;
    }

    /// <summary>Where the content of a length-delimited field lies in the message; the reader stands behind it afterwards.</summary>
    public (int Start, int Length) BytesField()
    {
        Require(WireType.Bytes);
        var length = Varint();
        if (length > (ulong)(message.Length - At))
            throw CutOff();
        var start = At;
        At += (int)length;
        return (start, (int)length);
    }

    /// <summary>Goes past a field that is not known.</summary>
    public void Skip()
    {
        switch (Type)
        {
            case WireType.Varint:
                Varint();
                break;
            case WireType.Fixed64:
                Pass(8);
                break;
            case WireType.Bytes:
                BytesField();
                break;
            case WireType.Fixed32:
                Pass(4);
                break;
            default:
                throw new MalformedPayloadException($"this is no protobuf message: unknown wire type {(int)Type}");
        }
    }

    private void Pass(int count)
    {
        if (message.Length - At < count)
            throw CutOff();
        At += count;
    }

    private readonly void Require(WireType type)
    {
        if (Type != type)
            throw new MalformedPayloadException($"field {Field} has wire type {(int)Type} where {(int)type} is expected");
    }

    private static MalformedPayloadException CutOff() => new("this is no protobuf message: it is cut off");
}

internal enum WireType
{
    Varint = 0,
    Fixed64 = 1,
    Bytes = 2,
    Fixed32 = 5,
}
