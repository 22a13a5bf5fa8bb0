using System.Text.RegularExpressions;

namespace Fleet.Console.Tests;

/// <summary>What holds for every page: at both widths, in both themes, for readers that cannot see, in both languages, without a mouse.</summary>
public sealed class EveryPageTests(ConsoleFleet fleet)
{
    /// <summary>Rows, that there are none, or that it is not served here; what is wrong is told as an alert.</summary>
    private const string Loaded = "main .small-table, main .empty, main .logs, main .advice-list, main .problem";

    private static readonly (string Name, string Path, string Ready)[] Pages =
    [
        ("overview", "/", ".figures >> text=Ready"),
        ("clusters", "/clusters", ".name-link >> text=edge"),
        ("cluster", "/clusters/shop/web", "text=NodesReady"),
        ("cluster-nodes", "/clusters/shop/web?tab=nodes", ".small-table"),
        ("cluster-machines", "/clusters/shop/web?tab=machines", ".small-table"),
        ("cluster-services", "/clusters/shop/web?tab=services", ".small-table"),
        ("cluster-costs", "/clusters/shop/web?tab=costs", "[data-drawn]"),
        ("cluster-alerts", "/clusters/shop/web?tab=alerts", Loaded),
        ("cluster-events", "/clusters/shop/web?tab=events", ".small-table"),
        ("cluster-upgrades", "/clusters/shop/web?tab=upgrades", "text=simulated-standalone-cp-0-2-0"),
        ("cluster-access", "/clusters/shop/web?tab=access", "form.access"),
        ("cluster-missing", "/clusters/shop/none", ".problem"),
        ("services", "/services?layout=matrix", ".matrix-cell, .card-cell"),
        ("services-list", "/services?layout=list", ".name-link >> text=apps/front"),
        ("service", "/services/shop/web/apps/front", ".objects"),
        ("service-values", "/services/shop/web/apps/front?tab=values", ".small-table"),
        ("service-history", "/services/shop/web/apps/front?tab=history", ".small-table"),
        ("service-drift", "/services/shop/web/apps/front?tab=drift", ".tab-panel .empty, .tab-panel .small-table"),
        ("costs", "/costs?window=today&compare=true", "[data-drawn]"),
        ("costs-wrong-filter", "/costs?filter=namespace:x", "#filter-problem"),
        ("costs-assets", "/costs?tab=assets&window=today", ".small-table"),
        ("costs-anomalies", "/costs?tab=anomalies", Loaded),
        ("costs-teams", "/costs?tab=teams", Loaded),
        ("costs-data", "/costs?tab=data", ".small-table"),
        ("budgets", "/budgets", Loaded),
        ("recommendations", "/recommendations", Loaded),
        ("alerts", "/alerts", Loaded),
        ("alerts-incidents", "/alerts?tab=incidents", Loaded),
        ("alerts-silences", "/alerts?tab=silences", Loaded),
        ("alerts-receivers", "/alerts?tab=receivers", Loaded),
        ("policies", "/policies", ".small-table"),
        ("policies-findings", "/policies?tab=findings&cluster=shop/web", Loaded),
        ("explore-logs", "/explore", Loaded),
        ("explore-traces", "/explore?tab=traces", Loaded),
        ("explore-events", "/explore?tab=events", ".small-table"),
        ("settings", "/settings", "text=As the system"),
        ("settings-tokens", "/settings?tab=tokens&cluster=shop/web", Loaded),
        ("settings-about", "/settings?tab=about", "a[href='/openapi/v1.json']"),
        ("nowhere", "/clusters/a/b/c/d", ".empty"),
    ];

    public static TheoryData<int> Widths => [1280, 390];

    [Theory, MemberData(nameof(Widths))]
    public async Task No_page_has_findings_of_axe_or_is_wider_than_the_window(int width)
    {
        var light = new Look(width, width < 400 ? 844 : 800);
        var findings = new List<string>();
        await using (var stranger = await fleet.VisitorAsync(light))
        {
            await stranger.Page.GotoAsync("/");
            await stranger.Heading.WaitForAsync();
            await NoteAsync(stranger, "signin");
        }

        await fleet.CostsAsync();
        await using var visitor = await fleet.SignedInAsync("/clusters", light);
        foreach (var (name, path, ready) in Pages)
        {
            await visitor.Page.GotoAsync(path);
            await visitor.Page.Locator(ready).First.WaitForAsync();
            await NoteAsync(visitor, name);
        }
        await visitor.Page.GotoAsync("/clusters/shop/web");
        await visitor.Button("Delete…").ClickAsync();
        await NoteAsync(visitor, "delete");
        Assert.True(findings.Count == 0, string.Join('\n', findings));

        async Task NoteAsync(Visitor seen, string name)
        {
            await seen.Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
            await NoteInAsync(seen, name, light, contrastOnly: false);
            if (await seen.Page.EvaluateAsync<int>("Math.max(document.documentElement.scrollWidth - innerWidth, document.querySelector('main').scrollWidth - document.querySelector('main').clientWidth)") is > 0 and var tooWide)
                findings.Add($"{name}: {tooWide} pixels too wide");
            // Nothing but colours differs between the themes.
            await seen.Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
            await NoteInAsync(seen, name, light with { Dark = true }, contrastOnly: true);
        }

        async Task NoteInAsync(Visitor seen, string name, Look how, bool contrastOnly)
        {
            if (Environment.GetEnvironmentVariable("FLEET_SCREENSHOTS") is { Length: > 0 } folder)
                await seen.Page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"console-{name}-{how}.png") });
            findings.AddRange((await seen.FindingsAsync(contrastOnly)).Select(finding => $"{name} {how}: {finding}"));
        }
    }

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
