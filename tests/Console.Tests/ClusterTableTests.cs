using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Fleet.Console.Tests;

public sealed class ClusterTableTests(ConsoleFleet fleet)
{
    [Fact]
    public async Task Clusters_are_listed_searched_filtered_and_sorted_and_the_address_says_how()
    {
        await using var visitor = await fleet.SignedInAsync("/clusters");
        var page = visitor.Page;
        foreach (var name in (string[])["web", "db", "blog", "edge"])
            await Expect(visitor.Link(name)).ToBeVisibleAsync();
        await Expect(visitor.Row("web")).ToContainTextAsync("Ready");
        await Expect(visitor.Row("web")).ToContainTextAsync("1 of 1");

        await page.GetByRole(AriaRole.Searchbox).FillAsync("env=prod");
        await Expect(visitor.Link("blog")).ToHaveCountAsync(0);
        await Expect(visitor.Link("db")).ToBeVisibleAsync();
        await Expect(page).ToHaveURLAsync(new Regex(@"q=env(=|%3D)prod"));

        await visitor.Button("Clear filters").ClickAsync();
        await page.GetByLabel("Namespace").SelectOptionAsync("lab");
        await Expect(visitor.Link("edge")).ToBeVisibleAsync();
        await Expect(visitor.Link("web")).ToHaveCountAsync(0);
        await visitor.Button("Clear filters").ClickAsync();

        await page.GetByRole(AriaRole.Group, new() { Name = "Clusters by phase" }).GetByRole(AriaRole.Button).Filter(new() { HasText = "Ready" }).ClickAsync();
        await Expect(visitor.Link("edge")).ToHaveCountAsync(0);

        await page.GetByRole(AriaRole.Columnheader, new() { Name = "Cluster" }).GetByRole(AriaRole.Button).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Columnheader, new() { Name = "Cluster" })).ToHaveAttributeAsync("aria-sort", "descending");
        await Expect(page.GetByRole(AriaRole.Rowheader).First).ToHaveTextAsync("web");

        // Whoever gets the link sees the same.
        await visitor.Button("Copy link").ClickAsync();
        var link = await page.EvaluateAsync<string>("navigator.clipboard.readText()");
        await using var other = await fleet.SignedInAsync(link);
        await Expect(other.Page.GetByRole(AriaRole.Rowheader).First).ToHaveTextAsync("web");
        await Expect(other.Link("edge")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_view_is_saved_under_a_name_and_brings_its_filters_back()
    {
        await using var visitor = await fleet.SignedInAsync("/clusters?q=env%3Ddev");
        var page = visitor.Page;
        await visitor.Button("Views").ClickAsync();
        await page.GetByLabel("Name of the view").FillAsync("Development");
        await visitor.Button("Save").ClickAsync();
        await page.Keyboard.PressAsync("Escape");
        await page.GotoAsync("/clusters");
        await Expect(visitor.Link("web")).ToBeVisibleAsync();
        await visitor.Button("Views").ClickAsync();
        await visitor.Button("Development").ClickAsync();
        await Expect(visitor.Link("web")).ToHaveCountAsync(0);
        await Expect(visitor.Link("blog")).ToBeVisibleAsync();
        await visitor.Button("Views").ClickAsync();
        await visitor.Button("Delete the view Development").ClickAsync();
        await Expect(visitor.Button("Development")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task What_kubectl_changes_is_seen_without_a_reload_and_after_a_broken_connection()
    {
        await using var visitor = await fleet.SignedInAsync("/clusters");
        var page = visitor.Page;
        await Expect(page.Locator("[data-feed=live]")).ToBeVisibleAsync();
        await fleet.ApplyAsync(Manifests.Cluster("newcomer"));
        await Expect(visitor.Link("newcomer")).ToBeVisibleAsync();
        await Expect(visitor.Row("newcomer")).ToContainTextAsync("Ready", new() { Timeout = 60_000 });

        // What happens while the connection is away is told when it is back.
        await page.Context.SetOfflineAsync(true);
        await fleet.KubectlAsync("label", "cld", "newcomer", "-n", "shop", "moved=while-away");
        await page.Context.SetOfflineAsync(false);
        await page.GetByRole(AriaRole.Searchbox).FillAsync("moved=while-away");
        await Expect(visitor.Link("newcomer")).ToBeVisibleAsync(new() { Timeout = 60_000 });
        await page.GetByRole(AriaRole.Searchbox).FillAsync("");
        await fleet.KubectlAsync("delete", "cld", "newcomer", "-n", "shop", "--timeout=120s");
        await Expect(visitor.Link("newcomer")).ToHaveCountAsync(0);
        await Expect(visitor.Link("web")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Of_many_rows_only_those_in_sight_are_in_the_page()
    {
        await using var visitor = await fleet.SignedInAsync("/settings");
        var page = visitor.Page;
        // A large fleet is what the server says of this one, over and over.
        await page.RouteAsync("**/api/v1/watch*", route => route.AbortAsync());
        await page.RouteAsync("**/api/v1/clusters?*", async route =>
        {
            var answer = JsonNode.Parse(await (await route.FetchAsync()).TextAsync())!;
            var web = answer["items"]!.AsArray().First(item => (string?)item!["name"] == "web")!;
            answer["items"] = new JsonArray([.. Enumerable.Range(0, 2000).Select(number =>
            {
                var item = web.DeepClone();
                (item["name"], item["uid"]) = ($"many-{number}", $"{number}");
                return item;
            })]);
            await route.FulfillAsync(new() { Json = answer });
        });
        await page.GotoAsync("/clusters");
        var table = page.GetByRole(AriaRole.Table, new() { Name = "Clusters" });
        await Expect(table).ToHaveAttributeAsync("aria-rowcount", "2001");
        await Expect(visitor.Link("many-0")).ToBeVisibleAsync();
        Assert.InRange(await table.GetByRole(AriaRole.Row).CountAsync(), 10, 60);
        await table.Locator("..").EvaluateAsync("element => element.scrollTo(0, element.scrollHeight)");
        await Expect(visitor.Link("many-1999")).ToBeVisibleAsync();
        await Expect(visitor.Row("many-1999")).ToHaveAttributeAsync("aria-rowindex", "2001");
        Assert.InRange(await table.GetByRole(AriaRole.Row).CountAsync(), 10, 60);
        await page.GetByRole(AriaRole.Searchbox).FillAsync("many-199");
        await Expect(table).ToHaveAttributeAsync("aria-rowcount", "12");
    }
}
