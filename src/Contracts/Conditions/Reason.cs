using System.Text.Json;
using System.Text.Json.Serialization;

namespace Fleet.Contracts.Conditions;

/// <summary>Why a condition is as it is: one PascalCase word for programs.</summary>
[JsonConverter(typeof(WireConverter))]
public readonly record struct Reason(string Value)
{
    /// <summary>All is well.</summary>
    public static Reason Succeeded { get; } = new("Succeeded");

    /// <summary>Something went wrong and is retried, or needs a person.</summary>
    public static Reason Failed { get; } = new("Failed");

    /// <summary>On the way, nothing is wrong.</summary>
    public static Reason Progressing { get; } = new("Progressing");

    public static Reason Deleting { get; } = new("Deleting");

    public static Reason Paused { get; } = new("Paused");

    public static Reason NotPaused { get; } = new("NotPaused");

    public static Reason Unknown { get; } = new("Unknown");

    public override string ToString() => Value;

#pragma warning disable CA1034 // Generated serializers of other assemblies need to see it.
    public sealed class WireConverter : JsonConverter<Reason>
    {
        public override Reason Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(reader.GetString() ?? "");

        public override void Write(Utf8JsonWriter writer, Reason value, JsonSerializerOptions options) => writer.WriteStringValue(value.Value);
    }
#pragma warning restore CA1034
}
