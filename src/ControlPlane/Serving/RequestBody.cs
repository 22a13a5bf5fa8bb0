using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.ControlPlane.Machinery;
using Fleet.ControlPlane.Protobuf;
using Fleet.ControlPlane.Schemas;

namespace Fleet.ControlPlane.Serving;

/// <summary>Reads a body within the limits and decodes JSON or YAML.</summary>
internal static class RequestBody
{
    /// <summary>Upstream's limit.</summary>
    public const int Limit = 3 << 20;

    private const int MaxDepth = 128;

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = MaxDepth, AllowDuplicateProperties = false };

    public static string MediaType(HttpRequest request)
    {
        var type = request.ContentType ?? "";
        var end = type.IndexOf(';', StringComparison.Ordinal);
        return (end < 0 ? type : type[..end]).Trim().ToLowerInvariant();
    }

    /// <summary>Null for an empty body.</summary>
    public static async ValueTask<byte[]?> ReadAsync(HttpRequest request, CancellationToken ct)
    {
        if (request.ContentLength > Limit) throw ApiErrors.TooLarge(Limit);
        var reader = request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(ct);
            if (read.Buffer.Length > Limit) throw ApiErrors.TooLarge(Limit);
            if (read.IsCompleted)
            {
                var bytes = read.Buffer.IsEmpty ? null : read.Buffer.ToArray();
                reader.AdvanceTo(read.Buffer.End);
                return bytes;
            }
            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    public static ValueTask<JsonObject> ReadObjectAsync(ApiRequest request) => ReadObjectAsync(request.Http.Request, request.DuplicateFields, request.Aborted);

    private static async ValueTask<JsonObject> ReadObjectAsync(HttpRequest request, List<string> duplicates, CancellationToken ct)
    {
        var type = MediaType(request);
        if (type == ProtobufBody.MediaType)
            return ProtobufBody.Decode(await ReadAsync(request, ct) ?? throw ApiErrors.BadRequest("the request has no body"));
        if (type is not ("" or "application/json" or "application/yaml" or "text/plain"))
            throw ApiErrors.UnsupportedMediaType("application/json, application/yaml");
        var bytes = await ReadAsync(request, ct) ?? throw ApiErrors.BadRequest("the request has no body");
        return Decode(bytes, type == "application/yaml", duplicates) as JsonObject ?? throw ApiErrors.BadRequest("the body must be a JSON object");
    }

    /// <summary>Of a member that occurs twice the last one counts, as for Go's decoder; <paramref name="duplicates"/> gets a message for each.</summary>
    public static JsonNode? Decode(byte[] bytes, bool yaml, List<string> duplicates)
    {
        try
        {
            return yaml && !LooksLikeJson(bytes) ? YamlBody.Parse(bytes) : JsonNode.Parse(bytes, null, Options);
        }
        catch (JsonException malformed)
        {
            duplicates.AddRange(Duplicates(bytes));
            return duplicates.Count > 0
                ? DuplicateFields.LastOfEach(bytes)
                : throw ApiErrors.BadRequest($"the object provided is unrecognized (must be of type JSON): {malformed.Message}");
        }
    }

    private static IReadOnlyList<string> Duplicates(byte[] bytes)
    {
        try
        {
            return DuplicateFields.Find(bytes);
        }
        catch (JsonException)
        {
            return [];
        }
    }

    private static bool LooksLikeJson(byte[] bytes)
    {
        foreach (var b in bytes)
        {
            if (b is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t') continue;
            return b is (byte)'{' or (byte)'[';
        }
        return false;
    }
}
