using System.Text.RegularExpressions;

namespace Fleet.Console.Tests;

/// <summary>Views of the other tables that have them; those of clusters are in <see cref="ClusterTableTests"/>.</summary>
public sealed class SavedViewTests(ConsoleFleet fleet)
{
    [Theory]
    [InlineData("/services", "layout=list&q=agent", "/costs")]
    [InlineData("/costs", "aggregate=controller&window=today", "/services")]
    public async Task A_view_brings_back_what_was_chosen_and_belongs_to_its_table(string path, string search, string other)
    {
        await using var visitor = await fleet.SignedInAsync($"{path}?{search}");
        var page = visitor.Page;
        await visitor.Button("Views").ClickAsync();
        await page.GetByLabel("Name of the view").FillAsync("Mine");
        await visitor.Button("Save").ClickAsync();
        await page.Keyboard.PressAsync("Escape");
        await Expect(visitor.Button("Mine")).ToHaveCountAsync(0);

        await page.GotoAsync(other);
        await visitor.Button("Views").ClickAsync();
        await Expect(page.GetByLabel("Name of the view")).ToBeVisibleAsync();
        await Expect(visitor.Button("Mine")).ToHaveCountAsync(0);

        await page.GotoAsync(path);
        await visitor.Button("Views").ClickAsync();
        await visitor.Button("Mine").ClickAsync();
        foreach (var part in search.Split('&'))
            await Expect(page).ToHaveURLAsync(new Regex(Regex.Escape(part)));
        if (path == "/services")
        {
            await Expect(visitor.Link("ops/agent")).ToBeVisibleAsync();
            await Expect(visitor.Link("apps/front")).ToHaveCountAsync(0);
        }
        else
            await Expect(page.Locator("label:has(> span:text-is('By')) select")).ToHaveValueAsync("controller");
    }
}
