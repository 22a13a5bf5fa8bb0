using System.Collections.Concurrent;
using System.Net;
using System.Text;

namespace Fleet.Api.Tests.Tenants;

/// <summary>
/// The administrator of one namespace goes through every call of the OpenAPI document and tries to see or change what is in another. A call that is new is
/// part of it at once; one that shows even the fleet's administrator nothing of the other namespace has to be named, with the reason, and so has one that a
/// plain body does not bring to the question of rights.
/// </summary>
public sealed class TenantWalkTests(ITestOutputHelper output)
{
    private const int AtOnce = 8;

    /// <summary>Reads that show nobody anything of the other tenant here: why.</summary>
    private static readonly Dictionary<string, string> ShowNothing = new()
    {
        ["GET /api/v1/about"] = "of no namespace",
        ["GET /api/v1/auth/config"] = "of no namespace",
        ["GET /api/v1/auth/login"] = "of no namespace",
        ["GET /api/v1/auth/callback"] = "of no namespace",
        ["GET /api/v1/whoami"] = "of the caller",
        ["GET /api/v1/provider-templates"] = "of no namespace",
        ["GET /api/v1/provider-templates/{name}"] = "of no namespace",
        ["GET /api/v1/backups"] = "of no namespace: of the whole management plane, for who may list ManagementBackups",
        ["GET /api/v1/costs/bills"] = "of no namespace",
        ["GET /api/v1/clusters/{namespace}/{name}/nodes"] = "needs a cluster that answers: KubeconfigTests",
        ["GET /api/v1/clusters/{namespace}/{name}/machines"] = "needs Cluster API",
        ["GET /api/v1/services/plan"] = "needs a template that is valid",
        ["GET /api/v1/services/{namespace}/{cluster}/{serviceNamespace}/{service}/history"] = "needs a cluster that answers",
        ["GET /api/v1/services/{namespace}/{cluster}/{serviceNamespace}/{service}/values"] = "needs a cluster that answers",
        ["GET /api/v1/services/{namespace}/{cluster}/{serviceNamespace}/{service}/manifest"] = "needs a cluster that answers",
    };

    /// <summary>Sums over clusters: of what the caller may see, and of all of that.</summary>
    private static readonly string[] Sums = ["GET /allocation", "GET /assets", "GET /api/v1/costs/focus", "GET /api/v1/costs/showback"];

    /// <summary>Calls that change something, or POST a question, without a name in the path: what of the other's they are asked for, or why there is nothing.</summary>
    private static readonly Dictionary<string, string> WithoutName = new()
    {
        ["POST /api/v1/auth/session"] = "of the browser that signs in",
        ["POST /api/v1/costs/reconcile"] = "compares with costs of clusters that the caller may see, as /allocation",
        ["POST /api/v1/looks"] = "of the cluster whose token it is",
        ["POST /v1/logs"] = "of the cluster whose token it is",
        ["POST /v1/traces"] = "of the cluster whose token it is",
    };

    public static TheoryData<string> Servers => [.. Testing.ApiServers.ApiServers.Names];

