using System.Buffers;
using System.Text;

namespace Fleet.ControlPlane.OpenApi;

/// <summary>Builds one protobuf message; inner messages are built first and added as bytes.</summary>
internal sealed class ProtobufWriter
{
    private readonly ArrayBufferWriter<byte> bytes = new(64);

    public ProtobufWriter Text(int field, string? value) => value is null ? this : Bytes(field, Encoding.UTF8.GetBytes(value));

    public ProtobufWriter Flag(int field, bool value)
    {
        if (!value) return this;
        Varint((uint)field << 3);
        Varint(1);
        return this;
    }

    public ProtobufWriter Message(int field, ProtobufWriter? message) => message is null ? this : Bytes(field, message.ToArray());

    public byte[] ToArray() => bytes.WrittenSpan.ToArray();

    private ProtobufWriter Bytes(int field, byte[] value)
    {
        Varint(((uint)field << 3) | 2);
        Varint((uint)value.Length);
        bytes.Write(value);
        return this;
    }

    private void Varint(uint value)
    {
        while (value > 0x7F)
        {
            Byte((byte)(value | 0x80));
            value >>= 7;
        }
        Byte((byte)value);
    }

    private void Byte(byte value)
    {
        bytes.GetSpan(1)[0] = value;
        bytes.Advance(1);
    }
}
