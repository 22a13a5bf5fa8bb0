using Fleet.Oidc;
using Fleet.Oidc.SignIn;
using Fleet.Rest.Audit;
using Fleet.Rest.Problems;
using Fleet.Rest.Requests;

namespace Fleet.Rest.SignIn;

/// <summary>
/// Signing in to the console by an OpenID provider: by a code with PKCE that the service exchanges; each call may come to another of its replicas. The token goes to the page once, in the answer to a POST
/// of its own site; the API itself knows no cookies, so that no other site can use them.
/// </summary>
public static class SignInEndpoints
{
    public const string CallbackPath = RestApi.Root + "/auth/callback";

    private const string AuthPath = RestApi.Root + "/auth";

    /// <summary>Of the browser that began. The provider's page leads back to it from another site, hence Lax.</summary>
    private const string BrowserCookie = "fleet-signin";

    /// <summary>Lets the page fetch its token, once.</summary>
    private const string TokenCookie = "fleet-signed-in";

    private static readonly QueryParameters BeginParameters = new([new("return", QueryType.Text, "Page of the console to come back to, as /clusters.") { Longest = 512 }]);

    private static readonly QueryParameters EndParameters = new(
    [
        new("code", QueryType.Text, "From the provider.") { Longest = 4096 }, new("state", QueryType.Text, "From the beginning.") { Longest = 128 }, new("error", QueryType.Text, "From the provider, when nobody signed in.") { Longest = 256 },
        new("error_description", QueryType.Text, "From the provider.") { Longest = 2048 }, new("error_uri", QueryType.Text, "From the provider.") { Longest = 2048 }, new("iss", QueryType.Text, "The provider.") { Longest = 2048 },
        new("session_state", QueryType.Text, "From the provider.") { Longest = 2048 }, new("scope", QueryType.Text, "From the provider.") { Longest = 2048 },
        new("authuser", QueryType.Text, "From the provider.") { Longest = 256 }, new("prompt", QueryType.Text, "From the provider.") { Longest = 256 }, new("hd", QueryType.Text, "From the provider.") { Longest = 256 },
    ]);

    public static void MapSignIn(this IEndpointRouteBuilder endpoints)
    {
        var open = endpoints.MapGroup(AuthPath).AddEndpointFilter<OpenCallFilter>();
        open.MapGet("/config", (HttpContext http, CancellationToken _) => Config(http)).Describe<AuthConfigView>("getAuthConfig", "How people sign in; needs no token").WithTags("auth");
        open.MapGet("/login", (HttpContext http, PendingSignIns pending, CancellationToken ct) => BeginAsync(http, pending, ct))
            .Describe<string>("beginSignIn", "Leads the browser to the provider; needs no token", BeginParameters, 302, 404).WithTags("auth");
        open.MapGet("/callback", (HttpContext http, PendingSignIns pending, AuditTrail audit, TimeProvider clock, CancellationToken ct) => EndAsync(http, pending, audit, clock, ct))
            .Describe<string>("endSignIn", "Where the provider leads the browser back to; needs no token", EndParameters, 302, 404).WithTags("auth");
        open.MapPost("/session", (HttpContext http, PendingSignIns pending, CancellationToken ct) => TokenAsync(http, pending, ct))
            .Describe<SessionView>("fetchToken", "The token of whoever has just signed in, once; needs no token").WithTags("auth");
    }

    private static IResult Config(HttpContext http)
    {
        QueryReader.Read(http);
        var settings = http.RequestServices.GetService<SignInOptions>()?.Settings;
        return Results.Json(new AuthConfigView
        {
            Oidc = settings is null ? null : new()
            {
                Name = settings.Name, Issuer = settings.IssuerText, ClientId = settings.ClientId, Scopes = settings.Scopes, AuthorizePath = AuthPath + "/login",
            },
            Token = true,
        }, RestJson.Default.AuthConfigView);
    }

    private static async Task<IResult> BeginAsync(HttpContext http, PendingSignIns pending, CancellationToken ct)
    {
        var path = QueryReader.Read(http).Text("return") ?? "/";
        var options = OptionsOf(http);
        if (!ReturnPath.IsSafe(path))
            throw ProblemException.Invalid("?return", "must be a page of the console, as /clusters");
        var begun = new BegunSignIn(Pkce.Secret(), Pkce.Secret(), Pkce.New(), path);
        var state = await pending.AddAsync(SignInSteps.Begun, begun, ct);
        var address = await AskAsync(() => http.RequestServices.GetRequiredService<OidcSignIn>().AddressAsync(options.Callback, state, begun.Nonce, begun.Pkce, lasting: false, ct));
        http.Response.Cookies.Append(BrowserCookie, begun.Browser, Cookie(options, SameSiteMode.Lax, SignInSteps.Begun.Lasts));
        return Results.Redirect(address.AbsoluteUri);
    }

