using System.Globalization;
using System.Text.RegularExpressions;

namespace Fleet.Console.Tests;

public sealed class CostPagesTests(ConsoleFleet fleet)
{
    [Fact]
    public async Task Costs_are_asked_by_anything_and_drilled_down_to_containers_and_the_address_says_how()
    {
        await fleet.DataAsync();
        await using var visitor = await fleet.SignedInAsync("/costs?aggregate=cluster");
        var page = visitor.Page;
        await Expect(visitor.Row("team-a/finops-north")).ToBeVisibleAsync();
        var drawn = page.Locator("[data-drawn]");
        await Expect(drawn).ToBeVisibleAsync();
        await visitor.Button("As a table").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Table).First).ToContainTextAsync("Day");
        await Expect(drawn).ToHaveCountAsync(0);

        await visitor.Button("team-a/finops-north").ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("aggregate=namespace"));
        await visitor.Button("reporting").ClickAsync();
        await visitor.Button("deployment:reports").ClickAsync();
        await page.Locator(".rows").GetByRole(AriaRole.Button, new() { NameRegex = new("^reports-") }).First.ClickAsync();
        await Expect(page.GetByRole(AriaRole.Rowheader).Filter(new() { HasText = "reports" }).First).ToBeVisibleAsync();
        await Expect(page).ToHaveURLAsync(new Regex("aggregate=container"));
        await Expect(page.GetByRole(AriaRole.Searchbox)).ToHaveValueAsync(new Regex("^cluster:\"team-a/finops-north\"\\+namespace:\"reporting\"\\+controllerKind:\"deployment\"\\+controllerName:\"reports\"\\+pod:"));

        // Whoever gets the link sees the same, and each step can be taken back.
        await using (var other = await fleet.SignedInAsync(page.Url))
            await Expect(other.Page.GetByRole(AriaRole.Rowheader).Filter(new() { HasText = "reports" }).First).ToBeVisibleAsync();
        await page.GoBackAsync();
        await Expect(page).ToHaveURLAsync(new Regex("aggregate=pod"));

        await page.GotoAsync("/costs?aggregate=label:team");
        await Expect(visitor.Row("insight")).ToBeVisibleAsync();
        await Expect(visitor.Row("Unallocated")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_filter_that_cannot_be_read_is_shown_where_it_goes_wrong_and_changes_nothing_else()
    {
        await fleet.DataAsync();
        await using var visitor = await fleet.SignedInAsync("/costs");
        var page = visitor.Page;
        await Expect(visitor.Row("reporting")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Searchbox).FillAsync("namespace:reporting");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#filter-problem")).ToContainTextAsync("The filter cannot be read at character 11");
        await Expect(page.Locator("#filter-problem mark")).ToHaveTextAsync("r");
        Assert.Empty(await visitor.FindingsAsync());
        await page.GetByRole(AriaRole.Searchbox).FillAsync("namespace:\"reporting\"");
        await page.Keyboard.PressAsync("Enter");
        await Expect(visitor.Row("reporting")).ToBeVisibleAsync();
        await Expect(visitor.Row("kube-system")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Idle_is_a_row_or_shared_or_left_out_and_the_rows_go_into_a_file()
    {
        await fleet.DataAsync();
        await using var visitor = await fleet.SignedInAsync("/costs?filter=cluster:%22team-a/finops-north%22");
        var page = visitor.Page;
        var idle = page.GetByRole(AriaRole.Rowheader, new() { Name = "Idle", Exact = true });
        await Expect(idle).ToBeVisibleAsync();
        var file = await (await page.RunAndWaitForDownloadAsync(() => visitor.Button("Export CSV").ClickAsync())).PathAsync();
        var lines = (await File.ReadAllTextAsync(file)).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var (columns, total) = (lines[0].Split(','), Array.IndexOf(lines[0].Split(','), "total"));
        Assert.Equal(("namespace", "currency"), (columns[0], columns[^2]));
        Assert.Contains(lines, line => line.StartsWith("__idle__,", StringComparison.Ordinal) && double.Parse(line.Split(',')[total], CultureInfo.InvariantCulture) > 0);
        Assert.Contains(lines, line => line.StartsWith("reporting,", StringComparison.Ordinal));

        await page.GetByRole(AriaRole.Combobox).Filter(new() { HasText = "shared among workloads" }).SelectOptionAsync("shared");
        await Expect(idle).ToHaveCountAsync(0);
        await Expect(visitor.Row("reporting")).ToBeVisibleAsync();
        await page.GetByLabel("Compare with before").CheckAsync();
        await Expect(page.GetByRole(AriaRole.Columnheader, new() { Name = "Change" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Assets_are_what_is_paid_for_and_data_says_how_far_it_reaches()
    {
        await fleet.DataAsync();
        await using var visitor = await fleet.SignedInAsync("/costs?tab=assets");
        var page = visitor.Page;
        await Expect(visitor.Row("finops-north-md").First).ToContainTextAsync("Node");
        await page.GetByRole(AriaRole.Group, new() { Name = "Assets by type" }).GetByRole(AriaRole.Button).Filter(new() { HasText = "Management" }).ClickAsync();
        await Expect(visitor.Row("finops-north-md")).ToHaveCountAsync(0);
        await visitor.Tab("Data").ClickAsync();
        await Expect(visitor.Row("team-a/finops-north")).ToContainTextAsync("up to date");

        // Who may not see costs is told which right is missing.
        var token = await fleet.TokenAsync("thrifty", "{apiGroups: [k0rdent.mirantis.com], resources: [clusterdeployments], verbs: [get, list, watch]}");
        await using var other = await fleet.SignedInAsync("/costs", token: token);
        await Expect(other.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("clusterdeployments/costs");
    }
}
