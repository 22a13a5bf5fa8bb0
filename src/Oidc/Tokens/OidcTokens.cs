using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Fleet.Oidc.Tokens;

/// <summary>
/// Who an ID token says somebody is, when all of it is right: the signature by a key and an algorithm of the provider, issuer, audience, times, required
/// claims. Everything else is nobody.
/// </summary>
public sealed class OidcTokens(OidcProvider provider, TimeProvider clock)
{
    public const int Longest = 16 * 1024;

    /// <summary>How far the provider's clock may be ahead. A token that has ended has ended.</summary>
    private static readonly TimeSpan Ahead = TimeSpan.FromSeconds(60);

    private static readonly JsonWebTokenHandler Handler = new() { MapInboundClaims = false, MaximumTokenSizeInBytes = Longest };

    /// <returns>Null for what is not good, whatever the reason.</returns>
    /// <exception cref="OidcException">The provider does not answer, so that nobody can say.</exception>
    public async Task<OidcIdentity?> IdentifyAsync(string token, CancellationToken ct, string? nonce = null)
    {
        if (Read(token) is not { } read || read.Issuer != provider.Settings.IssuerText || !provider.Settings.SigningAlgs.Contains(read.Alg))
            return null;
        var kid = string.IsNullOrEmpty(read.Kid) ? null : read.Kid;
        var keys = await provider.KeysAsync(kid, ct);
        var result = await Handler.ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidIssuer = provider.Settings.IssuerText,
            ValidAudience = provider.Settings.ClientId,
            ValidAlgorithms = provider.Settings.SigningAlgs,
            IssuerSigningKeys = keys,
            // A key that is named is that one or none.
            TryAllIssuerSigningKeys = kid is null,
            RequireSignedTokens = true,
            RequireExpirationTime = true,
            ClockSkew = TimeSpan.Zero,
            LifetimeValidator = (notBefore, expires, _, _) => IsNow(notBefore, expires),
        });
        if (!result.IsValid || result.SecurityToken is not JsonWebToken valid)
            return null;
        using var claims = JsonDocument.Parse(Base64UrlEncoder.DecodeBytes(valid.EncodedPayload));
        return nonce is null || Text(claims.RootElement, "nonce") == nonce ? Identity(claims.RootElement, valid.ValidTo) : null;
    }

    private bool IsNow(DateTime? notBefore, DateTime? expires)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        return expires > now && (notBefore is null || notBefore <= now + Ahead);
    }

    private OidcIdentity? Identity(JsonElement token, DateTime expires)
    {
        var settings = provider.Settings;
        if (settings.RequiredClaims.Any(required => Text(token, required.Key) != required.Value))
            return null;
        // A token for several audiences says for whom it was made; one that was made for another is not ours to take.
        if (Text(token, "azp") is { } party && party != settings.ClientId)
            return null;
        // An address that nobody has checked is whatever its owner wrote.
        if (settings.UsernameClaim == "email" && token.TryGetProperty("email_verified", out var verified) && verified.ValueKind != JsonValueKind.True)
            return null;
        if (Text(token, settings.UsernameClaim) is not { Length: > 0 } claimed)
            return null;
        var user = settings.UsernamePrefix + claimed;
        var groups = settings.GroupsClaim is { } claim ? Texts(token, claim)?.Select(group => settings.GroupsPrefix + group).ToList() : [];
        // Names of Kubernetes' own users and groups are not a provider's to give.
        if (groups is null || IsReserved(user) || groups.Any(IsReserved))
            return null;
        return new(user, groups, Text(token, "sub") ?? "", new DateTimeOffset(expires, TimeSpan.Zero));
    }

    private static bool IsReserved(string name) => name.StartsWith("system:", StringComparison.Ordinal);

    private static string? Text(JsonElement token, string claim) =>
        token.TryGetProperty(claim, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>One text or a list of them; null when it is something else.</summary>
    private static List<string>? Texts(JsonElement token, string claim)
    {
        if (!token.TryGetProperty(claim, out var value))
            return [];
        return value.ValueKind switch
        {
            JsonValueKind.String => [value.GetString()!],
            JsonValueKind.Array when value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String) => [.. value.EnumerateArray().Select(item => item.GetString()!).Where(group => group.Length > 0)],
            _ => null,
        };
    }

    /// <summary>Null for what is no signed token. Encrypted ones have five parts.</summary>
    private static JsonWebToken? Read(string token)
    {
        if (token.Length > Longest || token.AsSpan().Count('.') != 2)
            return null;
        try
        {
            return Handler.ReadJsonWebToken(token);
        }
        catch (Exception e) when (e is ArgumentException or SecurityTokenException or JsonException or FormatException)
        {
            return null;
        }
    }
}

/// <summary>Somebody, by the names that RBAC knows.</summary>
public sealed record OidcIdentity(string User, IReadOnlyList<string> Groups, string Subject, DateTimeOffset Expires);
