namespace Fleet.Console.Tests;

/// <summary>Whoever has no mouse gets into a dialog, stays in it, and is back where they were.</summary>
public sealed class DialogKeyboardTests(ConsoleFleet fleet)
{
    private const string Where = """
        () => { const at = document.activeElement; return at === null || at === document.body ? 'window' : at.closest('dialog[open]') === null ? 'behind: ' + at.outerHTML : 'dialog' }
        """;

    [Theory]
    [InlineData("/clusters/shop/web", "Delete…", true)]
    [InlineData("/clusters/shop/web", "Delete…", false)]
    [InlineData("/alerts?tab=silences", "New silence", true)]
    public async Task Focus_goes_in_stays_and_comes_back(string path, string opener, bool byEscape)
    {
        await using var visitor = await fleet.SignedInAsync(path);
        var page = visitor.Page;
        var dialog = page.GetByRole(AriaRole.Dialog);
        await visitor.Button(opener).FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(dialog).ToBeVisibleAsync();
        Assert.Equal("dialog", await page.EvaluateAsync<string>(Where));

        // Once around, in both directions: after the last field the browser's own window has the focus, what lies behind never has.
        foreach (var key in (string[])["Tab", "Shift+Tab"])
        {
            var seen = new HashSet<string>();
            var count = await dialog.Locator("button:enabled, input, select, textarea, a[href], summary").CountAsync();
            for (var press = 0; press < count + 2; press++)
            {
                await page.Keyboard.PressAsync(key);
                Assert.Contains(await page.EvaluateAsync<string>(Where), new[] { "dialog", "window" });
                seen.Add(await page.EvaluateAsync<string>("() => document.activeElement.outerHTML"));
            }
            Assert.True(seen.Count > 1, "Tab moves nothing");
        }

        if (byEscape)
            await page.Keyboard.PressAsync("Escape");
        else
        {
            await dialog.GetByRole(AriaRole.Button, new() { Name = "Close", Exact = true }).FocusAsync();
            await page.Keyboard.PressAsync("Enter");
        }
        await Expect(dialog).ToHaveCountAsync(0);
        await Expect(visitor.Button(opener)).ToBeFocusedAsync();
    }
}
