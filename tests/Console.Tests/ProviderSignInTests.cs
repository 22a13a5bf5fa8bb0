using System.Collections.Concurrent;
using System.Net;
using System.Web;

namespace Fleet.Console.Tests;

/// <summary>People sign in to the console by a real OpenID provider: the whole way, as their browser goes it.</summary>
public sealed class ProviderSignInTests(ConsoleFleet fleet)
{
    private const string Callback = "/api/v1/auth/callback";

    /// <summary>Everything that a page can keep, and what of it other tabs and other days would see.</summary>
    private const string KeptForLonger = "JSON.stringify(localStorage) + document.cookie + JSON.stringify(history.state)";

    [Fact]
    public async Task Somebody_of_the_provider_comes_back_to_the_page_as_themselves_sees_what_their_role_shows_and_leaves()
    {
        await using var visitor = await VisitorAsync();
        var page = visitor.Page;
        var asked = new ConcurrentQueue<(string Url, string? Token)>();
        page.Request += (_, request) => asked.Enqueue((request.Url, request.Headers.GetValueOrDefault("authorization")));

        await page.GotoAsync("/clusters?sort=-name");
        await Expect(visitor.Heading).ToHaveTextAsync("Sign in to Fleet");
        await visitor.PictureAsync("signin-provider", Look.Usual);
        await LeaveAsync(visitor);
        await visitor.PictureAsync("signin-at-the-provider", Look.Usual);
        await SignInAsync(page, "alice");
        await Expect(visitor.Row("web")).ToBeVisibleAsync();
        await Expect(page).ToHaveURLAsync(new Uri(fleet.Address, "/clusters?sort=-name").AbsoluteUri);

        // By a code with PKCE, whose other half no page has ever seen.
        var question = HttpUtility.ParseQueryString(new Uri(Assert.Single(asked, one => one.Url.StartsWith($"{fleet.Provider.Issuer}/auth?", StringComparison.Ordinal)).Url).Query);
        Assert.Equal(("code", "S256"), (question["response_type"], question["code_challenge_method"]));
        Assert.All((string?[])[question["code_challenge"], question["state"], question["nonce"]], value => Assert.True(value?.Length >= 43, value));
        var answer = Assert.Single(asked, one => new Uri(one.Url).AbsolutePath == Callback);
        Assert.DoesNotContain(asked, one => one.Url.Contains("code_verifier", StringComparison.Ordinal));

        // The token is the tab's own: in no address, and nowhere that another tab or another day would find it.
        var token = await page.EvaluateAsync<string>("sessionStorage.getItem('fleet.token')");
        Assert.Equal(3, token.Split('.').Length);
        Assert.DoesNotContain(asked, one => one.Url.Contains(token, StringComparison.Ordinal) || one.Url.Contains("eyJ", StringComparison.Ordinal));
        Assert.DoesNotContain(token, await page.EvaluateAsync<string>(KeptForLonger), StringComparison.Ordinal);
        Assert.DoesNotContain(await page.Context.CookiesAsync(), cookie => cookie.Value.Contains("eyJ", StringComparison.Ordinal));
        Assert.DoesNotContain(asked, one => one.Token is not null && !one.Url.StartsWith(fleet.Address.AbsoluteUri, StringComparison.Ordinal));

        // As that person also after a reload, and not by the provider's own name of them.
        await page.ReloadAsync();
        await Account(visitor).ClickAsync();
        await Expect(page.GetByText("Signed in as")).ToContainTextAsync("oidc:alice@example.test");
        await page.Keyboard.PressAsync("Escape");

        // A viewer of one namespace: neither another one's clusters, nor what a viewer may not do.
        await Expect(visitor.Row("blog")).ToBeVisibleAsync();
        await Expect(visitor.Link("edge")).ToHaveCountAsync(0);
        await page.GotoAsync("/clusters/lab/edge");
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("You may not see this");
        await page.GotoAsync("/clusters/shop/web?tab=access");
        await visitor.Button("Make a kubeconfig").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("You may not do this");
        await page.GotoAsync("/clusters/shop/web");
        await visitor.Button("Pause").ClickAsync();
        await Expect(page.GetByText("You may not do this").First).ToBeVisibleAsync();
        Assert.NotEqual("true", await fleet.KubectlAsync("get", "cld/web", "-n", "shop", "-o", "jsonpath={.metadata.annotations.k0rdent\\.mirantis\\.com/paused}"));

        await Account(visitor).ClickAsync();
        await visitor.Button("Sign out").ClickAsync();
        await Expect(visitor.Heading).ToHaveTextAsync("Sign in to Fleet");
        Assert.Equal("[]", await page.EvaluateAsync<string>("JSON.stringify(Object.values(sessionStorage).filter(value => value.includes('eyJ') || value.includes('alice')))"));
        asked.Clear();
        // Neither the way back, nor the address that the provider led to, nor asking for the token once more.
        await page.GoBackAsync();
        await Expect(visitor.Heading).ToHaveTextAsync("Sign in to Fleet");
        var again = await page.EvaluateAsync<int>("fetch('/api/v1/auth/session', { method: 'POST' }).then(answer => answer.status)");
        Assert.Equal((int)HttpStatusCode.Unauthorized, again);
        Assert.Equal((int)HttpStatusCode.Unauthorized, (await page.GotoAsync(answer.Url))!.Status);
        Assert.DoesNotContain(asked, one => one.Token is not null);
    }

