using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.EndToEnd.Tests;
using Fleet.Testing;
using Fleet.Testing.Servers;

[assembly: AssemblyFixture(typeof(Fleet.Console.Tests.ConsoleFleet))]
// One browser and one fleet for all. Much of a test is waiting for the fleet, so several run at once, also on two cores.
[assembly: CollectionBehavior(MaxParallelThreads = 4)]
[assembly: TestCollectionOrderer(typeof(Fleet.Console.Tests.DataLast))]

namespace Fleet.Console.Tests;

/// <summary>
/// The fleet of the demonstration, whose past is filled in, with some clusters and services for tests to change, and a browser before its console. Started once.
/// </summary>
public sealed class ConsoleFleet : IAsyncLifetime
{
    private const string Chromium = "/usr/bin/chromium";

    private static readonly string[] Flags =
        ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

    private Installation? fleet;
    private OidcProvider? provider;
    private IPlaywright? playwright;
    private IBrowser? browser;
    private Lazy<Task<string>> administrator = null!;
    private Lazy<Task> data = null!;

    /// <summary>Why nothing can be tested here; null where it can.</summary>
    public string? Missing { get; private set; }

    public Installation Installation => fleet!;

    /// <summary>Whose people may sign in, beside those who have a token.</summary>
    public OidcProvider Provider => provider!;

    public Uri Address { get; private set; } = null!;

    private static string Built => Path.Combine(TestLogs.RepositoryRoot, "artifacts", "bin", "Fleet", "release", "console", "index.html");

