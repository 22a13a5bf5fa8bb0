using System.Net.Http.Json;
using System.Net;
using System.Text.Json.Nodes;
using Fleet.Control.Templates;
using Fleet.Cost.Prices;
using Fleet.Helm;
using Fleet.Integration.Tests.StateManager;
using Fleet.Kubernetes.Core;
using Fleet.Kubernetes.Objects;
using Fleet.Observability.Collection;
using Fleet.Observability.History;
using Fleet.Observability.Hours;
using Fleet.Observability.Ledger;
using Fleet.Observability.Objects;
using Fleet.Observability.Pricing;
using Fleet.Observability.Recommendations;
using Fleet.Observability.Recommendations.Api;
using Fleet.Rest.Databases;
using Fleet.Testing;
using Fleet.Testing.Grains;
using Fleet.Testing.Servers;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Fleet.Integration.Tests.Observability;

/// <summary>Recommendations about a simulated cluster, from its usage to the REST API, on a real PostgreSQL.</summary>
public sealed class RecommendationTests(StateManagerEnvironment environment) : IClassFixture<StateManagerEnvironment>, IAsyncLifetime
{
    private const double MiB = 1024 * 1024;
    private const string Path = "/api/v1/recommendations";

    private readonly TemporaryFolder folder = new("recommendations");
    private PrivatePostgres postgres = null!;
    private ObservabilityHost? host;
    private HttpClient http = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => postgres = await PrivatePostgres.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await postgres.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task What_could_cost_less_is_found_summed_up_and_decided_about()
    {
        await SetUpAsync();
        await FillLedgerAsync();
        await StartAsync();

        // Days of the ledger stand for samples that nobody kept. A first round may come before a disk or an address is there.
        (string Kind, string Name)[] expected = [("rightsizing", "web"), ("abandonedWorkload", "lazy"), ("idleNamespace", "attic"), ("idleLoadBalancer", "lonely")];
        var all = await EventuallyAsync(Path, answer =>
            Array.TrueForAll(expected, one => Items(answer).Any(item => Is(item, one.Kind, one.Name))) && Items(answer).Any(item => (string?)item["kind"] == "unmountedVolume"));
        var web = Items(all).Single(item => Is(item, "rightsizing", "web"));
        Assert.Equal(("app", "500m", "1Gi"), ((string?)web["object"]!["container"], (string?)web["current"]!["cpu"], (string?)web["current"]!["memory"]));
        Assert.Equal(("75m", "open"), ((string?)web["recommended"]!["cpu"], (string?)web["state"]));
        Assert.True((int)web["evidence"]!["samplesFromLedger"]! >= 4 * 24 * 12 - 24, web.ToJsonString());
        Assert.Contains((string?)web["evidence"]!["confidence"], new[] { "low", "medium" });
        var freed = (double)web["savings"]!["monthlyFreed"]!;
        Assert.True(freed > 0 && (double)web["savings"]!["monthlyCash"]! == 0, web.ToJsonString());
        Assert.Single(Items(all), item => Is(item, "abandonedWorkload", "lazy"));
        Assert.Single(Items(all), item => Is(item, "idleNamespace", "attic"));
        // A disk has no price in the sheet: null, and not nothing.
        var disk = Items(all).Single(item => (string?)item["kind"] == "unmountedVolume");
        Assert.True(disk["savings"]!.AsObject().ContainsKey("monthlyCash") && disk["savings"]!["monthlyCash"] is null, disk.ToJsonString());
        var balancer = Items(all).Single(item => Is(item, "idleLoadBalancer", "lonely"));
        Assert.Equal(7.3, (double)balancer["savings"]!["monthlyCash"]!, 6);
        var cluster = Assert.Single((JsonArray)all["clusters"]!)!;
        Assert.Null(cluster["problem"]);

        // Nothing twice: a workload that goes does not also become smaller.
        var total = (await http.GetFromJsonAsync<JsonObject>(Path + "/savings", Cancel))!["totals"]![0]!;
        Assert.Equal("EUR", (string?)total["currency"]);
        Assert.True((double)total["overlap"]! > 0 && (int)total["unpriced"]! >= 1 && (double)total["cash"]! >= 7.29, total.ToJsonString());

        await DecideAsync(web);
        await GoOnAfterARestartAsync();
        await RefuseAsync(web);
    }

