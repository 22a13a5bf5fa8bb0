using System.Buffers;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Fleet.StateManager.Inventory;

/// <summary>
/// A JSON object in the smallest form in which thousands can be kept: text, deflated where it is large (definitions of resources shrink to a tenth).
/// Two are equal when their texts are.
/// </summary>
internal sealed class PackedJson : IEquatable<PackedJson>
{
    /// <summary>Below this deflating saves little and costs each look.</summary>
    private const int LargestPlain = 2048;

    private readonly byte[] bytes;
    private readonly int length;
    private readonly UInt128 hash;

    private PackedJson(ReadOnlySpan<byte> text)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(text, digest);
        hash = System.Buffers.Binary.BinaryPrimitives.ReadUInt128LittleEndian(digest);
        length = text.Length;
        bytes = text.Length <= LargestPlain ? text.ToArray() : Deflate(text);
    }

    /// <summary>What it takes in memory.</summary>
    public int Size => bytes.Length;

    public static PackedJson Of(JsonObject value) => Of(writer => value.WriteTo(writer));

    public static PackedJson Of(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer))
            write(writer);
        return new PackedJson(buffer.WrittenSpan);
    }

    public JsonObject Read() => (JsonObject)JsonNode.Parse(bytes.Length == length ? bytes : Inflate())!;

    public bool Equals(PackedJson? other) => other is not null && other.hash == hash && other.length == length;

    public override bool Equals(object? obj) => Equals(obj as PackedJson);

    public override int GetHashCode() => hash.GetHashCode();

    private static byte[] Deflate(ReadOnlySpan<byte> text)
    {
        var packed = new MemoryStream();
        using (var deflate = new DeflateStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            deflate.Write(text);
        // Equal lengths stand for plain text.
        return packed.Length < text.Length ? packed.ToArray() : text.ToArray();
    }

    private byte[] Inflate()
    {
        var text = new byte[length];
        using var inflate = new DeflateStream(new MemoryStream(bytes, writable: false), CompressionMode.Decompress);
        inflate.ReadExactly(text);
        return text;
    }
}
