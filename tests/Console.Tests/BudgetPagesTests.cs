using System.Text.RegularExpressions;

namespace Fleet.Console.Tests;

public sealed class BudgetPagesTests(ConsoleFleet fleet)
{
    [Fact]
    public async Task A_budget_that_was_declared_before_there_were_costs_waits_and_keeps_nobody_busy()
    {
        await fleet.DataAsync();
        // It is looked at with each round of adding up, and twice a minute until then.
        var looks = (await File.ReadAllLinesAsync(fleet.Installation.Log)).Count(line => line.Contains("=> budget team-a/team", StringComparison.Ordinal));
        Assert.InRange(looks, 1, 100);
    }

    [Fact]
    public async Task A_budget_leads_from_its_state_to_its_forecast_and_to_the_rows_that_count()
    {
        await fleet.DataAsync();
        await using var visitor = await fleet.SignedInAsync("/budgets");
        var page = visitor.Page;
        await Expect(visitor.Row("team-a/team")).ToContainTextAsync(new Regex(@"€|EUR"));
        await visitor.Link("team-a/team").ClickAsync();
        await Expect(visitor.Heading).ToHaveTextAsync("team");
        await Expect(page.Locator("[data-drawn]")).ToBeVisibleAsync();
        await Expect(visitor.Row("50% spent")).ToBeVisibleAsync();
        Assert.Empty(await visitor.FindingsAsync());
        await visitor.Button("As a table").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Columnheader, new() { Name = "Forecast" })).ToBeVisibleAsync();
        await visitor.Link("See the rows behind it").ClickAsync();
        await Expect(visitor.Heading).ToHaveTextAsync("Costs");
        // A budget is of the clusters of its namespace.
        await Expect(page.GetByRole(AriaRole.Searchbox)).ToHaveValueAsync(new Regex("team-a"));
        await Expect(visitor.Row("reporting").First).ToBeVisibleAsync();
    }
}
