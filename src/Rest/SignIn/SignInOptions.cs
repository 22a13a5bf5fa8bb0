using Fleet.Oidc;

namespace Fleet.Rest.SignIn;

/// <summary>How people sign in by an OpenID provider.</summary>
/// <param name="External">Where people reach this API, without a path. Not what a request says: the provider sends people there.</param>
public sealed record SignInOptions(OidcSettings Settings, Uri External)
{
    public Uri Callback => new(External, SignInEndpoints.CallbackPath);
}
