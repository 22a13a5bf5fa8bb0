using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Fleet.Rest.Problems;

namespace Fleet.Rest.Requests;

/// <summary>Reads bodies: bounded, of the right media type, with the path of what is wrong.</summary>
public static class RequestBody
{
    public const string Json = "application/json";

    public const string MergePatch = "application/merge-patch+json";

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 64 };

    public static async Task<T> ReadAsync<T>(HttpContext http, JsonTypeInfo<T> type, CancellationToken ct) where T : class
    {
        var bytes = await BytesAsync(http, Json, ct);
        try
        {
            return JsonSerializer.Deserialize(bytes, type) ?? throw Wrong("", "must be a JSON object");
        }
        catch (JsonException e)
        {
            throw Wrong(FieldOf(e), "is not what this call takes here (wrong type, unknown or repeated field, or no JSON)");
        }
    }

    /// <summary>A JSON merge patch (RFC 7386).</summary>
    public static async Task<JsonObject> ReadPatchAsync(HttpContext http, CancellationToken ct)
    {
        var bytes = await BytesAsync(http, MergePatch, ct);
        try
        {
            return JsonNode.Parse(bytes, documentOptions: Strict) as JsonObject ?? throw Wrong("", "must be a JSON object");
        }
        catch (JsonException e)
        {
            throw Wrong(FieldOf(e), "is no JSON, is too deep, or repeats a field");
        }
    }

    private static async Task<byte[]> BytesAsync(HttpContext http, string mediaType, CancellationToken ct)
    {
        var given = http.Request.ContentType?.Split(';')[0].Trim();
        if (!string.Equals(given, mediaType, StringComparison.OrdinalIgnoreCase))
            throw new ProblemException(ProblemKind.WrongMediaType, $"the body must be {mediaType}", [new() { Field = "header Content-Type", Message = $"must be {mediaType}" }]);
        var largest = http.RequestServices.GetRequiredService<AdminApiOptions>().LargestBody;
        if (http.Request.ContentLength > largest)
            throw TooLarge(largest);
        using var all = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await http.Request.Body.ReadAsync(buffer, ct)) > 0)
        {
            if (all.Length + read > largest)
                throw TooLarge(largest);
            all.Write(buffer, 0, read);
        }

        return all.ToArray();
    }

    private static ProblemException TooLarge(int largest) => new(ProblemKind.TooLarge, $"a body may have {largest} bytes");

    private static ProblemException Wrong(string field, string message) => ProblemException.Invalid(field.Length == 0 ? "body" : field, message);

    // System.Text.Json says $.spec['a.b'].c; without the root it is how fields are named everywhere else.
    private static string FieldOf(JsonException e) => e.Path is { Length: > 2 } path ? path[2..] : "";
}
