using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Fleet.Rest.Audit;

/// <summary>
/// SHA-256 of what users decide about an object: canonical JSON (names in order, no white space) without status, without what the server keeps for itself
/// (managedFields, resourceVersion, generation), and without the values of Secrets. Two objects with one hash say the same.
/// </summary>
internal static class ObjectHash
{
    private static readonly HashSet<string> ServersOwn = ["managedFields", "resourceVersion", "generation"];

    private static readonly HashSet<string> SecretValues = ["data", "stringData"];

    /// <summary>Null for no object.</summary>
    public static string? Of(JsonObject? item)
    {
        if (item is null)
            return null;
        var isSecret = (string?)item["kind"] == "Secret";
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer))
            Write(writer, item, name => name == "status" || (isSecret && SecretValues.Contains(name)));
        return Convert.ToHexStringLower(SHA256.HashData(buffer.WrittenSpan));
    }

    private static void Write(Utf8JsonWriter writer, JsonNode? node, Func<string, bool>? leaveOut = null)
    {
        switch (node)
        {
            case JsonObject map:
                writer.WriteStartObject();
                foreach (var (name, value) in map.OrderBy(pair => pair.Key, StringComparer.Ordinal))
                {
                    if (leaveOut?.Invoke(name) == true)
                        continue;
                    writer.WritePropertyName(name);
                    Write(writer, value, leaveOut is not null && name == "metadata" ? ServersOwn.Contains : null);
                }

                writer.WriteEndObject();
                break;
            case JsonArray list:
                writer.WriteStartArray();
                foreach (var value in list)
                    Write(writer, value);
                writer.WriteEndArray();
                break;
            case null:
                writer.WriteNullValue();
                break;
            default:
                node.WriteTo(writer);
                break;
        }
    }
}