    public async ValueTask InitializeAsync()
    {
        Missing = !File.Exists(Chromium) ? $"there is no {Chromium} (Debian's package chromium)" : !File.Exists(Built) ? "the console is not built (./fleet build)" : null;
        if (Missing is not null)
            return;
        fleet = new Installation();
        // A past is filled in when a cluster was looked at, and advised about when it is looked at again.
        fleet.Environment["FLEET_COSTS_EVERY"] = "10s";
        provider = await OidcProvider.StartAsync();
        var people = fleet.Write("oidc.json", new JsonObject
        {
            ["name"] = "Example login", ["issuerUrl"] = provider.Issuer, ["clientId"] = OidcProvider.Client, ["usernameClaim"] = "email", ["usernamePrefix"] = "oidc:", ["groupsClaim"] = "groups", ["groupsPrefix"] = "oidc:",
            ["caFile"] = provider.CertificateAuthorityFile,
        }.ToJsonString());
        (await fleet.FleetAsync("up", "--demo", "--oidc", people)).MustSucceed();
        administrator = new(async () => (await Installation.FleetAsIsAsync("console", "--token")).MustSucceed().Out.Trim());
        data = new(WaitForDataAsync);
        var said = (await fleet.FleetAsIsAsync("console")).MustSucceed().Out;
        Address = new(said.Split('\n')[0].Split(' ')[^1].Trim());
        await ApplyAsync(Manifests.Everything);
        await Task.WhenAll(((string[])["web", "db", "blog", "spare", "roomy"]).Select(name => KubectlAsync("wait", "--for=condition=Ready", $"cld/{name}", "-n", "shop", "--timeout=120s")));
        await Task.WhenAll(((string[])["web", "db"]).Select(name => KubectlAsync("wait", "--for=jsonpath={.status.services[0].state}=Deployed", $"cld/{name}", "-n", "shop", "--timeout=120s")));
        // Two cores, and a fleet and other tests beside the browser.
        SetDefaultExpectTimeout(20_000);
        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = Chromium, Args = Flags });
        TestLogs.NoteUsed($"Chromium {browser.Version}");
    }

    public async ValueTask DisposeAsync()
    {
        if (browser is not null)
            await browser.DisposeAsync();
        playwright?.Dispose();
        if (fleet is not null)
            await fleet.DisposeAsync();
        if (provider is not null)
            await provider.DisposeAsync();
    }

    public void SkipWithoutParts() => Assert.SkipWhen(Missing is not null, Missing ?? "");

    /// <summary>A browser without any memory.</summary>
    internal async Task<Visitor> VisitorAsync(Look? look = null)
    {
        SkipWithoutParts();
        look ??= Look.Usual;
        var context = await browser!.NewContextAsync(new()
        {
            BaseURL = Address.AbsoluteUri,
            ViewportSize = new() { Width = look.Width, Height = look.Height },
            ColorScheme = look.Dark ? ColorScheme.Dark : ColorScheme.Light,
            Locale = look.Locale,
            // A page is looked at as it will be, not on its way there.
            ReducedMotion = ReducedMotion.Reduce,
            Permissions = ["clipboard-read", "clipboard-write"],
            // The provider's certificate comes from an authority of the test's own, which no browser knows; the fleet has none here.
            IgnoreHTTPSErrors = true,
        });
        context.SetDefaultTimeout(20_000);
        return new(context, await context.NewPageAsync());
    }

    /// <summary>One that has signed in, by default with what <c>fleet console --token</c> gives.</summary>
    internal async Task<Visitor> SignedInAsync(string path, Look? look = null, string? token = null)
    {
        var visitor = await VisitorAsync(look);
        // As a reload finds it; signing in by hand has tests of its own.
        await visitor.Page.AddInitScriptAsync($"if (sessionStorage.getItem('fleet.begun') === null) {{ sessionStorage.setItem('fleet.begun', '1'); sessionStorage.setItem('fleet.token', '{token ?? await AdministratorAsync()}') }}");
        await visitor.Page.GotoAsync(path);
        await Expect(visitor.Page.GetByRole(AriaRole.Navigation).First).ToBeVisibleAsync();
        return visitor;
    }

    /// <summary>Until the past of the clusters is filled in and advice is given about it, a minute after the start.</summary>
    public Task DataAsync()
    {
        SkipWithoutParts();
        return data.Value;
    }

    /// <summary>What the REST API answers to the administrator.</summary>
    public async Task<JsonElement> AskAsync(string path)
    {
        using var http = new HttpClient { BaseAddress = Address };
        http.DefaultRequestHeaders.Authorization = new("Bearer", await AdministratorAsync());
        using var answer = JsonDocument.Parse(await http.GetStringAsync(new Uri("/api/v1" + path, UriKind.Relative)));
        return answer.RootElement.Clone();
    }

    /// <summary>What somebody else does by the REST API.</summary>
    public async Task PostAsync(string path, string json)
    {
        using var http = new HttpClient { BaseAddress = Address };
        http.DefaultRequestHeaders.Authorization = new("Bearer", await AdministratorAsync());
        using var body = new StringContent(json, Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync(new Uri("/api/v1" + path, UriKind.Relative), body);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    private async Task WaitForDataAsync()
    {
        var pace = TimeSpan.FromSeconds(2);
        for (var left = TimeSpan.FromMinutes(5); ; left -= pace)
        {
            // One cluster is looked at after the other: what is told of the first says nothing about the second.
            var advice = (await Task.WhenAll(AdviceAsync("shop/roomy"), AdviceAsync("team-a/finops-north"))).Min();
            // Adding up a month each time would keep the fleet from filling it in.
            var summary = advice > 0 ? await AskAsync("/costs/summary") : default;
            if (advice > 0 && summary.GetProperty("monthToDate").GetDouble() > 0 && summary.GetProperty("topMovers").GetArrayLength() > 0)
                return;
            Assert.True(left > TimeSpan.Zero, $"the past is not there: {summary} {advice}");
            await Task.Delay(pace, TimeProvider.System);
        }

        async Task<int> AdviceAsync(string cluster) => (await AskAsync($"/recommendations?kind=rightsizing&cluster={cluster}")).GetProperty("items").GetArrayLength();
    }

    public Task<string> AdministratorAsync() => administrator.Value;

    /// <summary>A token of a ServiceAccount of the namespace with these rules there, in YAML flow style.</summary>
    public async Task<string> TokenAsync(string name, params string[] rules)
    {
        await ApplyAsync($$$"""
            {apiVersion: v1, kind: ServiceAccount, metadata: {name: {{{name}}}, namespace: shop}}
            ---
            {apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: {{{name}}}, namespace: shop}, rules: [{{{string.Join(", ", rules)}}}]}
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: RoleBinding
            metadata: {name: {{{name}}}, namespace: shop}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: {{{name}}}}
            subjects: [{kind: ServiceAccount, name: {{{name}}}, namespace: shop}]
            """);
        return await KubectlAsync("create", "token", name, "-n", "shop");
    }

    /// <summary>In one go: an apply asks for each object first.</summary>
    public Task<string> CreateAsync(string yaml) => KubectlAsync("create", "-f", Installation.Write($"{Guid.NewGuid():N}.yaml", yaml));

    public Task<string> ApplyAsync(string yaml) => KubectlAsync("apply", "-f", Installation.Write($"{Guid.NewGuid():N}.yaml", yaml));

    public async Task<string> KubectlAsync(params string[] arguments) => (await Installation.KubectlAsync(Installation.Kubeconfig, arguments)).MustSucceed().Out.Trim();
}