    private static async Task<IResult> EndAsync(HttpContext http, PendingSignIns pending, AuditTrail audit, TimeProvider clock, CancellationToken ct)
    {
        var query = QueryReader.Read(http);
        var options = OptionsOf(http);
        // Taken before anything is looked at: whatever comes of it, it was used.
        if (await pending.TakeAsync(SignInSteps.Begun, query.Text("state"), ct) is not { } begun || http.Request.Cookies[BrowserCookie] is not { } browser || !IsSame(browser, begun.Browser))
            throw new ProblemException(ProblemKind.Unauthenticated, "this sign-in was not begun in this browser, is over, or was used already: begin again");
        http.Response.Cookies.Delete(BrowserCookie, Cookie(options, SameSiteMode.Lax, TimeSpan.Zero));
        // An answer of another provider to our question (RFC 9207).
        if (query.Text("iss") is { } issuer && issuer != options.Settings.IssuerText)
            throw new ProblemException(ProblemKind.Unauthenticated, "another provider answers");
        if (query.Text("code") is not { } code)
            throw new ProblemException(ProblemKind.Unauthenticated, query.Text("error") == "access_denied" ? "the sign-in was given up" : "the provider gave no code");
        var signedIn = await AskAsync(() => http.RequestServices.GetRequiredService<OidcSignIn>().ExchangeAsync(code, options.Callback, begun.Nonce, begun.Pkce, ct));
        audit.Note(new()
        {
            RequestId = Guid.CreateVersion7(clock.GetUtcNow()), Time = clock.GetUtcNow(), User = signedIn.Identity.User, Groups = signedIn.Identity.Groups, From = http.Connection.RemoteIpAddress?.ToString(),
            Verb = "login", Resource = "sessions", Outcome = AuditOutcome.Succeeded, Status = StatusCodes.Status302Found,
        });
        var session = new SessionView { Token = signedIn.IdToken, User = signedIn.Identity.User, Expires = signedIn.Identity.Expires };
        var key = await pending.AddAsync(SignInSteps.Done, session, ct);
        http.Response.Cookies.Append(TokenCookie, key, Cookie(options, SameSiteMode.Strict, SignInSteps.Done.Lasts));
        return Results.LocalRedirect(begun.Return);
    }

    private static async Task<IResult> TokenAsync(HttpContext http, PendingSignIns pending, CancellationToken ct)
    {
        QueryReader.Read(http);
        var options = OptionsOf(http);
        // The cookie does not come along from other sites; browsers that say where a request is from are believed as well.
        if (http.Request.Headers["Sec-Fetch-Site"].ToString() is not ("" or "same-origin") || await pending.TakeAsync(SignInSteps.Done, http.Request.Cookies[TokenCookie], ct) is not { } session)
            throw new ProblemException(ProblemKind.Unauthenticated, "nobody has just signed in here");
        http.Response.Cookies.Delete(TokenCookie, Cookie(options, SameSiteMode.Strict, TimeSpan.Zero));
        return Results.Json(session, RestJson.Default.SessionView);
    }

    private static SignInOptions OptionsOf(HttpContext http) =>
        http.RequestServices.GetService<SignInOptions>() ?? throw new ProblemException(ProblemKind.NotFound, "this fleet has no OpenID provider: sign in with a token");

    private static async Task<T> AskAsync<T>(Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (OidcException e) when (e.Code is null && e.InnerException is not null)
        {
            throw new ProblemException(ProblemKind.Unavailable, e.Message) { RetryAfter = 10 };
        }
        catch (OidcException e)
        {
            throw new ProblemException(ProblemKind.Unauthenticated, e.Message);
        }
    }

    private static bool IsSame(string left, string right) =>
        System.Security.Cryptography.CryptographicOperations.FixedTimeEquals(System.Text.Encoding.UTF8.GetBytes(left), System.Text.Encoding.UTF8.GetBytes(right));

    private static CookieOptions Cookie(SignInOptions options, SameSiteMode sameSite, TimeSpan lasts) => new()
    {
        HttpOnly = true, Secure = options.External.Scheme == Uri.UriSchemeHttps, SameSite = sameSite, Path = AuthPath, MaxAge = lasts, IsEssential = true,
    };
}
