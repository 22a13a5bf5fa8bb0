using System.Text.Json;
using System.Text.Json.Serialization;

namespace Fleet.Contracts.Conditions;

/// <summary>What a condition is about: a type of its own, so that it can not be mistaken for a reason or a message.</summary>
[JsonConverter(typeof(WireConverter))]
public readonly record struct ConditionType(string Value)
{
    public override string ToString() => Value;

#pragma warning disable CA1034 // Generated serializers of other assemblies need to see it.
    public sealed class WireConverter : JsonConverter<ConditionType>
    {
        public override ConditionType Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(reader.GetString() ?? "");

        public override void Write(Utf8JsonWriter writer, ConditionType value, JsonSerializerOptions options) => writer.WriteStringValue(value.Value);
    }
#pragma warning restore CA1034
}
