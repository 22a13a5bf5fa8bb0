using Fleet.Cli.Output;
using Fleet.Oidc;
using Fleet.Oidc.SignIn;
using Fleet.Oidc.Tokens;

namespace Fleet.Cli.Sessions;

/// <summary>Tokens of whoever has signed in, made anew before they end.</summary>
internal static class SessionTokens
{
    /// <summary>A token must last as long as the command that it is for.</summary>
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(60);

    /// <returns>Null when nobody has signed in there.</returns>
    /// <exception cref="CommandException">Their session is over.</exception>
    public static async Task<StoredSession?> FindAsync(string rest, CancellationToken ct)
    {
        var store = new SessionStore();
        var session = await store.FindAsync(rest, ct);
        if (session is null || session.Expires - TimeProvider.System.GetUtcNow() > Least)
            return session;
        if (session.RefreshToken is not { } refresh)
            return session.Expires > TimeProvider.System.GetUtcNow() ? session : throw new CommandException($"The session of {session.User} is over: sign in again with `fleet login`.");
        using var provider = new OidcProvider(SettingsOf(session.Issuer, session.ClientId, session.Scopes, session.Authority), TimeProvider.System);
        try
        {
            var signedIn = await Flow(provider).RefreshAsync(refresh, ct);
            session = session with { IdToken = signedIn.IdToken, RefreshToken = signedIn.RefreshToken, Expires = signedIn.Identity.Expires };
        }
        catch (OidcException e)
        {
            throw new CommandException($"The session of {session.User} can not be continued ({e.Message}): sign in again with `fleet login`.");
        }

        await store.SaveAsync(session, ct);
        return session;
    }

    public static OidcSignIn Flow(OidcProvider provider) => new(provider, new OidcTokens(provider, TimeProvider.System), TimeProvider.System);

    /// <summary>
    /// What the command line has to know of a provider. Which names its claims make is up to the fleet: here the claims need only be there.
    /// </summary>
    public static OidcSettings SettingsOf(string issuer, string clientId, IReadOnlyList<string> scopes, string? authority) =>
        !Uri.TryCreate(issuer, UriKind.Absolute, out var address) || !OidcSettings.IsSafe(address)
            ? throw new CommandException($"\"{issuer}\" is no address of a provider that tokens may be asked of.")
            : new()
            {
                Issuer = address, IssuerText = issuer, ClientId = clientId, Scopes = scopes, AuthorityPem = authority,
                SigningAlgs = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"],
            };
}
