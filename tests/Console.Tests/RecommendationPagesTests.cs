using System.Text.Json;

namespace Fleet.Console.Tests;

public sealed class RecommendationPagesTests(ConsoleFleet fleet)
{
    [Fact]
    public async Task Advice_is_believed_dismissed_opened_again_and_followed_through_the_service()
    {
        await fleet.DataAsync();
        await using var visitor = await fleet.SignedInAsync("/recommendations?cluster=shop/roomy&kind=rightsizing");
        var page = visitor.Page;
        var card = page.Locator(".advice").Filter(new() { HasText = "catalogue-simple-nginx" });
        await card.GetByText("Evidence").ClickAsync();
        await Expect(card.GetByRole(AriaRole.Rowheader, new() { Name = "confidence", Exact = true })).ToBeVisibleAsync();
        Assert.Empty(await visitor.FindingsAsync());

        var dialog = page.GetByRole(AriaRole.Dialog);
        await card.GetByRole(AriaRole.Button, new() { Name = "Dismiss…" }).ClickAsync();
        await dialog.GetByLabel("Why").FillAsync("The sale begins next week");
        // Somebody has decided while the dialog was open: that is shown first, and then it is decided again.
        var id = (await fleet.AskAsync("/recommendations?kind=rightsizing&cluster=shop/roomy")).GetProperty("items").EnumerateArray()
            .Single(item => item.GetProperty("object").GetProperty("name").GetString() == "catalogue-simple-nginx").GetProperty("id").GetString();
        await fleet.PostAsync($"/recommendations/{id}/dismiss", """{"reason": "Not this month"}""");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Dismiss", Exact = true }).ClickAsync();
        await Expect(dialog.GetByRole(AriaRole.Row).Filter(new() { HasText = "reason" })).ToContainTextAsync("Not this month");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Dismiss", Exact = true }).ClickAsync();
        await Expect(card).ToHaveCountAsync(0);
        await page.GetByRole(AriaRole.Radio, new() { Name = "Dismissed" }).CheckAsync();
        await Expect(card).ToContainTextAsync("The sale begins next week");
        await card.GetByRole(AriaRole.Button, new() { Name = "Open again…" }).ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Open again", Exact = true }).ClickAsync();
        await Expect(card).ToHaveCountAsync(0);

        await page.GetByRole(AriaRole.Radio, new() { Name = "Open" }).CheckAsync();
        await card.GetByRole(AriaRole.Button, new() { Name = "Apply…" }).ClickAsync();
        await Expect(dialog).ToContainTextAsync("ClusterDeployment shop/roomy");
        Assert.Empty(await visitor.FindingsAsync());
        // Somebody changes the same values after the preview: nothing is done until the person has seen what, and then both changes are there.
        var others = JsonSerializer.Serialize("podLabels: {faster: somebody}\n" + await ValuesAsync());
        await fleet.KubectlAsync("patch", "cld", "roomy", "-n", "shop", "--type=json", "-p", $$$"""[{"op":"replace","path":"/spec/serviceSpec/services/0/values","value":{{{others}}}}]""");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Apply", Exact = true }).ClickAsync();
        await Expect(dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("faster");
        Assert.Contains("500m", await ValuesAsync(), StringComparison.Ordinal);
        Assert.Empty(await visitor.FindingsAsync());
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Apply", Exact = true }).ClickAsync();
        await Expect(page.GetByText("The recommendation is applied")).ToBeVisibleAsync();
        Assert.Contains("faster", await ValuesAsync(), StringComparison.Ordinal);
        await Expect(card).ToHaveCountAsync(0);
        Assert.DoesNotContain("500m", await ValuesAsync(), StringComparison.Ordinal);
        await page.GetByRole(AriaRole.Radio, new() { Name = "Applied" }).CheckAsync();
        await Expect(card).ToBeVisibleAsync();

        Task<string> ValuesAsync() => fleet.KubectlAsync("get", "cld", "roomy", "-n", "shop", "-o", "jsonpath={.spec.serviceSpec.services[0].values}");
    }

    [Fact]
    public async Task What_no_service_of_the_fleet_made_is_told_as_a_patch_for_people()
    {
        await fleet.DataAsync();
        await using var visitor = await fleet.SignedInAsync("/recommendations?cluster=team-a/finops-north");
        var page = visitor.Page;
        var card = page.Locator(".advice").Filter(new() { HasText = "reports" }).First;
        await card.GetByRole(AriaRole.Button, new() { NameRegex = new("^(Apply|How to do it)…$") }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await Expect(dialog).ToContainTextAsync("This has to be done by hand");
        await Expect(dialog.Locator(".patch")).ToContainTextAsync("resources");
        await Expect(dialog.GetByRole(AriaRole.Button, new() { Name = "Apply", Exact = true })).ToHaveCountAsync(0);
        Assert.Empty(await visitor.FindingsAsync());
    }
}
