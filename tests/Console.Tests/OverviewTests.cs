using System.Text.RegularExpressions;

namespace Fleet.Console.Tests;

public sealed class OverviewTests(ConsoleFleet fleet)
{
    [Fact]
    public async Task The_first_page_says_how_the_fleet_is_and_each_figure_leads_to_the_rows_behind_it()
    {
        await fleet.DataAsync();
        await using var visitor = await fleet.SignedInAsync("/");
        var page = visitor.Page;
        await Expect(visitor.Heading).ToHaveTextAsync("Overview");
        await Expect(page.GetByText("Simulated data")).ToBeVisibleAsync();
        // Whatever the figure, its value is a link, and where it leads there are rows.
        await Expect(page.Locator(".figure")).ToHaveCountAsync(10);
        await Expect(page.Locator(".figure-value > a")).ToHaveCountAsync(10);
        var targets = await page.Locator(".figure-value > a").EvaluateAllAsync<string[]>("links => [...new Set(links.map(link => link.getAttribute('href')))]");
        foreach (var target in targets)
        {
            await visitor.GoAsync(target, "main .small-table tbody tr, main .table-body .table-row, main .advice-list li, main .empty");
            await Expect(page.Locator("main .problem")).ToHaveCountAsync(0);
        }

        await visitor.GoAsync("/", ".figure");
        await page.Locator(".phases").GetByRole(AriaRole.Link).Filter(new() { HasText = "Ready" }).ClickAsync();
        await Expect(visitor.Heading).ToHaveTextAsync("Clusters");
        await Expect(page).ToHaveURLAsync(new Regex("phase=Ready"));
        await Expect(visitor.Link("web")).ToBeVisibleAsync();
        await Expect(visitor.Link("edge")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task What_changed_most_names_its_cluster_and_leads_to_the_days_that_are_compared()
    {
        await fleet.DataAsync();
        await using var visitor = await fleet.SignedInAsync("/");
        var page = visitor.Page;
        // However many clusters are dearer than a week ago: what made them so is shown beside them.
        var row = page.GetByRole(AriaRole.Region, new() { Name = "What changed most" }).GetByRole(AriaRole.Row).Filter(new() { HasText = "namespace on " }).First;
        var name = await row.GetByRole(AriaRole.Link).InnerTextAsync();
        var cluster = (await row.GetByText("namespace on ").InnerTextAsync())["namespace on ".Length..];
        await row.GetByRole(AriaRole.Link).ClickAsync();
        await Expect(visitor.Heading).ToHaveTextAsync("Costs");
        await Expect(page.GetByRole(AriaRole.Searchbox)).ToHaveValueAsync($"cluster:\"{cluster}\"+namespace:\"{name}\"");
        await Expect(page.GetByRole(AriaRole.Columnheader, new() { Name = "Change" })).ToBeVisibleAsync();
        await Expect(page.Locator(".rows .small-table tbody tr").First).ToBeVisibleAsync();
    }
}
