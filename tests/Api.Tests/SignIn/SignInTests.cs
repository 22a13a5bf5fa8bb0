using System.Net;
using System.Text.Json.Nodes;
using Fleet.Rest.SignIn;
using Fleet.Testing.Servers;

namespace Fleet.Api.Tests.SignIn;

/// <summary>People sign in to the console and the command line by a real OpenID provider.</summary>
public sealed class SignInTests
{
    [Fact]
    public async Task A_browser_comes_back_with_a_token_and_nobody_else_gets_it()
    {
        await using var host = await OidcHost.StartAsync("embedded");
        var provider = host.Provider;
        await host.GrantAsync("oidc:platform", Rules.ReadClusters);
        using var browser = new Browser(host.Host.Address);
        var config = (await browser.JsonAsync("/api/v1/auth/config"))["oidc"]!;
        Assert.Equal((provider.Issuer, OidcProvider.Client, "/api/v1/auth/login"), ((string?)config["issuer"], (string?)config["clientId"], (string?)config["authorizePath"]));

        using var begun = await browser.GetAsync("/api/v1/auth/login?return=/clusters%3Fready%3Dtrue");
        Assert.Equal(HttpStatusCode.Redirect, begun.StatusCode);
        var cookie = Assert.Single(begun.Headers.GetValues("Set-Cookie"));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=lax", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("code_challenge_method=S256", begun.Headers.Location!.Query, StringComparison.Ordinal);
        var back = await provider.SignInAsync(begun.Headers.Location!, "alice");
        Assert.Equal(new Uri(host.Host.Address, SignInEndpoints.CallbackPath).AbsolutePath, back.AbsolutePath);

        // Another browser that was given the address: the sign-in is not its own, and is over.
        using (var another = new Browser(host.Host.Address))
            await (await another.GetAsync(back.PathAndQuery)).ProblemAsync(401, "unauthenticated");
        await (await browser.GetAsync(back.PathAndQuery)).ProblemAsync(401, "unauthenticated");

        back = await provider.SignInAsync((await browser.GetAsync("/api/v1/auth/login?return=/clusters%3Fready%3Dtrue")).Headers.Location!, "alice");
        using var ended = await browser.GetAsync(back.PathAndQuery);
        Assert.Equal((HttpStatusCode.Redirect, "/clusters?ready=true"), (ended.StatusCode, ended.Headers.Location!.OriginalString));
        Assert.Contains(ended.Headers.GetValues("Set-Cookie"), set => set.StartsWith("fleet-signed-in=", StringComparison.Ordinal) && set.Contains("samesite=strict", StringComparison.OrdinalIgnoreCase) && set.Contains("httponly", StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain("eyJ", ended.Headers.ToString(), StringComparison.Ordinal);
        // The code was used, by whoever sends it again.
        await (await browser.GetAsync(back.PathAndQuery)).ProblemAsync(401, "unauthenticated");

        // Another site may not have the token fetched.
        await (await browser.PostAsync("/api/v1/auth/session", ("Sec-Fetch-Site", "cross-site"))).ProblemAsync(401, "unauthenticated");
        using var fetched = await browser.PostAsync("/api/v1/auth/session", ("Sec-Fetch-Site", "same-origin"));
        var session = JsonNode.Parse(await fetched.Content.ReadAsStringAsync())!;
        Assert.Equal("oidc:alice@example.test", (string?)session["user"]);
        Assert.Equal("no-store", fetched.Headers.CacheControl!.ToString());
        await (await browser.PostAsync("/api/v1/auth/session")).ProblemAsync(401, "unauthenticated");
        Assert.Equal(HttpStatusCode.OK, (await host.Host.Caller((string)session["token"]!).AskAsync($"/clusters?namespace={host.Host.Namespace}")).StatusCode);
        // The API itself knows no cookies.
        await (await browser.GetAsync("/api/v1/clusters")).ProblemAsync(401, "unauthenticated");
    }

    [Fact]
    public async Task What_does_not_belong_to_a_sign_in_ends_it()
    {
        await using var host = await OidcHost.StartAsync("api only");
        using var browser = new Browser(host.Host.Address);
        foreach (var elsewhere in (string[])["https://evil.example", "//evil.example", "/\\evil.example", "\\\\evil.example", "/%09/evil.example", "javascript:alert(1)", "clusters", "/api/v1/auth/login", "/%0d%0aSet-Cookie:x=y"])
                await (await browser.GetAsync($"/api/v1/auth/login?return={(elsewhere.Contains('%', StringComparison.Ordinal) ? elsewhere : Uri.EscapeDataString(elsewhere))}")).ProblemAsync(400, "invalid-request");
        async Task<string> StateAsync() => System.Web.HttpUtility.ParseQueryString((await browser.GetAsync("/api/v1/auth/login")).Headers.Location!.Query)["state"]!;
        await (await browser.GetAsync("/api/v1/auth/callback?code=x&state=forged")).ProblemAsync(401, "unauthenticated");
        await (await browser.GetAsync("/api/v1/auth/callback?code=x")).ProblemAsync(401, "unauthenticated");
        await (await browser.GetAsync($"/api/v1/auth/callback?code=forged&state={await StateAsync()}")).ProblemAsync(401, "unauthenticated");
        await (await browser.GetAsync($"/api/v1/auth/callback?code=x&state={await StateAsync()}&iss=https%3A%2F%2Fevil.example")).ProblemAsync(401, "unauthenticated");
        await (await browser.GetAsync($"/api/v1/auth/callback?error=access_denied&state={await StateAsync()}")).ProblemAsync(401, "unauthenticated");
        // A code that was asked for with another secret and nonce: another browser's.
        using var victim = new Browser(host.Host.Address);
        var code = System.Web.HttpUtility.ParseQueryString((await host.Provider.SignInAsync((await victim.GetAsync("/api/v1/auth/login")).Headers.Location!, "alice")).Query)["code"];
        await (await browser.GetAsync($"/api/v1/auth/callback?code={code}&state={await StateAsync()}")).ProblemAsync(401, "unauthenticated");
        await host.Provider.StopAsync();
        await (await browser.GetAsync($"/api/v1/auth/callback?code=x&state={await StateAsync()}")).ProblemAsync(503, "unavailable");
    }
}
