using System.Text.Json.Serialization;

namespace Fleet.Cli.Sessions;

/// <summary>Somebody who has signed in to a fleet. Never shown.</summary>
internal sealed record StoredSession
{
    public required string Rest { get; init; }
    public required string User { get; init; }
    public required string IdToken { get; init; }
    public string? RefreshToken { get; init; }
    public required DateTimeOffset Expires { get; init; }
    public required string Issuer { get; init; }
    public required string ClientId { get; init; }
    public IReadOnlyList<string> Scopes { get; init; } = [];

    /// <summary>PEM of who vouches for the provider; null: the system's.</summary>
    public string? Authority { get; init; }

    public override string ToString() => $"{User} at {Rest}";
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(StoredSession))]
internal sealed partial class SessionJson : JsonSerializerContext;
