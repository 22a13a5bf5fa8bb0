using System.Text.RegularExpressions;

namespace Fleet.Console.Tests;

public sealed class ClusterPageTests(ConsoleFleet fleet)
{
    private const string Read = "{apiGroups: [k0rdent.mirantis.com], resources: [clusterdeployments], verbs: [get, list, watch]}";

    [Fact]
    public async Task Everything_about_a_cluster_is_on_its_page()
    {
        await using var visitor = await fleet.SignedInAsync("/clusters");
        await visitor.Link("web").ClickAsync();
        var page = visitor.Page;
        await Expect(visitor.Heading).ToHaveTextAsync("web");
        await Expect(page.GetByRole(AriaRole.Listitem).Filter(new() { HasText = "NodesReady" })).ToContainTextAsync("3/3 nodes are Ready");
        await visitor.Tab("Nodes").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Row)).ToHaveCountAsync(4);
        await Expect(page.GetByText("control-plane").First).ToBeVisibleAsync();
        await visitor.Tab("Machines").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Row).Filter(new() { HasText = "Running" })).ToHaveCountAsync(3);
        await visitor.Tab("Events").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Row).Nth(1)).ToBeVisibleAsync();
        await visitor.Tab("Services").ClickAsync();
        await visitor.Link("apps/front").ClickAsync();
        await Expect(visitor.Heading).ToHaveTextAsync("apps/front");
        await page.GoBackAsync();
        await Expect(visitor.Tab("Services")).ToHaveAttributeAsync("aria-current", "page");

        await page.GotoAsync("/clusters/shop/none");
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("It is not there");
    }

    [Fact]
    public async Task A_cluster_is_paused_and_resumed_and_whoever_comes_second_sees_what_changed_and_decides()
    {
        await using var visitor = await fleet.SignedInAsync("/clusters/shop/spare");
        var page = visitor.Page;
        await visitor.Button("Pause").ClickAsync();
        await Expect(page.Locator(".page-head").GetByText("Paused")).ToBeVisibleAsync();
        await Expect(page.GetByText("spare is paused")).ToBeVisibleAsync();
        Assert.Equal("true", await PausedAsync());
        await visitor.Button("Resume").ClickAsync();
        await Expect(page.Locator(".page-head").GetByText("Ready")).ToBeVisibleAsync();

        // Without the stream the page is behind what kubectl has done.
        await page.RouteAsync("**/api/v1/watch*", route => route.AbortAsync());
        await page.ReloadAsync();
        await Expect(visitor.Button("Pause")).ToBeVisibleAsync();
        // Nor does what it asks by itself every few seconds bring it up to date, until somebody acts.
        var hasActed = true;
        page.Request += (_, request) => hasActed |= request.Url.EndsWith("/actions/pause", StringComparison.Ordinal);
        await page.RouteAsync("**/api/v1/clusters/shop/spare", route => hasActed ? route.ContinueAsync() : route.AbortAsync());
        var dialog = page.GetByRole(AriaRole.Dialog);
        await ChangedMeanwhileAsync("first");
        await Expect(dialog.GetByRole(AriaRole.Row).Filter(new() { HasText = "labels.second" })).ToContainTextAsync("first");
        Assert.Empty(await visitor.FindingsAsync());
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Leave it" }).ClickAsync();
        await Expect(dialog).ToHaveCountAsync(0);
        Assert.Equal("", await PausedAsync());
        await ChangedMeanwhileAsync("other");
        await Expect(dialog.GetByRole(AriaRole.Row).Filter(new() { HasText = "labels.second" })).ToContainTextAsync("other");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Pause all the same" }).ClickAsync();
        await Expect(visitor.Button("Resume")).ToBeVisibleAsync();
        Assert.Equal("true", await PausedAsync());
        await visitor.Button("Resume").ClickAsync();
        await Expect(visitor.Button("Pause")).ToBeVisibleAsync();

        async Task ChangedMeanwhileAsync(string value)
        {
            hasActed = false;
            await fleet.KubectlAsync("label", "cld", "spare", "-n", "shop", "--overwrite", $"second={value}");
            await visitor.Button("Pause").ClickAsync();
            await Expect(dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("Somebody changed it meanwhile");
        }

        Task<string> PausedAsync() => fleet.KubectlAsync("get", "cld", "spare", "-n", "shop", "-o", @"jsonpath={.metadata.annotations.k0rdent\.mirantis\.com/paused}");
    }

    [Fact]
    public async Task Who_may_only_look_is_told_so_by_each_action_and_part()
    {
        var token = await fleet.TokenAsync("looker", Read);
        await using var visitor = await fleet.SignedInAsync("/clusters/shop/web", token: token);
        await visitor.Button("Pause").ClickAsync();
        await Expect(visitor.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("You may not do this");
        await Expect(visitor.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("patch");
        await visitor.Tab("Nodes").ClickAsync();
        await Expect(visitor.Page.Locator(".tab-panel").GetByRole(AriaRole.Alert)).ToContainTextAsync("clusterdeployments/nodes");
        await visitor.Page.GotoAsync("/services");
        await Expect(visitor.Page.GetByText("Only the namespaces that you may list are shown")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_cluster_is_deleted_when_its_name_is_typed()
    {
        await fleet.ApplyAsync(Manifests.Cluster("gone-soon"));
        await fleet.KubectlAsync("wait", "--for=condition=Ready", "cld/gone-soon", "-n", "shop", "--timeout=120s");
        await using var visitor = await fleet.SignedInAsync("/clusters/shop/gone-soon");
        var page = visitor.Page;
        await visitor.Button("Delete…").ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await Expect(dialog.GetByRole(AriaRole.Button, new() { Name = "Delete the cluster" })).ToBeDisabledAsync();
        await dialog.GetByRole(AriaRole.Textbox).FillAsync("gone");
        await Expect(dialog.GetByRole(AriaRole.Button, new() { Name = "Delete the cluster" })).ToBeDisabledAsync();
        await dialog.GetByRole(AriaRole.Textbox).FillAsync("gone-soon");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Delete the cluster" }).ClickAsync();
        await Expect(page.GetByText("The deletion of gone-soon has begun")).ToBeVisibleAsync();
        await Expect(page.GetByText("This cluster is gone")).ToBeVisibleAsync(new() { Timeout = 90_000 });
    }

    [Fact]
    public async Task An_upgrade_is_started_from_its_plan()
    {
        await using var visitor = await fleet.SignedInAsync("/clusters/shop/blog?tab=upgrades");
        var page = visitor.Page;
        await visitor.Button("Show the plan").ClickAsync();
        await Expect(page.GetByText("All machines are replaced").First).ToBeVisibleAsync();
        await visitor.Button("Start the upgrade").ClickAsync();
        await Expect(page.GetByText("The upgrade of blog to simulated-standalone-cp-0-2-0 has begun")).ToBeVisibleAsync();
        await visitor.Tab("Overview").ClickAsync();
        await Expect(page.Locator(".facts")).ToContainTextAsync(new Regex(@"v1\.34\."), new() { Timeout = 120_000 });
    }

    [Fact]
    public async Task A_kubeconfig_is_made_for_a_file_and_not_shown()
    {
        await using var visitor = await fleet.SignedInAsync("/clusters/shop/web?tab=access");
        var page = visitor.Page;
        await page.GetByLabel("Role").FillAsync("cluster-admin");
        await visitor.Button("Make a kubeconfig").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("You may not do this");
        await page.GetByLabel("Role").FillAsync("view");
        await visitor.Button("Make a kubeconfig").ClickAsync();
        var download = await page.RunAndWaitForDownloadAsync(() => visitor.Link("Download").ClickAsync());
        Assert.Equal("shop-web.kubeconfig", download.SuggestedFilename);
        var nodes = await fleet.Installation.KubectlAsync(await download.PathAsync(), "auth", "can-i", "list", "pods", "-A");
        Assert.Equal("yes", nodes.Out.Trim());
        Assert.DoesNotContain("client-key", await page.ContentAsync(), StringComparison.Ordinal);
    }
}
