using System.Text.RegularExpressions;

namespace Fleet.Console.Tests;

public sealed class SignInTests(ConsoleFleet fleet)
{
    private const string Read = "{apiGroups: [k0rdent.mirantis.com], resources: [clusterdeployments], verbs: [get, list, watch]}";

    [Fact]
    public async Task A_token_that_nobody_knows_is_refused_and_the_page_that_was_asked_for_comes_after_the_right_one()
    {
        await using var visitor = await fleet.VisitorAsync();
        var page = visitor.Page;
        await page.GotoAsync("/clusters/shop/web?tab=machines");
        await page.GetByLabel("Token", new() { Exact = true }).FillAsync("nonsense");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("does not know this token");
        var token = await fleet.AdministratorAsync();
        await visitor.SignInAsync(token);
        await Expect(visitor.Heading).ToHaveTextAsync("web");
        await Expect(visitor.Tab("Machines")).ToHaveAttributeAsync("aria-current", "page");

        // Only in this tab, and in no address.
        Assert.DoesNotContain(token, page.Url, StringComparison.Ordinal);
        Assert.DoesNotContain(token, await page.EvaluateAsync<string>("JSON.stringify(localStorage) + document.cookie"), StringComparison.Ordinal);
        await page.ReloadAsync();
        await Expect(visitor.Heading).ToHaveTextAsync("web");
        await page.GetByRole(AriaRole.Button).Filter(new() { HasText = "fleet-console" }).ClickAsync();
        await visitor.Button("Sign out").ClickAsync();
        await Expect(visitor.Heading).ToHaveTextAsync("Sign in to Fleet");
        Assert.Equal("null", await page.EvaluateAsync<string>("String(sessionStorage.getItem('fleet.token'))"));
    }

    [Fact]
    public async Task A_token_that_ends_leads_back_to_signing_in_and_then_to_the_same_page()
    {
        var token = await fleet.TokenAsync("leaver", Read);
        await using var visitor = await fleet.SignedInAsync("/clusters?q=web", token: token);
        await Expect(visitor.Link("web")).ToBeVisibleAsync();
        await fleet.KubectlAsync("delete", "serviceaccount", "leaver", "-n", "shop");
        await visitor.Page.ReloadAsync();
        await Expect(visitor.Page.GetByText("Your token has ended")).ToBeVisibleAsync(new() { Timeout = 30_000 });
        await Expect(visitor.Page).ToHaveURLAsync(new Regex(@"/clusters\?q=web$"));
        await visitor.SignInAsync(await fleet.AdministratorAsync());
        await Expect(visitor.Page.GetByRole(AriaRole.Searchbox)).ToHaveValueAsync("web");
    }

    [Fact]
    public async Task Who_may_nothing_is_told_what_is_missing()
    {
        var token = await fleet.TokenAsync("nobody");
        await using var visitor = await fleet.SignedInAsync("/clusters", token: token);
        await Expect(visitor.Page.GetByText("Only the namespaces that you may list are shown")).ToBeVisibleAsync();
        await Expect(visitor.Page.GetByText("No clusters yet")).ToBeVisibleAsync();
        await visitor.Page.GotoAsync("/clusters/shop/web");
        await Expect(visitor.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("You may not see this");
        await Expect(visitor.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("clusterdeployments");
    }
}
