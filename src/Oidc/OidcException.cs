namespace Fleet.Oidc;

/// <summary>The provider does not answer, or not as one should. The message holds no token and no code.</summary>
public sealed class OidcException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>What the provider calls it (<c>invalid_grant</c>, <c>authorization_pending</c>); null when it said nothing.</summary>
    public string? Code { get; init; }
}
