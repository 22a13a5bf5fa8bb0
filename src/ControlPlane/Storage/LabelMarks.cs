using System.Text;
using System.Text.Json;
using Fleet.ControlPlane.Machinery;

namespace Fleet.ControlPlane.Storage;

/// <summary>
/// A Bloom filter of 63 bits over the labels of an object, two of them for each: says in a nanosecond that a label is not there, which is so for nearly all
/// objects that a list with a selector passes, and that it may be there otherwise. The last bit says that the filter was made.
/// </summary>
internal static class LabelMarks
{
    private const ulong Made = 1UL << 63;
    private const ulong FnvOffset = 14695981039346656037;
    private const ulong FnvPrime = 1099511628211;

    public static ulong Of(StoredObject stored)
    {
        var marks = Made;
        var reader = StoredFields.At(stored, "metadata"u8, "labels"u8);
        if (reader.TokenType != JsonTokenType.StartObject) return marks;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = Add(FnvOffset, ref reader);
            reader.Read();
            if (reader.TokenType == JsonTokenType.String) marks |= Bits(Add(Add(key, 0), ref reader));
            else reader.Skip();
        }
        return marks;
    }

    public static ulong Of(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value) => Bits(Add(Add(Add(FnvOffset, key), 0), value));

    private static ulong Bits(ulong hash) => (1UL << (int)(hash % 63)) | (1UL << (int)((hash >> 32) % 63));

    private static ulong Add(ulong hash, ref Utf8JsonReader reader) =>
        reader.ValueIsEscaped ? Add(hash, Encoding.UTF8.GetBytes(reader.GetString()!)) : Add(hash, reader.ValueSpan);

    private static ulong Add(ulong hash, ReadOnlySpan<byte> bytes)
    {
        foreach (var b in bytes) hash = Add(hash, b);
        return hash;
    }

    private static ulong Add(ulong hash, byte b) => (hash ^ b) * FnvPrime;
}
