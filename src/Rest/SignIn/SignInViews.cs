namespace Fleet.Rest.SignIn;

/// <summary>How people sign in.</summary>
public sealed record AuthConfigView
{
    /// <summary>Null: there is no OpenID provider.</summary>
    public OidcView? Oidc { get; init; }

    /// <summary>Tokens of the management API are taken.</summary>
    public bool Token { get; init; }
}

public sealed record OidcView
{
    public required string Name { get; init; }
    public required string Issuer { get; init; }
    public required string ClientId { get; init; }
    public required IReadOnlyList<string> Scopes { get; init; }

    /// <summary>Where a browser begins, with ?return=/page.</summary>
    public required string AuthorizePath { get; init; }
}

/// <summary>A token that somebody has just got.</summary>
public sealed record SessionView
{
    public required string Token { get; init; }
    public required string User { get; init; }
    public DateTimeOffset Expires { get; init; }
}

/// <summary>Who calls, as the management API knows them.</summary>
public sealed record WhoamiView
{
    public required string User { get; init; }
    public string? Uid { get; init; }
    public IReadOnlyList<string> Groups { get; init; } = [];
}
