using System.Text.Json;
using System.Text.Json.Serialization;
using Fleet.Observability.Objects;

namespace Fleet.Observability.Collection.Agents;

/// <summary>Labels as an object; what is read is bounded as what is watched.</summary>
internal sealed class TextsConverter : JsonConverter<Texts>
{
    public override Texts Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            throw new JsonException();
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var key = reader.GetString()!;
            if (!reader.Read() || reader.TokenType != JsonTokenType.String)
                throw new JsonException();
            texts[key] = reader.GetString()!;
        }
        return Texts.Of(texts);
    }

    public override void Write(Utf8JsonWriter writer, Texts value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        foreach (var (key, text) in value.Values)
            writer.WriteString(key, text);
        writer.WriteEndObject();
    }
}

internal sealed class ContainersConverter : SequenceConverter<ContainerRow>;

internal sealed class ClaimsConverter : SequenceConverter<string>;

/// <summary>A list of rows within a row.</summary>
internal abstract class SequenceConverter<T> : JsonConverter<Sequence<T>> where T : class
{
    public override Sequence<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            throw new JsonException();
        var type = (System.Text.Json.Serialization.Metadata.JsonTypeInfo<T>)options.GetTypeInfo(typeof(T));
        var items = new List<T>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            items.Add(JsonSerializer.Deserialize(ref reader, type) ?? throw new JsonException());
        return Sequence<T>.Of(items);
    }

    public override void Write(Utf8JsonWriter writer, Sequence<T> value, JsonSerializerOptions options)
    {
        var type = (System.Text.Json.Serialization.Metadata.JsonTypeInfo<T>)options.GetTypeInfo(typeof(T));
        writer.WriteStartArray();
        foreach (var item in value)
            JsonSerializer.Serialize(writer, item, type);
        writer.WriteEndArray();
    }
}
