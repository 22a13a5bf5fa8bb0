using System.Globalization;
using System.Text.Json.Nodes;
using Fleet.Oidc.Tokens;

namespace Fleet.Oidc.SignIn;

/// <summary>How people get an ID token: by a code and PKCE, or on another device. What comes back is checked before anybody gets it.</summary>
public sealed class OidcSignIn(OidcProvider provider, OidcTokens tokens, TimeProvider clock)
{
    private const string DeviceGrant = "urn:ietf:params:oauth:grant-type:device_code";

    /// <summary>Where the browser goes to begin.</summary>
    public async Task<Uri> AddressAsync(Uri redirect, string state, string nonce, Pkce pkce, bool lasting, CancellationToken ct)
    {
        var (authorization, _, _) = await provider.AddressesAsync(ct);
        var query = new Dictionary<string, string>
        {
            ["response_type"] = "code", ["client_id"] = provider.Settings.ClientId, ["redirect_uri"] = redirect.AbsoluteUri, ["scope"] = Scope(lasting), ["state"] = state, ["nonce"] = nonce,
            ["code_challenge"] = pkce.Challenge, ["code_challenge_method"] = "S256",
        };
        // Providers give refresh tokens only to those who were asked.
        if (lasting)
            query["prompt"] = "consent";
        var text = string.Join('&', query.Select(pair => $"{pair.Key}={Uri.EscapeDataString(pair.Value)}"));
        return new($"{authorization}{(authorization!.Query.Length > 0 ? '&' : '?')}{text}");
    }

    /// <exception cref="OidcException">The provider refuses the code, or what it gives for it is not good.</exception>
    public async Task<SignedIn> ExchangeAsync(string code, Uri redirect, string nonce, Pkce pkce, CancellationToken ct) => await CheckedAsync(
        await AskAsync(new() { ["grant_type"] = "authorization_code", ["code"] = code, ["redirect_uri"] = redirect.AbsoluteUri, ["code_verifier"] = pkce.Verifier }, ct), null, nonce, ct);

    /// <exception cref="OidcException">The refresh token has ended.</exception>
    public async Task<SignedIn> RefreshAsync(string refreshToken, CancellationToken ct) =>
        await CheckedAsync(await AskAsync(new() { ["grant_type"] = "refresh_token", ["refresh_token"] = refreshToken }, ct), refreshToken, null, ct);

    /// <exception cref="OidcException">The provider has no device flow, or refuses.</exception>
    public async Task<DeviceCode> BeginOnDeviceAsync(CancellationToken ct)
    {
        var address = (await provider.AddressesAsync(ct)).Device ?? throw new OidcException($"{provider.Settings.Issuer} can not sign in on another device");
        var answer = await provider.PostAsync(address, WithClient(new() { ["scope"] = Scope(lasting: true) }), ct);
        var verification = Text(answer, "verification_uri");
        if (!Uri.TryCreate(verification, UriKind.Absolute, out var page) || !OidcSettings.IsSafe(page))
            throw new OidcException("the provider names no page to sign in at");
        return new(
            Text(answer, "device_code"), Text(answer, "user_code"), page, answer["verification_uri_complete"] is JsonValue ? new Uri(Text(answer, "verification_uri_complete")) : null,
            TimeSpan.FromSeconds(Number(answer, "interval") ?? 5), clock.GetUtcNow().AddSeconds(Number(answer, "expires_in") ?? 600));
    }

    /// <summary>Waits until somebody has signed in.</summary>
    /// <exception cref="OidcException">Nobody did in time, or they did not want to.</exception>
    public async Task<SignedIn> WaitOnDeviceAsync(DeviceCode code, CancellationToken ct)
    {
        var interval = code.Interval;
        while (clock.GetUtcNow() < code.Expires)
        {
            await Task.Delay(interval, clock, ct);
            try
            {
                return await CheckedAsync(await AskAsync(new() { ["grant_type"] = DeviceGrant, ["device_code"] = code.Code }, ct), null, null, ct);
            }
            catch (OidcException e) when (e.Code is "authorization_pending" or "slow_down")
            {
                if (e.Code == "slow_down")
                    interval += TimeSpan.FromSeconds(5);
            }
        }

        throw new OidcException("nobody signed in in time");
    }

    private string Scope(bool lasting) => string.Join(' ', lasting ? provider.Settings.Scopes.Append("offline_access").Distinct() : provider.Settings.Scopes);

    private async Task<JsonObject> AskAsync(Dictionary<string, string> form, CancellationToken ct) => await provider.PostAsync((await provider.AddressesAsync(ct)).Token!, WithClient(form), ct);

    private Dictionary<string, string> WithClient(Dictionary<string, string> form)
    {
        form["client_id"] = provider.Settings.ClientId;
        if (provider.Settings.ClientSecret is { } secret)
            form["client_secret"] = secret;
        return form;
    }

    private async Task<SignedIn> CheckedAsync(JsonObject answer, string? before, string? nonce, CancellationToken ct)
    {
        var token = Text(answer, "id_token");
        var identity = await tokens.IdentifyAsync(token, ct, nonce) ?? throw new OidcException("the token that the provider gave is not good: look at its issuer, audience, algorithm, times and claims");
        return new(token, identity, answer["refresh_token"] is JsonValue ? Text(answer, "refresh_token") : before);
    }

    private static string Text(JsonObject answer, string name) =>
        answer[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : throw new OidcException($"the provider's answer has no {name}");

    private static double? Number(JsonObject answer, string name) =>
        answer[name] is JsonValue value && double.TryParse(value.ToString(), CultureInfo.InvariantCulture, out var number) && number is > 0 and < 86_400 ? number : null;
}

/// <param name="IdToken">Never shown.</param>
/// <param name="RefreshToken">Never shown; null when the provider gave none.</param>
public sealed record SignedIn(string IdToken, OidcIdentity Identity, string? RefreshToken)
{
    public override string ToString() => Identity.User;
}

/// <param name="Code">Never shown.</param>
/// <param name="UserCode">What somebody types in at <paramref name="Page"/>.</param>
public sealed record DeviceCode(string Code, string UserCode, Uri Page, Uri? PageWithCode, TimeSpan Interval, DateTimeOffset Expires)
{
    public override string ToString() => $"{UserCode} at {Page}";
}
