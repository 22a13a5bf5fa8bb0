using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Fleet.Console.Tests;

public sealed class ExplorePagesTests(ConsoleFleet fleet)
{
    private const string Trace = "4bf92f3577b34da6a3ce929d0e0e4736";

    private static readonly string[] Rights =
    [
        "{apiGroups: [k0rdent.mirantis.com], resources: [clusterdeployments], verbs: [get, list, watch]}",
        "{apiGroups: [k0rdent.mirantis.com], resources: [clusterdeployments/telemetry], verbs: [get]}",
        "{apiGroups: [\"\"], resources: [secrets], verbs: [create, list, delete]}",
    ];

    [Fact]
    public async Task What_a_cluster_sends_with_its_token_is_searched_and_a_line_leads_to_its_trace()
    {
        var token = await fleet.TokenAsync("watcher", Rights);
        await using var visitor = await fleet.SignedInAsync("/settings?tab=tokens&cluster=shop/web", token: token);
        var page = visitor.Page;
        await visitor.Button("Make a token").ClickAsync();
        var made = page.Locator(".note code");
        await Expect(made).ToHaveTextAsync(new Regex("^flt_"));
        var secret = await made.InnerTextAsync();
        await SendAsync(secret);

        await page.GotoAsync("/explore?cluster=shop/web");
        await Expect(page.Locator(".logs li")).ToHaveCountAsync(2);
        await page.GetByRole(AriaRole.Searchbox).FillAsync("REFUSED");
        await Expect(page.Locator(".logs li")).ToHaveCountAsync(1);
        await Expect(page).ToHaveURLAsync(new Regex("q=REFUSED"));
        await page.Locator(".logs summary").ClickAsync();
        await Expect(page.Locator(".log-facts")).ToContainTextAsync("payments-7");
        Assert.Empty(await visitor.FindingsAsync());

        await visitor.Link(Trace).ClickAsync();
        await Expect(visitor.Heading).ToHaveTextAsync("POST /checkout");
        await Expect(page.Locator(".waterfall li")).ToHaveCountAsync(3);
        await Expect(page.Locator(".waterfall li").Nth(1)).ToContainTextAsync("charge");
        await Expect(page.Locator(".waterfall li[data-tone=bad]")).ToHaveCountAsync(1);
        await page.Locator(".span-row").Nth(1).ClickAsync();
        await Expect(page.Locator(".log-facts")).ToContainTextAsync("declined");
        Assert.Empty(await visitor.FindingsAsync());
        await visitor.Link("Its logs").ClickAsync();
        await Expect(page.Locator(".logs li")).ToHaveCountAsync(1);
        await visitor.Tab("Traces").ClickAsync();
        await Expect(visitor.Row("POST /checkout")).ToContainTextAsync("gateway");

        // The token is told once, and ends when it is revoked.
        await page.GotoAsync("/settings?tab=tokens&cluster=shop/web");
        await visitor.Button("Revoke").ClickAsync();
        await Expect(page.GetByText("The cluster has no token")).ToBeVisibleAsync();
        Assert.DoesNotContain(secret, await page.ContentAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Events_are_searched_and_who_may_not_make_tokens_is_told_so()
    {
        await using var visitor = await fleet.SignedInAsync("/explore?tab=events&range=24h");
        var page = visitor.Page;
        await Expect(visitor.Row("shop/web").First).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Textbox, new() { Name = "Namespace" }).FillAsync("lab");
        await page.Keyboard.PressAsync("Enter");
        await Expect(visitor.Row("shop/web")).ToHaveCountAsync(0);
        await Expect(page).ToHaveURLAsync(new Regex("namespace=lab"));
        await page.GotoAsync("/settings?tab=tokens&cluster=shop/web");
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("secrets");
    }

    private async Task SendAsync(string token)
    {
        using var http = new HttpClient { BaseAddress = fleet.Address };
        http.DefaultRequestHeaders.Authorization = new("Bearer", token);
        var now = TimeProvider.System.GetUtcNow().AddSeconds(-20).ToUnixTimeMilliseconds();
        string At(int milliseconds) => (now + milliseconds).ToString(CultureInfo.InvariantCulture) + "000000";
        await PostAsync("/v1/logs", $$$"""
            {"resourceLogs": [{"resource": {"attributes": [{"key": "service.name", "value": {"stringValue": "payments"}}, {"key": "k8s.pod.name", "value": {"stringValue": "payments-7"}}]}, "scopeLogs": [{"logRecords": [
              {"timeUnixNano": "{{{At(0)}}}", "severityNumber": 9, "severityText": "INFO", "body": {"stringValue": "GET /cart 200"}},
              {"timeUnixNano": "{{{At(150)}}}", "severityNumber": 17, "severityText": "ERROR", "body": {"stringValue": "connection refused by the bank"}, "traceId": "{{{Trace}}}", "spanId": "00f067aa0ba902b8"}
            ]}]}]}
            """);
        string Span(string id, string parent, string name, int start, int end, string status) =>
            $$$"""{"traceId": "{{{Trace}}}", "spanId": "{{{id}}}", "parentSpanId": "{{{parent}}}", "name": "{{{name}}}", "kind": 2, "startTimeUnixNano": "{{{At(start)}}}", "endTimeUnixNano": "{{{At(end)}}}", "attributes": [{"key": "outcome", "value": {"stringValue": "declined"}}], "status": {{{status}}}}""";
        await PostAsync("/v1/traces", $$$"""
            {"resourceSpans": [{"resource": {"attributes": [{"key": "service.name", "value": {"stringValue": "gateway"}}]}, "scopeSpans": [{"spans": [
              {{{Span("00f067aa0ba902b7", "", "POST /checkout", 0, 400, "{}")}}},
              {{{Span("00f067aa0ba902b8", "00f067aa0ba902b7", "charge", 100, 350, "{\"code\": 2}")}}},
              {{{Span("00f067aa0ba902b9", "00f067aa0ba902b7", "mail", 360, 390, "{}")}}}
            ]}]}]}
            """);

        async Task PostAsync(string path, string json)
        {
            using var content = new StringContent(json, Encoding.UTF8, "application/json");
            using var answer = await http.PostAsync(new Uri(path, UriKind.Relative), content);
            Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        }
    }
}