    /// <summary>
    /// On the embedded server in every way that a call can be asked. What differs by server is who a caller is (TokenReview), what they may do
    /// (SubjectAccessReview, roles put together) and how objects are read and watched: each call once, with the name of the other tenant's or for all, asks for all
    /// three. What a query then adds is compared in our own process, which knows no server.
    /// </summary>
    [Theory, MemberData(nameof(Servers))]
    public async Task Nothing_of_another_namespace_is_seen_or_changed_by_any_call(string server)
    {
        await using var tenants = await TwoTenants.StartAsync(server, new() { RequestsPerSecond = 1_000_000, Burst = 1_000_000, AddressBurst = 1_000_000 });
        var routes = await ApiRoutes.AllAsync(tenants.Host);
        var (tenant, fleet) = (await tenants.CallerAsync("namespace-admin"), await tenants.Host.AdminAsync());
        await Wait.UntilAsync(async () => (await tenant.OkAsync("/clusters")).Names().Contains("mine"), "the tenant sees their own cluster");
        // What comes by watches is there before it is looked for.
        foreach (var path in (string[])["/silences", "/costs/showback?by=cluster", "/costs/budgets", "/costs/categories", "/receivers", "/services", $"/events?namespace={tenants.Theirs}"])
            await Wait.UntilAsync(async () => (await fleet.OkAsync(path)).ToJsonString().Contains(path.StartsWith("/events", StringComparison.Ordinal) ? TwoTenants.Inner : TwoTenants.Name, StringComparison.Ordinal), $"{path} has what is there");
        // So that the audit has something of theirs to tell.
        (await fleet.PatchAsync($"/clusters/{tenants.Theirs}/{TwoTenants.Name}", """{"metadata":{"labels":{"seen":"yes"}}}""", ("If-Match", "*"))).EnsureSuccessStatusCode();
        await Wait.UntilAsync(async () => (await fleet.OkAsync($"/audit?namespace={tenants.Theirs}")).ToJsonString().Contains(TwoTenants.Name, StringComparison.Ordinal), "the change is in the audit");
        var before = await ObjectsAsync(tenants);
        var isWhole = server == "embedded";

        var leaks = new ConcurrentBag<string>();
        var unseen = new ConcurrentDictionary<string, string>();
        // Reads first: what the tenant tries to change is in the tenant's own audit, with the names that they tried.
        foreach (var reads in (bool[])[true, false])
            await Parallel.ForEachAsync(routes.Where(route => route.IsRead == reads), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (route, _) =>
            {
                var (shown, answers) = (false, "");
                foreach (var attempt in isWhole ? WalkAttempts.Plain(route, tenants).Concat(WalkAttempts.ByQuery(route, tenants)) : WalkAttempts.Plain(route, tenants))
                {
                    foreach (var leak in await LeaksAsync(tenant, route, attempt, tenants))
                        leaks.Add(leak);
                    if (!route.IsRead || shown)
                        continue;
                    var (status, text) = await SendAsync(fleet, route.Method, attempt.Path, null);
                    shown = tenants.Shows(text) || (!attempt.Names && text.Contains(TwoTenants.Name, StringComparison.Ordinal));
                    answers += $"\n    {attempt.Path}: {(int)status} {text[..Math.Min(text.Length, 200)]}";
                }

                if (route.IsRead && !shown)
                    unseen[route.ToString()] = answers;
            });

        Assert.True(leaks.IsEmpty, string.Join('\n', leaks.Order(StringComparer.Ordinal).Concat(tenants.Host.Errors.Told.Take(3))));
        // Otherwise the walk would prove nothing of a call.
        foreach (var (route, answers) in unseen.Where(one => !ShowNothing.ContainsKey(one.Key)).OrderBy(one => one.Key, StringComparer.Ordinal))
            output.WriteLine($"{route} shows nobody anything{answers}");
        // What needs a query is only asked in the whole walk.
        Assert.Equal(isWhole ? [] : ["GET /api/v1/related"], unseen.Keys.Except(ShowNothing.Keys).Order());
        foreach (var sum in routes.Where(route => Sums.Contains(route.ToString())))
        {
            var path = WalkAttempts.Plain(sum, tenants).First().Path;
            Assert.Contains(tenants.OwnCluster, (await SendAsync(tenant, sum.Method, path, null)).Text, StringComparison.Ordinal);
            var all = (await SendAsync(fleet, sum.Method, path, null)).Text;
            Assert.All((string[])[tenants.OwnCluster, $"{tenants.Theirs}/{TwoTenants.Name}"], cluster => Assert.Contains(cluster, all, StringComparison.Ordinal));
        }

        Assert.Equal(TwoTenants.OwnCost, (double?)(await tenant.OkAsync("/costs/summary"))["monthToDate"]);
        Assert.Equal(TwoTenants.TheirCost + TwoTenants.OwnCost, (double?)(await fleet.OkAsync("/costs/summary"))["monthToDate"]);

        Assert.Equal(before, await ObjectsAsync(tenants));
    }