    [Fact]
    public async Task A_service_gets_other_values_when_it_is_proven_where_and_only_by_whoever_may_change_it()
    {
        await environment.ApplyAsync($$$"""
            {"apiVersion":"k0rdent.mirantis.com/v1beta1","kind":"ServiceTemplate","metadata":{"name":"nginx-1-0-0","namespace":"{{{StateManagerEnvironment.Namespace}}}"},
             "spec":{"helm":{"chartSpec":{"chart":"simple-nginx","version":"1.0.0","interval":"10m","sourceRef":{"kind":"HelmRepository","name":"charts"} } } } }
            """);
        const string service = """{"name":"front","namespace":"apps","template":"nginx-1-0-0","values":"replicaCount: 1\npodLabels: {team: web}\n"}""";
        await environment.ApplyAsync($$$"""
            {"apiVersion":"k0rdent.mirantis.com/v1beta1","kind":"ClusterDeployment","metadata":{"name":"prod","namespace":"{{{StateManagerEnvironment.Namespace}}}"},
             "spec":{"template":"any","serviceSpec":{"services":[{"name":"other","namespace":"apps","template":"nginx-1-0-0"},{{{service}}}]} } }
            """);
        await environment.ApplyAsync($$$"""
            {"apiVersion":"k0rdent.mirantis.com/v1beta1","kind":"ServiceSet","metadata":{"name":"prod","namespace":"{{{StateManagerEnvironment.Namespace}}}"},"spec":{"cluster":"prod","provider":{},"services":[{{{service}}}]} }
            """);
        await environment.ServiceAsync("prod", "front", "Deployed");
        await environment.ApplyToClusterAsync("""
            {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"byhand","namespace":"apps"},"spec":{"replicas":1,"selector":{"matchLabels":{"app":"byhand"} },
             "template":{"metadata":{"labels":{"app":"byhand"} },"spec":{"containers":[{"name":"app","image":"web","resources":{"requests":{"cpu":"50m","memory":"32Mi"} } }]} } } }
            """);
        await FillLedgerAsync(("apps", "front-simple-nginx", "nginx", 0.4, 60), ("apps", "byhand", "app", 0.4, 60));
        await StartAsync();
        var all = await EventuallyAsync(Path, answer => Items(answer).Any(item => Is(item, "rightsizing", "front-simple-nginx")) && Items(answer).Any(item => Is(item, "rightsizing", "byhand")));

        // What nobody of the fleet has made is told as a patch for people.
        var cpu = (string)Items(all).Single(item => Is(item, "rightsizing", "byhand"))["recommended"]!["cpu"]!;
        var byHand = await ApplyAsync(Items(all).Single(item => Is(item, "rightsizing", "byhand")), "");
        Assert.Equal((false, false), ((bool)byHand["applied"]!, (bool)byHand["applyable"]!));
        Assert.Contains("no Helm release", (string?)byHand["reason"], StringComparison.Ordinal);
        Assert.Contains(cpu, (string?)byHand["patch"], StringComparison.Ordinal);

        // The place is proven with helm; a dry run changes nothing.
        var front = Items(all).Single(item => Is(item, "rightsizing", "front-simple-nginx"));
        var dry = await ApplyAsync(front, "?dryRun=true");
        Assert.True((bool)dry["applyable"]! && !(bool)dry["applied"]!, dry.ToJsonString());
        Assert.Equal("resources", (string?)dry["path"]);
        Assert.DoesNotContain(cpu, await DeclaredAsync(), StringComparison.Ordinal);
        Assert.Equal("values", (string?)front["apply"]);

        // What was previewed has changed since: nothing is done, and it is said who was faster.
        await environment.ApplyAsync($$$"""
            {"apiVersion":"k0rdent.mirantis.com/v1beta1","kind":"ClusterDeployment","metadata":{"name":"prod","namespace":"{{{StateManagerEnvironment.Namespace}}}"},
             "spec":{"template":"any","serviceSpec":{"services":[{"name":"faster","namespace":"apps","template":"nginx-1-0-0"},{{{service}}}]} } }
            """);
        using var stale = new HttpRequestMessage(HttpMethod.Post, $"{Path}/{(string)front["id"]!}/apply") { Headers = { { "If-Match", $"\"{(long)dry["generation"]!}\"" } } };
        var refused = await http.SendAsync(stale, Cancel);
        Assert.Equal(HttpStatusCode.PreconditionFailed, refused.StatusCode);
        Assert.Contains($"was at generation {(long)dry["generation"]!}", await refused.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        Assert.DoesNotContain(cpu, await DeclaredAsync(), StringComparison.Ordinal);

        // Who may see costs and not change the object is refused.
        await environment.ApplyAsync("""{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"ClusterRole","metadata":{"name":"savers"},"rules":[{"apiGroups":["k0rdent.mirantis.com"],"resources":["clusterdeployments/costs"],"verbs":["get","patch"]}]}""");
        await environment.ApplyAsync($$$"""
            {"apiVersion":"rbac.authorization.k8s.io/v1","kind":"ClusterRoleBinding","metadata":{"name":"savers"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"savers"},
             "subjects":[{"kind":"ServiceAccount","name":"saver","namespace":"{{{StateManagerEnvironment.Namespace}}}"}]}
            """);
        http.DefaultRequestHeaders.Authorization = new("Bearer", await environment.TokenAsync("saver"));
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(Path, Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await http.PostAsync($"{Path}/{(string)front["id"]!}/apply", null, Cancel)).StatusCode);
        http.DefaultRequestHeaders.Authorization = new("Bearer", await environment.TokenAsync("operator"));

        Assert.True((bool)(await ApplyAsync(front, ""))["applied"]!);
        var values = await DeclaredAsync();
        Assert.Contains($"cpu: {cpu}", values, StringComparison.Ordinal);
        Assert.Contains("team: web", values, StringComparison.Ordinal);
        Assert.Contains("replicaCount: 1", values, StringComparison.Ordinal);
        var applied = Assert.Single(Items((await http.GetFromJsonAsync<JsonObject>(Path + "?state=applied", Cancel))!));
        Assert.Equal((string?)front["id"], (string?)applied["id"]);
        var audit = await http.GetFromJsonAsync<JsonObject>("/api/v1/audit?resource=clusterdeployments&verb=patch&name=prod&outcome=Succeeded", Cancel);
        Assert.Equal(2, Items(audit!).Count());
        await environment.DeleteSetAsync("prod");
    }

