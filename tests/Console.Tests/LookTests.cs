using System.Text.RegularExpressions;

namespace Fleet.Console.Tests;

/// <summary>What holds for all of the console: in both languages, in both themes, without a mouse.</summary>
public sealed class LookTests(ConsoleFleet fleet)
{
    [Fact]
    public async Task The_language_is_the_browsers_until_another_is_chosen()
    {
        await using var visitor = await fleet.VisitorAsync(new Look(Locale: "fr-FR"));
        var page = visitor.Page;
        await page.GotoAsync("/clusters");
        await Expect(visitor.Heading).ToHaveTextAsync("Se connecter à Fleet");
        await visitor.SignInAsync(await fleet.AdministratorAsync());
        await Expect(page.GetByText(new Regex(@"^\d+ clusters$"))).ToBeVisibleAsync();
        await Expect(visitor.Row("web")).ToContainTextAsync("Prêt");
        await Expect(page.Locator("html")).ToHaveAttributeAsync("lang", "fr");
        foreach (var path in (string[])["/", "/costs", "/alerts", "/settings", "/clusters/shop/web", "/services", "/services/shop/web/apps/front?tab=values"])
        {
            await page.GotoAsync(path);
            await visitor.Heading.WaitForAsync();
            Assert.Empty(await visitor.FindingsAsync());
        }
        await page.GetByRole(AriaRole.Button).Filter(new() { HasText = "fleet-console" }).ClickAsync();
        await page.GetByRole(AriaRole.Radio, new() { Name = "English" }).CheckAsync();
        await page.ReloadAsync();
        await Expect(visitor.Tab("Values")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task The_theme_is_the_systems_until_another_is_chosen()
    {
        await using var visitor = await fleet.SignedInAsync("/clusters", new Look(Dark: true));
        var page = visitor.Page;
        var dark = await page.EvaluateAsync<string>("getComputedStyle(document.querySelector('main')).backgroundColor");
        await visitor.Link("web").WaitForAsync();
        await page.Keyboard.PressAsync("t");
        await Expect(page.Locator("html")).ToHaveAttributeAsync("data-theme", "light");
        Assert.NotEqual(dark, await page.EvaluateAsync<string>("getComputedStyle(document.querySelector('main')).backgroundColor"));
        await page.ReloadAsync();
        await Expect(page.Locator("html")).ToHaveAttributeAsync("data-theme", "light");
    }

    [Fact]
    public async Task All_can_be_done_without_a_mouse()
    {
        await using var visitor = await fleet.SignedInAsync("/clusters");
        var page = visitor.Page;
        await visitor.Link("web").WaitForAsync();
        await page.ReloadAsync();
        await visitor.Link("web").WaitForAsync();
        await page.Keyboard.PressAsync("Tab");
        await Expect(visitor.Link("Skip to the content")).ToBeFocusedAsync();
        await Expect(visitor.Link("Skip to the content")).ToBeInViewportAsync();
        await page.Keyboard.PressAsync("/");
        await Expect(page.GetByRole(AriaRole.Searchbox)).ToBeFocusedAsync();
        Assert.NotEqual("none", await page.EvaluateAsync<string>("getComputedStyle(document.activeElement).outlineStyle"));
        await page.Keyboard.TypeAsync("g s?");
        await Expect(page.GetByRole(AriaRole.Searchbox)).ToHaveValueAsync("g s?");
        await page.EvaluateAsync("document.activeElement.blur()");
        await page.Keyboard.PressAsync("g");
        await page.Keyboard.PressAsync("s");
        await Expect(visitor.Heading).ToHaveTextAsync("Services");
        await page.Keyboard.PressAsync("?");
        await Expect(page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("Keyboard shortcuts");
        Assert.Empty(await visitor.FindingsAsync());
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        foreach (var (key, heading) in ((string, string)[])
            [("o", "Overview"), ("m", "Costs"), ("b", "Budgets"), ("r", "Recommendations"), ("a", "Alerts"), ("p", "Policies"), ("e", "Logs, traces and events"), (",", "Settings"), ("c", "Clusters")])
        {
            await page.Keyboard.PressAsync("g");
            await page.Keyboard.PressAsync(key);
            await Expect(visitor.Heading).ToHaveTextAsync(heading);
        }
        await visitor.Link("web").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(visitor.Heading).ToHaveTextAsync("web");
    }
}
