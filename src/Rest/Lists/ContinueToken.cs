using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Fleet.Rest.Problems;

namespace Fleet.Rest.Lists;

/// <summary>
/// Where the next page begins: the management API's own token, which is bound to its snapshot, and a fingerprint of the query, so that it cannot be used
/// with other filters. It grants nothing: every page is authorised anew.
/// </summary>
public sealed record ContinueToken(string Next, string Query)
{
    public static string Write(string next, string query) =>
        Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(new ContinueToken(next, Fingerprint(query)), TokenJson.Default.ContinueToken));

    public static string Read(string text, string query)
    {
        ContinueToken? token;
        // The decoder does not foresee them.
        if (text.Any(character => !char.IsAscii(character)))
            throw ProblemException.Invalid("?continue", "must be what the page before gave");
        try
        {
            token = JsonSerializer.Deserialize(Base64Url.DecodeFromChars(text), TokenJson.Default.ContinueToken);
        }
        catch (Exception e) when (e is FormatException or JsonException)
        {
            throw ProblemException.Invalid("?continue", "must be what the page before gave");
        }

        if (token is not { Next.Length: > 0, Query.Length: > 0 })
            throw ProblemException.Invalid("?continue", "must be what the page before gave");
        return token.Query == Fingerprint(query) ? token.Next : throw ProblemException.Invalid("?continue", "belongs to a list with other filters");
    }

    private static string Fingerprint(string query) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(query)).AsSpan(0, 8));
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ContinueToken))]
public sealed partial class TokenJson : JsonSerializerContext;