    [Fact]
    public async Task A_session_that_has_ended_leads_to_the_sign_in_and_from_there_to_the_same_page()
    {
        await using var visitor = await VisitorAsync();
        await visitor.Page.GotoAsync("/clusters?q=web");
        await LeaveAsync(visitor);
        await SignInAsync(visitor.Page, "brief");
        await Expect(visitor.Row("web")).ToBeVisibleAsync();
        // The provider gave a token for a minute.
        await Expect(visitor.Page.GetByText("Your token has ended")).ToBeVisibleAsync(new() { Timeout = 150_000 });
        await Expect(visitor.Page).ToHaveURLAsync(new Uri(fleet.Address, "/clusters?q=web").AbsoluteUri);
        Assert.Null(await visitor.Page.EvaluateAsync<string?>("sessionStorage.getItem('fleet.token')"));
        // Who is still signed in at the provider is not asked for a password again.
        await ProviderButton(visitor).ClickAsync();
        await ConfirmAsync(visitor.Page);
        await Expect(visitor.Row("web")).ToBeVisibleAsync();
        await Expect(visitor.Page.GetByRole(AriaRole.Searchbox)).ToHaveValueAsync("web");
        await Expect(visitor.Page).ToHaveURLAsync(new Uri(fleet.Address, "/clusters?q=web").AbsoluteUri);
    }

    /// <summary>Of a fleet whose group of the provider may look at one namespace.</summary>
    private async Task<Visitor> VisitorAsync()
    {
        fleet.SkipWithoutParts();
        await fleet.ApplyAsync("""
            apiVersion: rbac.authorization.k8s.io/v1
            kind: RoleBinding
            metadata: {name: platform, namespace: shop}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: kcm-namespace-viewer-role}
            subjects: [{apiGroup: rbac.authorization.k8s.io, kind: Group, name: "oidc:platform"}]
            """);
        return await fleet.VisitorAsync();
    }

    private static ILocator ProviderButton(Visitor visitor) => visitor.Button("Sign in with Example login");

    private static ILocator Account(Visitor visitor) => visitor.Page.GetByRole(AriaRole.Button).Filter(new() { HasText = "oidc:alice@example.test" });

    /// <summary>To the provider's page.</summary>
    private async Task LeaveAsync(Visitor visitor)
    {
        await ProviderButton(visitor).ClickAsync();
        await Expect(visitor.Page.Locator("input[name=login]")).ToBeVisibleAsync();
        Assert.StartsWith(fleet.Provider.Issuer, visitor.Page.Url, StringComparison.Ordinal);
    }

    private static async Task SignInAsync(IPage page, string user)
    {
        await page.Locator("input[name=login]").FillAsync(user);
        await page.Locator("input[name=password]").FillAsync("x");
        await page.Keyboard.PressAsync("Enter");
        await ConfirmAsync(page);
    }

    /// <summary>The provider asks before it leads to an address of this machine.</summary>
    private static Task ConfirmAsync(IPage page) => page.GetByRole(AriaRole.Button, new() { Name = "Continue" }).ClickAsync();
}
