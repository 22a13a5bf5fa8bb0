using System.Text.Json;

namespace Fleet.Console.Tests;

/// <summary>A browser window and what went wrong in it.</summary>
internal sealed class Visitor : IAsyncDisposable
{
    private readonly IBrowserContext context;
    private readonly List<string> complaints = [];

    public Visitor(IBrowserContext context, IPage page)
    {
        this.context = context;
        Page = page;
        page.PageError += (_, error) => complaints.Add(error);
        page.Console += (_, message) =>
        {
            // Refused calls are told by the browser as well; what the page makes of them is looked at by the tests.
            if (message.Type == "error" && !message.Text.StartsWith("Failed to load resource", StringComparison.Ordinal))
                complaints.Add(message.Text);
        };
    }

    public IPage Page { get; }

    public ILocator Heading => Page.GetByRole(AriaRole.Heading, new() { Level = 1 });

    public async Task SignInAsync(string token)
    {
        await Page.GetByLabel("Token", new() { Exact = true }).Or(Page.GetByLabel("Jeton", new() { Exact = true })).FillAsync(token);
        await Page.Keyboard.PressAsync("Enter");
        await Expect(Page.GetByRole(AriaRole.Navigation).First).ToBeVisibleAsync();
    }

    /// <summary>
    /// To another page as the console's own links go there, until something of it is seen that was not there before. Half the price of an address: program, session and axe stay.
    /// </summary>
    public async Task<ILocator> GoAsync(string path, string ready)
    {
        await Page.EvaluateAsync("path => { for (const each of document.querySelectorAll('main *')) each.dataset.before = ''; history.pushState({}, '', path) }", path);
        var found = Page.Locator(ready).And(Page.Locator(":not([data-before])")).First;
        await found.WaitForAsync();
        return found;
    }

    public ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    public ILocator Link(string name) => Page.GetByRole(AriaRole.Link, new() { Name = name, Exact = true });

    public ILocator Row(string text) => Page.GetByRole(AriaRole.Row).Filter(new() { HasText = text });

    public ILocator Tab(string name) => Page.Locator(".tabs").GetByRole(AriaRole.Link).Filter(new() { HasText = name });

    /// <summary>axe's findings on the page as it is now, each with the elements concerned.</summary>
    public async Task<IReadOnlyList<string>> FindingsAsync(bool contrastOnly = false)
    {
        // By evaluation: the policy of the page lets no other script in.
        if (!await Page.EvaluateAsync<bool>("typeof axe === 'object'"))
            await Page.EvaluateAsync(await File.ReadAllTextAsync(Path.Combine(Testing.TestLogs.RepositoryRoot, "src", "Console", "node_modules", "axe-core", "axe.min.js")));
        var rules = contrastOnly ? "{ runOnly: ['color-contrast'] }" : "{}";
        var found = await Page.EvaluateAsync<JsonElement>($"async () => (await axe.run({rules})).violations.map(v => v.id + ': ' + v.nodes.map(n => n.target.join(' ') + ' ' + (n.any[0]?.message ?? '')).join('; '))");
        return [.. found.EnumerateArray().Select(violation => violation.GetString()!)];
    }

    /// <summary>Into the folder that FLEET_SCREENSHOTS names; nothing without one.</summary>
    public async Task PictureAsync(string name, Look how)
    {
        if (Environment.GetEnvironmentVariable("FLEET_SCREENSHOTS") is { Length: > 0 } folder)
            await Page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"console-{name}-{how}.png") });
    }

    public async ValueTask DisposeAsync()
    {
        await context.DisposeAsync();
        Assert.Empty(complaints);
    }
}
