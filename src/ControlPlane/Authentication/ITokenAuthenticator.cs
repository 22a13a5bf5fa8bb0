namespace Fleet.ControlPlane.Authentication;

/// <summary>Knows tokens that the server has not made, for instance an OpenID provider's. Asked for the management cluster, after its own kinds of tokens.</summary>
public interface ITokenAuthenticator
{
    /// <returns>Null for tokens that are not good. Never throws for them, however they look.</returns>
    ValueTask<TokenUser?> IdentifyAsync(string token, CancellationToken ct);
}

/// <summary>Somebody by the names that RBAC knows.</summary>
public sealed record TokenUser(string Name, string Uid, IReadOnlyList<string> Groups);
