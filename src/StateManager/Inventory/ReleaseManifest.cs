using System.Buffers.Text;
using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.Kubernetes.Yaml;

namespace Fleet.StateManager.Inventory;

/// <summary>What Helm keeps of a revision, as far as it is needed here. Pure.</summary>
/// <param name="Objects">Every object of the manifest, lists taken apart.</param>
internal sealed record ReleaseManifest(IReadOnlyList<JsonObject> Objects, bool IsServerSideApplied)
{
    /// <summary>A Secret holds 1 MiB; text of manifests and charts is packed to a tenth, never to a fiftieth.</summary>
    private const int LargestRecord = 64 * 1024 * 1024;

    /// <summary>The values that the revision was given.</summary>
    public JsonObject Values { get; private init; } = [];

    /// <summary>As charts are read: of a key that stands twice the last one counts, as it did when Helm applied it.</summary>
    private static readonly YamlReadOptions Reading = new() { LastDuplicateWins = true };

    /// <summary>From the value of key <c>release</c> of the Secret, base64 of the API already taken away: base64 of gzip of JSON.</summary>
    /// <exception cref="InvalidDataException">It is no record, or larger than any can be. The message quotes nothing of it.</exception>
    public static ReleaseManifest Read(ReadOnlySpan<byte> encoded)
    {
        try
        {
            var json = Unpack(encoded);
            var (manifest, method, values) = Find(json);
            var objects = KubernetesYaml.ReadAll(manifest ?? "", Reading).SelectMany(Apart).ToList();
            return new ReleaseManifest(objects, method == "ssa") { Values = values ?? [] };
        }
        catch (KubernetesYamlException e)
        {
            throw new InvalidDataException($"its manifest: {e.Message}", e);
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException)
        {
            throw new InvalidDataException("it is no record of Helm's", e);
        }
    }

    private static ReadOnlySpan<byte> Unpack(ReadOnlySpan<byte> encoded)
    {
        var packed = new byte[Base64.GetMaxDecodedFromUtf8Length(encoded.Length)];
        if (Base64.DecodeFromUtf8(encoded, packed, out _, out var length) != System.Buffers.OperationStatus.Done)
            throw new FormatException("not base64");
        // Helm packs since version 3; it reads plain JSON as well.
        if (length < 2 || packed[0] != 0x1f || packed[1] != 0x8b)
            return packed.AsSpan(0, length);
        using var unpack = new GZipStream(new MemoryStream(packed, 0, length, writable: false), CompressionMode.Decompress);
        var text = new MemoryStream();
        var buffer = new byte[64 * 1024];
        while (unpack.Read(buffer) is var read and > 0)
        {
            if (text.Length + read > LargestRecord)
                throw new InvalidDataException("it is larger than any record can be");
            text.Write(buffer, 0, read);
        }

        return text.GetBuffer().AsSpan(0, (int)text.Length);
    }

    /// <summary>The chart with all its files is in there too, and is passed over.</summary>
    private static (string? Manifest, string? Method, JsonObject? Values) Find(ReadOnlySpan<byte> json)
    {
        string? manifest = null, method = null;
        JsonObject? values = null;
        var reader = new Utf8JsonReader(json);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            throw new FormatException("not an object");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var (isManifest, isMethod, isValues) = (reader.ValueTextEquals("manifest"), reader.ValueTextEquals("apply_method"), reader.ValueTextEquals("config"));
            reader.Read();
            if (isManifest)
                manifest = reader.GetString();
            else if (isMethod)
                method = reader.GetString();
            else if (isValues)
                values = JsonNode.Parse(ref reader) as JsonObject;
            else
                reader.Skip();
        }

        return (manifest, method, values);
    }

    internal static IEnumerable<JsonObject> Apart(JsonObject document)
    {
        var kind = document["kind"] is JsonValue word && word.TryGetValue<string>(out var text) ? text : "";
        if (kind.EndsWith("List", StringComparison.Ordinal) && document["items"] is JsonArray items)
            return items.OfType<JsonObject>().SelectMany(Apart);
        return kind.Length > 0 && document["metadata"] is JsonObject ? [document] : [];
    }
}
