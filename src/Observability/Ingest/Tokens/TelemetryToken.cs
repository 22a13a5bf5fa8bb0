using System.Security.Cryptography;
using System.Text;

namespace Fleet.Observability.Ingest.Tokens;

/// <summary>
/// What a cluster shows when it sends telemetry: <c>flt_ID_SECRET</c>. The secret is 256 bits of chance, so a plain hash keeps it; it is told once and stored nowhere.
/// </summary>
public sealed class TelemetryToken
{
    private const string Prefix = "flt_";
    private const int IdLength = 12;
    private const int Longest = 128;

    private TelemetryToken(string id, string text) => (Id, Text) = (id, text);

    /// <summary>Names the token in lists; no secret.</summary>
    public string Id { get; }

    /// <summary>The secret itself. Never logged, never stored.</summary>
    public string Text { get; }

    public static TelemetryToken Create()
    {
        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdLength / 2));
        return new(id, $"{Prefix}{id}_{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32))}");
    }

    /// <summary>Null for what cannot be a token, so that no time is spent on it.</summary>
    public static TelemetryToken? Parse(string? authorization)
    {
        const string scheme = "Bearer ";
        if (authorization is null || authorization.Length > Longest || !authorization.StartsWith(scheme, StringComparison.OrdinalIgnoreCase))
            return null;
        var text = authorization[scheme.Length..].Trim();
        var isToken = text.StartsWith(Prefix, StringComparison.Ordinal) && text.Length > Prefix.Length + IdLength && text[Prefix.Length + IdLength] == '_';
        return isToken ? new(text.Substring(Prefix.Length, IdLength), text) : null;
    }

    public byte[] Hash() => SHA256.HashData(Encoding.UTF8.GetBytes(Text));

    /// <summary>Not the secret.</summary>
    public override string ToString() => Id;
}
