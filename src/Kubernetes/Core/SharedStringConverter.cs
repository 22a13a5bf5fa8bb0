using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Fleet.Kubernetes.Core;

/// <summary>
/// Gives the same string for the same text where it was seen lately. Lists repeat themselves: namespaces, label names, images, node names, reasons.
/// What is not allocated need not be copied by the collector either, which is most of the cost of keeping a large list.
/// </summary>
internal sealed class SharedStringConverter : JsonConverter<string>
{
    /// <summary>Longer texts seldom repeat.</summary>
    private const int Longest = 64;

    /// <summary>Enough for the words of a few kinds; 16 KiB a thread.</summary>
    private const int Slots = 2048;

    [ThreadStatic]
    private static string?[]? seen;

    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        => reader.TokenType == JsonTokenType.String ? Shared(ref reader)
            : reader.TokenType == JsonTokenType.Null ? null
            : throw new JsonException("a string is expected");

    public override string ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Shared(ref reader);

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);

    public override void WriteAsPropertyName(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WritePropertyName(value);

    private static string Shared(ref Utf8JsonReader reader)
    {
        if (reader.HasValueSequence || reader.ValueIsEscaped || reader.ValueSpan.Length is 0 or > Longest)
            return reader.GetString() ?? "";
        var text = reader.ValueSpan;
        ref var slot = ref (seen ??= new string?[Slots])[Hash(text) & (Slots - 1)];
        // Only ASCII can compare equal; other text is simply not shared.
        return slot is { } known && Ascii.Equals(text, known) ? known : slot = reader.GetString()!;
    }

    private static uint Hash(ReadOnlySpan<byte> text)
    {
        var hash = (ulong)text.Length;
        while (text.Length >= 8)
        {
            hash = (BitOperations.RotateLeft(hash, 5) ^ MemoryMarshal.Read<ulong>(text)) * 0x9E3779B97F4A7C15;
            text = text[8..];
        }

        foreach (var b in text)
            hash = (BitOperations.RotateLeft(hash, 5) ^ b) * 0x9E3779B97F4A7C15;
        return (uint)(hash >> 40);
    }
}
