using Fleet.ControlPlane.Authentication;
using Fleet.Oidc;
using Fleet.Oidc.Tokens;

namespace Fleet.Host.Management;

/// <summary>Tokens of an OpenID provider before the embedded management API, so that kubectl, the REST API and the console know the same people.</summary>
internal sealed partial class ProviderTokens(OidcProvider provider, TimeProvider clock, ILogger<ProviderTokens> log) : ITokenAuthenticator
{
    private readonly OidcTokens tokens = new(provider, clock);

    public async ValueTask<TokenUser?> IdentifyAsync(string token, CancellationToken ct)
    {
        try
        {
            return await tokens.IdentifyAsync(token, ct) is { } known ? new(known.User, known.Subject, known.Groups) : null;
        }
        catch (OidcException e)
        {
            LogUnavailable(e.Message);
            return null;
        }
    }

    [LoggerMessage(1901, LogLevel.Warning, "Tokens of the OpenID provider can not be checked: {Reason}")]
    private partial void LogUnavailable(string reason);
}