    [Fact]
    public async Task A_past_that_is_filled_in_after_the_first_looks_counts()
    {
        await SetUpAsync();
        await StartAsync();
        var early = await EventuallyAsync(Path, answer => ((JsonArray)answer["clusters"]!).Count > 0);
        Assert.DoesNotContain(Items(early), item => Is(item, "rightsizing", "web"));
        // What a look writes meanwhile would be newer than the past, which would then be none; a second time is an hour away.
        var ledger = host!.Services.GetRequiredService<LedgerReader>();
        await StateManagerEnvironment.EventuallyAsync(() => ledger.FreshnessAsync(Cancel), written => written.Count > 0, "the first looks are written");
        await FillLedgerAsync();
        var uid = await UidAsync();
        foreach (var observer in host!.Services.GetServices<ILookObserver>())
            observer.PastFilled(uid);
        await EventuallyAsync(Path, answer => Items(answer).Any(item => Is(item, "rightsizing", "web")));
    }

    private async Task<string> UidAsync() => (await environment.Managed.Resource(CoreTypes.Namespaces).GetAsync(ObjectKey.Cluster("kube-system"), Cancel))!.Metadata.Uid!;

    private async Task<JsonObject> ApplyAsync(JsonNode item, string query)
    {
        var answer = await http.PostAsync($"{Path}/{(string)item["id"]!}/apply{query}", null, Cancel);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Cancel));
        return (await answer.Content.ReadFromJsonAsync<JsonObject>(Cancel))!;
    }

    /// <summary>The values of the second service of the cluster; the first one is never touched.</summary>
    private async Task<string> DeclaredAsync()
    {
        var services = (JsonArray)(await environment.GetAsync("ClusterDeployment", "prod"))!.At("spec", "serviceSpec", "services")!;
        Assert.Null(services[0]!["values"]);
        return (string)services[1]!["values"]!;
    }

    private async Task DecideAsync(JsonNode web)
    {
        var path = $"{Path}/{(string)web["id"]!}";
        // Without a reason nobody knows why it is gone.
        Assert.Equal(HttpStatusCode.BadRequest, (await http.PostAsJsonAsync(path + "/dismiss", new { }, Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await http.PostAsJsonAsync(path + "/snooze", new { until = "2020-01-01T00:00:00Z" }, Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await http.PostAsJsonAsync($"{Path}/0000/dismiss", new { reason = "x" }, Cancel)).StatusCode);
        var dismissed = await (await http.PostAsJsonAsync(path + "/dismiss", new { reason = "a load test is near" }, Cancel)).Content.ReadFromJsonAsync<JsonObject>(Cancel);
        Assert.Equal(("dismissed", "a load test is near"), ((string?)dismissed!["state"], (string?)dismissed["reason"]));
        Assert.DoesNotContain(Items((await http.GetFromJsonAsync<JsonObject>(Path, Cancel))!), item => Is(item, "rightsizing", "web"));
        Assert.Single(Items((await http.GetFromJsonAsync<JsonObject>(Path + "?state=dismissed", Cancel))!));
        Assert.Equal(HttpStatusCode.OK, (await http.PostAsJsonAsync(path + "/snooze", new { until = TimeProvider.System.GetUtcNow().AddDays(3) }, Cancel)).StatusCode);
        Assert.Single(Items((await http.GetFromJsonAsync<JsonObject>(Path + "?state=snoozed&kind=rightsizing", Cancel))!));
        // Whoever has not seen the last decision decides nothing, and whoever has does.
        foreach (var seen in (string[])["0", "1", (string)dismissed["resourceVersion"]!])
            Assert.Equal((seen, HttpStatusCode.PreconditionFailed), (seen, await SeenAsync("/reopen", seen)));
        Assert.Equal(HttpStatusCode.PreconditionFailed, await SeenAsync("/dismiss", "0"));
        var snoozed = Items((await http.GetFromJsonAsync<JsonObject>(Path + "?state=snoozed", Cancel))!).Single();
        Assert.Equal(HttpStatusCode.OK, await SeenAsync("/dismiss", (string)snoozed["resourceVersion"]!));
        Assert.Equal(HttpStatusCode.PreconditionFailed, await SeenAsync("/dismiss", (string)snoozed["resourceVersion"]!));
        Assert.Equal(HttpStatusCode.OK, (await http.PostAsync(path + "/reopen", null, Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, await SeenAsync("/reopen", "0"));
        Assert.Contains(Items((await http.GetFromJsonAsync<JsonObject>(Path, Cancel))!), item => Is(item, "rightsizing", "web"));
        var audit = await http.GetFromJsonAsync<JsonObject>("/api/v1/audit?resource=clusterdeployments/costs&verb=patch&outcome=Succeeded", Cancel);
        Assert.Equal(5, Items(audit!).Count());

        async Task<HttpStatusCode> SeenAsync(string action, string version)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, path + action) { Headers = { { "If-Match", $"\"{version}\"" } }, Content = action == "/reopen" ? null : JsonContent.Create(new { reason = "again" }) };
            return (await http.SendAsync(request, Cancel)).StatusCode;
        }
    }

    private async Task GoOnAfterARestartAsync()
    {
        // A page at a time gives the same as all at once.
        var whole = Items((await http.GetFromJsonAsync<JsonObject>(Path, Cancel))!).Select(item => (string?)item["id"]).ToList();
        var first = (await http.GetFromJsonAsync<JsonObject>(Path + "?limit=2", Cancel))!;
        var rest = (await http.GetFromJsonAsync<JsonObject>($"{Path}?continue={(string)first["continue"]!}", Cancel))!;
        Assert.Equal(whole, Items(first).Concat(Items(rest)).Select(item => (string?)item["id"]));

        // A kept histogram goes on, with samples from the ledger that are not filled in again.
        var before = await EventuallyAsync(Path, answer => Samples(answer) > 0);
        await StopAsync();
        await StartAsync();
        var after = await EventuallyAsync(Path, answer => Samples(answer) > Samples(before));
        Assert.Equal(Filled(before), Filled(after));

        static int Samples(JsonObject answer) => (int?)Items(answer).FirstOrDefault(item => Is(item, "rightsizing", "web"))?["evidence"]!["samples"] ?? 0;
        static int Filled(JsonObject answer) => (int)Items(answer).Single(item => Is(item, "rightsizing", "web"))["evidence"]!["samplesFromLedger"]!;
    }

    private async Task RefuseAsync(JsonNode web)
    {
        http.DefaultRequestHeaders.Authorization = null;
        Assert.Equal(HttpStatusCode.Unauthorized, (await http.GetAsync(Path, Cancel)).StatusCode);
        http.DefaultRequestHeaders.Authorization = new("Bearer", await environment.TokenAsync("nobody"));
        Assert.Equal(HttpStatusCode.Forbidden, (await http.GetAsync(Path, Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await http.GetAsync(Path + "/savings", Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await http.PostAsJsonAsync($"{Path}/{(string)web["id"]!}/dismiss", new { reason = "x" }, Cancel)).StatusCode);
        http.DefaultRequestHeaders.Authorization = new("Bearer", await environment.TokenAsync("operator"));
        Assert.Equal(HttpStatusCode.BadRequest, (await http.GetAsync(Path + "?kind=nothing", Cancel)).StatusCode);
        await postgres.KillAsync();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await http.GetAsync(Path, Cancel)).StatusCode);
    }

    private async Task SetUpAsync()
    {
        await environment.ApplyAsync("""
            {"apiVersion":"k0rdent.mirantis.com/v1beta1","kind":"PriceSheet","metadata":{"name":"usual"},
             "spec":{"currency":"EUR","periods":[{"validFrom":"2020-01-01T00:00:00Z","nodes":[{"cpuCoreHour":0.03,"ramGibHour":0.004}],"loadBalancers":{"hour":0.01}}]} }
            """);
        await environment.ApplyAsync($$$"""
            {"apiVersion":"k0rdent.mirantis.com/v1beta1","kind":"ClusterDeployment","metadata":{"name":"prod","namespace":"{{{StateManagerEnvironment.Namespace}}}"},"spec":{"template":"any"} }
            """);
        foreach (var name in new[] { "shop", "attic" })
            await environment.ApplyToClusterAsync($$$"""{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"{{{name}}}"} }""");
        foreach (var (ns, name, usage) in new[] { ("shop", "web", "over-requesting"), ("attic", "lazy", "idle") })
            await environment.ApplyToClusterAsync($$$"""
                {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"{{{name}}}","namespace":"{{{ns}}}"},"spec":{"replicas":1,"selector":{"matchLabels":{"app":"{{{name}}}"} },
                 "template":{"metadata":{"labels":{"app":"{{{name}}}"},"annotations":{"simulation.fleet.dev/usage":"{{{usage}}}"} },
                 "spec":{"containers":[{"name":"app","image":"web","resources":{"requests":{"cpu":"500m","memory":"1Gi"} } }]} } } }
                """);
        await environment.ApplyToClusterAsync("""
            {"apiVersion":"v1","kind":"PersistentVolumeClaim","metadata":{"name":"lost","namespace":"shop"},"spec":{"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"10Gi"} } } }
            """);
        await environment.ApplyToClusterAsync("""
            {"apiVersion":"v1","kind":"Service","metadata":{"name":"lonely","namespace":"shop"},"spec":{"type":"LoadBalancer","selector":{"app":"gone"},"ports":[{"port":80}]} }
            """);
    }

    private Task FillLedgerAsync() => FillLedgerAsync(("shop", "web", "app", 0.05, 60), ("attic", "lazy", "app", 0.003, 40));

    /// <summary>Four days of hours, as if a process had collected them that kept no samples.</summary>
    private async Task FillLedgerAsync(params (string Namespace, string Name, string Container, double Cores, double Mebi)[] containers)
    {
        var uid = await UidAsync();
        var contexts = new ServiceCollection().AddDbContextFactory<HistoryContext>(options => options.UseNpgsql(postgres.ConnectionString)).BuildServiceProvider()
            .GetRequiredService<IDbContextFactory<HistoryContext>>();
        var book = new HourBook(TimeSpan.FromHours(2), TimeSpan.FromDays(7));
        var now = TimeProvider.System.GetUtcNow();
        for (var hours = 4 * 24; hours >= 0; hours--)
            book.Look(
                new() { Pods = [.. containers.Select(one => Past(one.Namespace, one.Name, one.Container, now))] }, [],
                containers.ToDictionary(one => new ContainerKey(one.Name, one.Container), one => new Usage(one.Cores, one.Mebi * MiB)), now.AddHours(-hours));
        var writer = new LedgerWriter(new(new MigratedContexts<HistoryContext>(contexts)), new());
        Assert.True(await writer.AddAsync(
            new(uid, $"{StateManagerEnvironment.Namespace}/prod", now, [.. book.Hours.Select(hour => HourPrices.Price(hour, $"{StateManagerEnvironment.Namespace}/prod", new PriceBook([]), new([], [])))],
                [.. book.Hours.Select(HourCoverage.Of)], []) { Owner = KnownOwner.OfSingleton("somebody-before") }, Cancel), "somebody has written later hours");
    }

    private static PodRow Past(string ns, string name, string container, DateTimeOffset now) => new()
    {
        Uid = name, Key = new(ns, name + "-1"), ControllerKind = "deployment", Controller = name,
        Containers = Sequence<ContainerRow>.Of([new(container, 0.5, 1024 * MiB, 0, now.AddDays(-9), null, 0)]),
    };

    private static IEnumerable<JsonNode> Items(JsonObject answer) => ((JsonArray)answer["items"]!).Select(item => item!);

    private static bool Is(JsonNode item, string kind, string name) => (string?)item["kind"] == kind && (string?)item["object"]!["name"] == name;

    private Task<JsonObject> EventuallyAsync(string path, Func<JsonObject, bool> expected) =>
        StateManagerEnvironment.EventuallyAsync(async () => (await http.GetFromJsonAsync<JsonObject>(path, Cancel))!, expected, path);

    private async Task StartAsync()
    {
        host = await ObservabilityHost.StartAsync(
            environment.Management, postgres.ConnectionString, () => environment.TokenAsync("operator"),
            services =>
            {
                services.AddHelm(new HelmOptions { Folder = folder.File("helm"), BinaryPath = environment.Helm });
                services.AddTemplates();
                services.AddCollection(new() { Every = TimeSpan.FromMilliseconds(500), WriteEvery = TimeSpan.FromHours(1) });
                services.AddRecommendations(
                    new() { Every = TimeSpan.FromSeconds(1), SaveEvery = TimeSpan.FromSeconds(1), UnmountedAfter = TimeSpan.Zero, UnservedAfter = TimeSpan.Zero }, postgres.ConnectionString);
            },
            application => application.MapRecommendations());
        http = host.Http;
    }

    private async Task StopAsync()
    {
        if (host is not null)
            await host.DisposeAsync();
        host = null;
    }
}
