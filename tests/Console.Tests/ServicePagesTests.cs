using System.Text.RegularExpressions;

namespace Fleet.Console.Tests;

public sealed class ServicePagesTests(ConsoleFleet fleet)
{
    private const string Front = "/services/shop/web/apps/front";

    [Fact]
    public async Task Services_are_a_matrix_of_clusters_or_a_list()
    {
        await using var visitor = await fleet.SignedInAsync("/services");
        var page = visitor.Page;
        await Expect(page.GetByRole(AriaRole.Columnheader, new() { Name = "apps/front" })).ToBeVisibleAsync();
        await Expect(visitor.Row("web").Locator(".matrix-cell")).ToContainTextAsync("1.0.0");
        await page.GetByRole(AriaRole.Radio, new() { Name = "List" }).CheckAsync();
        await Expect(page).ToHaveURLAsync(new Regex("layout=list"));
        await Expect(visitor.Row("ops/agent")).ToContainTextAsync("Deployed");
        await page.GetByRole(AriaRole.Searchbox).FillAsync("front");
        await Expect(visitor.Row("ops/agent")).ToHaveCountAsync(0);
        await visitor.Link("apps/front").ClickAsync();
        await Expect(visitor.Heading).ToHaveTextAsync("apps/front");
        await Expect(page.Locator(".objects")).ToContainTextAsync("Deployment");
    }

    [Fact]
    public async Task Values_say_where_they_are_from_and_no_secret_is_shown()
    {
        await using var visitor = await fleet.SignedInAsync(Front + "?tab=values");
        await Expect(visitor.Row("replicaCount")).ToContainTextAsync("Values");
        await Expect(visitor.Row("content")).ToContainTextAsync("(secret)");
        await Expect(visitor.Row("content")).ToContainTextAsync("Secret banner");
        Assert.DoesNotContain("4711", await visitor.Page.ContentAsync(), StringComparison.Ordinal);
        await visitor.Page.GetByRole(AriaRole.Searchbox).FillAsync("secret banner");
        await Expect(visitor.Row("replicaCount")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_service_is_held_restarted_taken_back_and_let_go()
    {
        await using var visitor = await fleet.SignedInAsync("/services/shop/db/ops/agent");
        var page = visitor.Page;
        await visitor.Button("Restart").ClickAsync();
        await Expect(page.GetByText("1 workload of agent rolls")).ToBeVisibleAsync();

        await fleet.KubectlAsync("patch", "cld", "db", "-n", "shop", "--type=json", "-p", """[{"op": "add", "path": "/spec/serviceSpec/services/0/values", "value": "replicaCount: 3"}]""");
        await visitor.Tab("History").ClickAsync();
        await Expect(visitor.Button("Go back to it…")).ToBeVisibleAsync(new() { Timeout = 60_000 });
        await visitor.Button("Go back to it…").ClickAsync();
        await visitor.Button("Go back").ClickAsync();
        await Expect(page.GetByText("agent is taken back to revision 1")).ToBeVisibleAsync();
        await Expect(page.Locator(".lead").First).ToContainTextAsync("held at revision 1");
        await visitor.Button("Resume").ClickAsync();
        await Expect(page.GetByText("agent goes on")).ToBeVisibleAsync();
        await Expect(visitor.Button("Pause")).ToBeVisibleAsync();
        await visitor.Button("Pause").ClickAsync();
        await Expect(visitor.Button("Resume")).ToBeVisibleAsync();
        await page.GotoAsync("/services?held=true");
        await Expect(visitor.Row("db").Locator(".mark")).ToContainTextAsync("Held");
        await Expect(visitor.Row("web")).ToHaveCountAsync(0);
        await page.GotoAsync("/services/shop/db/ops/agent");
        await visitor.Button("Resume").ClickAsync();
        await Expect(visitor.Button("Pause")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Drift_is_told_with_who_did_it_and_what_became_of_it()
    {
        await using var visitor = await fleet.SignedInAsync(Front + "?tab=drift");
        var cluster = await fleet.Installation.KubeconfigOfAsync("web", "shop");
        (await fleet.Installation.KubectlAsync(cluster, "patch", "deployment", "front-simple-nginx", "-n", "apps", "--field-manager=mallory", "-p", """{"spec":{"template":{"metadata":{"labels":{"by":"hand"}}},"replicas":5}}""")).MustSucceed();
        await Expect(visitor.Row("front-simple-nginx").First).ToContainTextAsync("Corrected", new() { Timeout = 60_000 });
        await Expect(visitor.Row("front-simple-nginx").First).ToContainTextAsync("mallory");
        await Expect(visitor.Row("front-simple-nginx").First).ToContainTextAsync("spec.replicas");
    }
}
