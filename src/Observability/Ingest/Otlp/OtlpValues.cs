using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Fleet.Observability.Ingest.Otlp.Messages;

namespace Fleet.Observability.Ingest.Otlp;

/// <summary>Attribute values as text and as JSON.</summary>
internal static class OtlpValues
{
    /// <summary>Empty for a value that is not there.</summary>
    public static string Text(AnyValue? value) => value?.ValueCase switch
    {
        null or AnyValue.ValueOneofCase.None => "",
        AnyValue.ValueOneofCase.StringValue => value.StringValue,
        AnyValue.ValueOneofCase.BoolValue => value.BoolValue ? "true" : "false",
        AnyValue.ValueOneofCase.IntValue => value.IntValue.ToString(CultureInfo.InvariantCulture),
        AnyValue.ValueOneofCase.DoubleValue => value.DoubleValue.ToString("R", CultureInfo.InvariantCulture),
        AnyValue.ValueOneofCase.BytesValue => value.BytesValue.ToBase64(),
        _ => Encoding.UTF8.GetString(Json(writer => Write(writer, value)).Span),
    };

    public static string Attribute(IEnumerable<KeyValue> attributes, string key) => Text(attributes.FirstOrDefault(one => one.Key == key)?.Value);

    /// <summary>One JSON object. Of two attributes with one key the last counts.</summary>
    public static ReadOnlyMemory<byte> Object(IEnumerable<KeyValue> attributes) => Json(writer => Write(writer, attributes));

    private static ReadOnlyMemory<byte> Json(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
            write(writer);
        return buffer.WrittenMemory;
    }

    public static void Write(Utf8JsonWriter writer, IEnumerable<KeyValue> attributes)
    {
        writer.WriteStartObject();
        foreach (var one in attributes.GroupBy(one => one.Key).Select(same => same.Last()))
        {
            writer.WritePropertyName(Storable(one.Key));
            Write(writer, one.Value);
        }
        writer.WriteEndObject();
    }

    /// <summary>PostgreSQL's text and jsonb hold no zero character. Halves of characters never get this far: neither parser takes them.</summary>
    public static string Storable(string text) => text.Replace("\0", "", StringComparison.Ordinal);

    private static void Write(Utf8JsonWriter writer, AnyValue? value)
    {
        switch (value?.ValueCase)
        {
            case null or AnyValue.ValueOneofCase.None:
                writer.WriteNullValue();
                break;
            case AnyValue.ValueOneofCase.StringValue:
                writer.WriteStringValue(Storable(value.StringValue));
                break;
            case AnyValue.ValueOneofCase.BoolValue:
                writer.WriteBooleanValue(value.BoolValue);
                break;
            case AnyValue.ValueOneofCase.IntValue:
                writer.WriteNumberValue(value.IntValue);
                break;
            case AnyValue.ValueOneofCase.DoubleValue when double.IsFinite(value.DoubleValue):
                writer.WriteNumberValue(value.DoubleValue);
                break;
            case AnyValue.ValueOneofCase.ArrayValue:
                writer.WriteStartArray();
                foreach (var one in value.ArrayValue.Values)
                    Write(writer, one);
                writer.WriteEndArray();
                break;
            case AnyValue.ValueOneofCase.KvlistValue:
                Write(writer, value.KvlistValue.Values);
                break;
            default:
                // JSON has no NaN and no bytes.
                writer.WriteStringValue(Storable(Text(value)));
                break;
        }
    }
}
