namespace Fleet.Console.Tests;

public sealed class AlertPagesTests(ConsoleFleet fleet)
{
    [Fact]
    public async Task A_silence_is_made_by_matchers_and_ended()
    {
        await using var visitor = await fleet.SignedInAsync("/alerts?tab=silences");
        var page = visitor.Page;
        await visitor.Button("New silence").ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Fits").FillAsync("alertname ClusterNotReady");
        await dialog.GetByLabel("Namespace").FillAsync("lab");
        await dialog.GetByLabel("Why").FillAsync("The lab moves");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Silence", Exact = true }).ClickAsync();
        await Expect(dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("Labels with =");
        Assert.Empty(await visitor.FindingsAsync());
        await dialog.GetByLabel("Fits").FillAsync("alertname=Nothing, cluster=~\"e.*\"");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Silence", Exact = true }).ClickAsync();
        var row = visitor.Row("The lab moves");
        await Expect(row).ToContainTextAsync("alertname=\"Nothing\", cluster=~\"e.*\"");
        await Expect(row).ToContainTextAsync("Active");
        Assert.Equal("The lab moves", await fleet.KubectlAsync("get", "silences", "-n", "lab", "-o", "jsonpath={.items[0].spec.comment}"));
        await row.GetByRole(AriaRole.Button).ClickAsync();
        await Expect(row).ToHaveCountAsync(0);
        Assert.Equal("", await fleet.KubectlAsync("get", "silences", "-n", "lab", "-o", "name"));
    }

    [Fact]
    public async Task Receivers_say_how_they_are_told()
    {
        await using var visitor = await fleet.SignedInAsync("/alerts?tab=receivers");
        await Expect(visitor.Row("lab/chat")).ToContainTextAsync("webhook", new() { IgnoreCase = true });
    }
}
