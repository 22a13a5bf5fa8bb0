using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.Kubernetes.Objects;

namespace Fleet.ControlPlane.Storage;

/// <summary>Writes an object in the order that <see cref="StoredObject"/> promises.</summary>
internal static class ObjectBytes
{
    [ThreadStatic] private static ArrayBufferWriter<byte>? buffer;
    [ThreadStatic] private static Utf8JsonWriter? writer;

    public static JsonWriterOptions WriterOptions { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    public static StoredObject Write(ObjectKey key, JsonObject body, long revision)
    {
        buffer ??= new ArrayBufferWriter<byte>(4096);
        writer ??= new Utf8JsonWriter(buffer, WriterOptions);
        buffer.ResetWrittenCount();
        writer.Reset(buffer);
        writer.WriteStartObject();
        writer.WriteString("apiVersion"u8, (string?)body["apiVersion"]);
        writer.WriteString("kind"u8, (string?)body["kind"]);
        writer.Flush();
        var tail = buffer.WrittenCount;
        var metadata = body["metadata"] as JsonObject;
        writer.WritePropertyName("metadata"u8);
        WriteMetadata(metadata, revision);
        foreach (var (name, value) in body)
        {
            if (name is "apiVersion" or "kind" or "metadata") continue;
            writer.WritePropertyName(name);
            if (value is null) writer.WriteNullValue();
            else value.WriteTo(writer);
        }
        writer.WriteEndObject();
        writer.Flush();
        var json = buffer.WrittenSpan.ToArray();
        if (buffer.Capacity > 1 << 20) buffer = null;
        if (buffer is null) writer = null;
        return new StoredObject(key, json, tail, revision, (string?)metadata?["uid"] ?? "", OwnersOf(metadata));
    }

    /// <summary>Reads back what <see cref="Write"/> made (from the log).</summary>
    public static StoredObject Read(ObjectKey key, byte[] json, long revision)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read(); // {
        reader.Read(); // apiVersion
        reader.Read();
        reader.Read(); // kind
        reader.Read();
        var tail = (int)reader.BytesConsumed;
        reader.Read(); // metadata
        reader.Read();
        var metadata = JsonNode.Parse(ref reader) as JsonObject;
        return new StoredObject(key, json, tail, revision, (string?)metadata?["uid"] ?? "", OwnersOf(metadata));
    }

    private static void WriteMetadata(JsonObject? metadata, long revision)
    {
        writer!.WriteStartObject();
        if (metadata is not null)
        {
            foreach (var (name, value) in metadata)
            {
                if (name is "resourceVersion" or "managedFields" || value is null) continue;
                writer.WritePropertyName(name);
                value.WriteTo(writer);
            }
        }
        if (revision > 0)
        {
            Span<char> digits = stackalloc char[20];
            revision.TryFormat(digits, out var length, provider: CultureInfo.InvariantCulture);
            writer.WriteString("resourceVersion"u8, digits[..length]);
        }
        // Last, because it is long and selectors need what comes before.
        if (metadata?["managedFields"] is { } managed)
        {
            writer.WritePropertyName("managedFields"u8);
            managed.WriteTo(writer);
        }
        writer.WriteEndObject();
    }

    private static string[]? OwnersOf(JsonObject? metadata)
    {
        if (metadata?["ownerReferences"] is not JsonArray { Count: > 0 } owners) return null;
        var uids = new List<string>(owners.Count);
        foreach (var owner in owners)
        {
            if ((string?)owner?["uid"] is { } uid) uids.Add(uid);
        }
        return [.. uids];
    }
}
