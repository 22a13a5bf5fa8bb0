using System.Text.RegularExpressions;

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

        // Somebody gives it another reason, which the page is not told yet; whoever ends it sees that first, and decides.
        var isBehind = true;
        page.Request += (_, request) => isBehind &= request.Method != "DELETE";
        await page.RouteAsync("**/api/v1/silences", route => isBehind ? route.AbortAsync() : route.ContinueAsync());
        await fleet.KubectlAsync("patch", "-n", "lab", await fleet.KubectlAsync("get", "silences", "-n", "lab", "-o", "name"), "--type=merge", "-p", """{"spec":{"comment":"The lab stays"}}""");
        await row.GetByRole(AriaRole.Button).ClickAsync();
        await Expect(dialog.GetByRole(AriaRole.Row).Filter(new() { HasText = "comment" })).ToContainTextAsync("The lab stays");
        Assert.Empty(await visitor.FindingsAsync());
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Leave it" }).ClickAsync();
        await Expect(dialog).ToHaveCountAsync(0);
        row = visitor.Row("The lab stays");
        await row.GetByRole(AriaRole.Button).ClickAsync();
        await Expect(row).ToHaveCountAsync(0);
        Assert.Equal("", await fleet.KubectlAsync("get", "silences", "-n", "lab", "-o", "name"));
    }

    [Fact]
    public async Task An_alert_leads_to_its_incident_is_silenced_and_resolves_when_its_cause_is_gone()
    {
        await using var visitor = await fleet.SignedInAsync("/alerts?tab=incidents");
        var page = visitor.Page;
        // The same alert on two clusters is one incident.
        var incident = visitor.Row("ClusterNotReady").Filter(new() { HasText = "lab/edge" });
        await Expect(incident).ToContainTextAsync("lab/tardy");
        Assert.Empty(await visitor.FindingsAsync());
        await incident.GetByRole(AriaRole.Button).ClickAsync();
        var alert = visitor.Row("lab/tardy");
        await Expect(alert).ToContainTextAsync("Critical");
        await Expect(visitor.Row("lab/edge")).ToBeVisibleAsync();

        await alert.GetByRole(AriaRole.Button, new() { Name = "Silence…" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await Expect(dialog.GetByLabel("Fits")).ToHaveValueAsync(new Regex("alertname=\"ClusterNotReady\", cluster=\"tardy\""));
        await dialog.GetByLabel("Why").FillAsync("Its credential comes");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Silence", Exact = true }).ClickAsync();
        await Expect(alert).ToContainTextAsync("silenced by");
        await Expect(visitor.Row("lab/edge")).Not.ToContainTextAsync("silenced by");
        await visitor.Tab("Silences").ClickAsync();
        await Expect(visitor.Row("Its credential comes")).ToContainTextAsync("1");
        await visitor.Row("Its credential comes").GetByRole(AriaRole.Button).ClickAsync();
        await Expect(visitor.Row("Its credential comes")).ToHaveCountAsync(0);

        await fleet.ApplyAsync(Manifests.LateCredential);
        await fleet.KubectlAsync("wait", "--for=condition=Ready", "cld/tardy", "-n", "lab", "--timeout=90s");
        await page.GotoAsync("/alerts?state=resolved&cluster=lab/tardy");
        await Expect(alert.Filter(new() { HasText = "Resolved" }).First).ToBeVisibleAsync(new() { Timeout = 60_000 });
        await page.GotoAsync("/alerts");
        await Expect(visitor.Row("lab/edge")).ToBeVisibleAsync();
        await Expect(alert).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Receivers_say_how_they_are_told()
    {
        await using var visitor = await fleet.SignedInAsync("/alerts?tab=receivers");
        await Expect(visitor.Row("lab/chat")).ToContainTextAsync("webhook", new() { IgnoreCase = true });
    }
}