    private static async Task<List<string>> LeaksAsync(HttpClient tenant, ApiRoute route, WalkAttempt attempt, TwoTenants tenants)
    {
        var leaks = new List<string>();
        var (status, text) = await SendAsync(tenant, route.Method, attempt.Path, attempt.Body);
        var what = $"{route.Method} {attempt.Path}: {(int)status}";
        if ((int)status >= 500 && !text.Contains("metrics store", StringComparison.Ordinal))
            leaks.Add($"{what} {text}");
        if (tenants.Shows(text))
            leaks.Add($"{what} shows {text}");
        if (route.IsRead && !attempt.Names && text.Contains(TwoTenants.Name, StringComparison.Ordinal))
            leaks.Add($"{what} names {text}");
        if (attempt.Absent is { } absent)
        {
            if (status is not (HttpStatusCode.Forbidden or HttpStatusCode.NotFound))
                leaks.Add($"{what} instead of 403 or 404: {text}");
            var other = await SendAsync(tenant, route.Method, absent, attempt.Body);
            if (other.Status != status)
                leaks.Add($"{what}, but {(int)other.Status} for what is not there: that tells which names there are");
        }
        else if (!route.IsRead && attempt.IsAboutTheirs && status is not (HttpStatusCode.Forbidden or HttpStatusCode.NotFound) && !WithoutName.ContainsKey(route.ToString()))
        {
            leaks.Add($"{what} instead of 403 or 404: {text}");
        }

        return leaks;
    }

    /// <summary>A stream is read until it says that it has sent all.</summary>
    private static async Task<(HttpStatusCode Status, string Text)> SendAsync(HttpClient caller, string method, string path, string? body)
    {
        using var request = new HttpRequestMessage(new(method), new Uri(path, UriKind.Relative));
        request.Headers.TryAddWithoutValidation("If-Match", "*");
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, method == "PATCH" ? "application/merge-patch+json" : "application/json");
        using var response = await caller.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        if (response.Content.Headers.ContentType?.MediaType != "text/event-stream")
            return (response.StatusCode, await response.Content.ReadAsStringAsync());
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        var text = new StringBuilder();
        for (var synced = 0; synced < WalkAttempts.Streamed.Length && await reader.ReadLineAsync() is { } line;)
        {
            text.AppendLine(line);
            if (line == "event: synced")
                synced++;
        }

        return (response.StatusCode, text.ToString());
    }

    /// <summary>Everything of Fleet in the other namespace, and the Secrets there.</summary>
    private static async Task<string[]> ObjectsAsync(TwoTenants tenants)
    {
        var all = new List<string>();
        foreach (var kind in (Fleet.Kubernetes.Objects.ResourceKind[])[
            Control.Kinds.FleetKinds.ClusterDeployments.Kind, Control.Kinds.FleetKinds.Credentials.Kind, Control.Kinds.FleetKinds.Silences.Kind, Control.Kinds.FleetKinds.ServiceSets.Kind,
            Control.Kinds.FleetKinds.Receivers.Kind, Control.Kinds.FleetKinds.Budgets.Kind, Control.Kinds.FleetKinds.CostCategories.Kind, Control.Kinds.FleetKinds.AlertRules.Kind, Control.Kinds.CoreKinds.Secrets])
            foreach (var item in (await tenants.Host.Client.Dynamic(kind).ListAsync(new() { Namespace = tenants.Theirs }, default)).Items)
                all.Add($"{kind.Plural} {item.Key} {item.At("metadata", "annotations")?.ToJsonString()} {item.At("metadata", "deletionTimestamp")} {(item.At("spec") ?? item.At("data"))?.ToJsonString()}");
        return [.. all.Order(StringComparer.Ordinal)];
    }
}
