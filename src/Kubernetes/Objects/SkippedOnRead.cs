using System.Text.Json;
using System.Text.Json.Serialization;

namespace Fleet.Kubernetes.Objects;

/// <summary>Passes over a value that is large and that no typed reader needs. A server keeps managedFields when a write leaves them out.</summary>
public sealed class SkippedOnRead : JsonConverter<JsonElement?>
{
    public override JsonElement? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        reader.Skip();
        return null;
    }

    public override void Write(Utf8JsonWriter writer, JsonElement? value, JsonSerializerOptions options)
    {
        if (value is { } element)
            element.WriteTo(writer);
        else
            writer.WriteNullValue();
    }
}
