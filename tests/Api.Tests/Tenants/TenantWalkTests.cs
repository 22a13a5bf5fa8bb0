using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace Fleet.Api.Tests.Tenants;

/// <summary>
/// The administrator of one namespace goes through every call of the OpenAPI document and tries to see or change what is in another. A call that is new is
/// part of it at once; one that shows even the fleet's administrator nothing of the other namespace has to be named, with the reason.
/// </summary>
public sealed class TenantWalkTests
{
    /// <summary>Reads that show nobody anything of the other tenant here: why.</summary>
    private static readonly Dictionary<string, string> ShowNothing = new()
    {
        ["GET /api/v1/auth/config"] = "of no namespace",
        ["GET /api/v1/auth/login"] = "of no namespace",
        ["GET /api/v1/auth/callback"] = "of no namespace",
        ["GET /api/v1/whoami"] = "of the caller",
        ["GET /api/v1/provider-templates"] = "of no namespace",
        ["GET /api/v1/provider-templates/{name}"] = "of no namespace",
        ["GET /api/v1/clusters/{namespace}/{name}/nodes"] = "needs a cluster that answers: KubeconfigTests",
        ["GET /api/v1/clusters/{namespace}/{name}/machines"] = "needs Cluster API",
        ["GET /api/v1/clusters/{namespace}/{name}/upgrades"] = "needs a chain",
        ["GET /api/v1/clusters/{namespace}/{name}/telemetry-tokens"] = "ids only",
        ["GET /api/v1/services/plan"] = "needs a template that is valid",
        ["GET /api/v1/services/{namespace}/{cluster}/{serviceNamespace}/{service}/history"] = "needs a cluster that answers",
        ["GET /api/v1/services/{namespace}/{cluster}/{serviceNamespace}/{service}/drift"] = "needs a drift",
        ["GET /api/v1/services/{namespace}/{cluster}/{serviceNamespace}/{service}/values"] = "needs a cluster that answers",
        ["GET /api/v1/services/{namespace}/{cluster}/{serviceNamespace}/{service}/manifest"] = "needs a cluster that answers",
        ["GET /api/v1/compliance"] = "numbers by policy",
        ["GET /api/v1/compliance/clusters/{namespace}/{cluster}/findings"] = "needs a service with findings: ComplianceApiTests",
        ["GET /api/v1/compliance/trend"] = "numbers by day",
        ["GET /api/v1/deliveries"] = "nothing was delivered",
        ["GET /api/v1/recommendations"] = "nothing is recommended",
        ["GET /api/v1/recommendations/savings"] = "a sum",
        ["GET /api/v1/costs/showback"] = "needs teams by label",
        ["GET /api/v1/costs/summary"] = "sums",
    };

    public static TheoryData<string> Servers => [.. Testing.ApiServers.ApiServers.Names];

    [Theory, MemberData(nameof(Servers))]
    public async Task Nothing_of_another_namespace_is_seen_or_changed_by_any_call(string server)
    {
        await using var tenants = await TwoTenants.StartAsync(server, new() { RequestsPerSecond = 1_000_000, Burst = 1_000_000, AddressBurst = 1_000_000 });
        var routes = await ApiRoutes.AllAsync(tenants.Host);
        var (tenant, fleet) = (await tenants.CallerAsync("namespace-admin"), await tenants.Host.AdminAsync());
        await Wait.UntilAsync(async () => (await tenant.OkAsync("/clusters")).Names().Contains("mine"), "the tenant sees their own cluster");
        // What comes by watches is there before it is looked for.
        await Wait.UntilAsync(async () => (await fleet.OkAsync("/silences")).ToJsonString().Contains(TwoTenants.Inner, StringComparison.Ordinal)
            && (await fleet.OkAsync($"/events?namespace={tenants.Theirs}")).ToJsonString().Contains(TwoTenants.Inner, StringComparison.Ordinal), "the services have read what is there");
        var before = await ObjectsAsync(tenants);

        List<string> leaks = [], unseen = [];
        foreach (var route in routes)
        {
            var shown = false;
            foreach (var attempt in Attempts(route, tenants))
            {
                leaks.AddRange(await LeaksAsync(tenant, route, attempt, tenants.Theirs));
                if (route.IsRead && !shown)
                    shown = (await SendAsync(fleet, route.Method, attempt.Path, null)).Text is var text && (text.Contains(TwoTenants.Inner, StringComparison.Ordinal) || (!attempt.Names && text.Contains(TwoTenants.Name, StringComparison.Ordinal)));
            }

            if (route.IsRead && !shown)
                unseen.Add(route.ToString());
        }

        Assert.True(leaks.Count == 0, string.Join('\n', leaks));
        // Otherwise the walk would prove nothing of a call.
        Assert.Equal([], unseen.Except(ShowNothing.Keys));
        Assert.Equal([], ShowNothing.Keys.Except(unseen));
        Assert.Equal(before, await ObjectsAsync(tenants));
    }

    private static IEnumerable<Attempt> Attempts(ApiRoute route, TwoTenants tenants)
    {
        var (theirs, name) = (tenants.Theirs, TwoTenants.Name);
        var always = route.Path switch
        {
            "/api/v1/watch" => "kinds=clusters,credentials,cluster-templates,service-templates",
            "/allocation" or "/assets" => "window=2d&aggregate=cluster",
            "/api/v1/costs/focus" => "window=2d",
            "/api/v1/services/plan" => $"template={name}",
            _ => "",
        };
        var id = route.Path.Contains("traces", StringComparison.Ordinal) ? TwoTenants.TraceId : tenants.Recommendation;
        if (route.Path.Contains('{', StringComparison.Ordinal))
        {
            yield return new(route.Fill(theirs, name, id), Names: true) { Absent = route.Fill(theirs, "absent", "ffffffffffffffffffffffffffffffff") };
            if (route.Path.Contains("{namespace}", StringComparison.Ordinal))
                yield return new(route.Fill(tenants.Mine, name, id), Names: true);
        }
        else
        {
            yield return new($"{route.Path}?{always}", Names: false);
        }

        var path = route.Fill(tenants.Mine, "mine", id);
        foreach (var query in (string[])[$"namespace={theirs}", $"cluster={theirs}/{name}", $"cluster={Uri.EscapeDataString($"{theirs}/{name}")}&kind=ClusterDeployment", $"namespace={theirs}&cluster={name}",
            $"receiver={theirs}/{name}", $"q={name}", $"filter=cluster:%22{theirs}/{name}%22&window=2d", $"namespace={theirs}&name={name}"])
            yield return new($"{path}?{always}{(always.Length > 0 ? "&" : "")}{query}", Names: true);
    }

    private static async Task<List<string>> LeaksAsync(HttpClient tenant, ApiRoute route, Attempt attempt, string theirs)
    {
        var leaks = new List<string>();
        var body = route.IsRead ? null : $$$"""{"namespace":"{{{theirs}}}","matchers":["alertname=\"x\""],"endsAt":"2099-01-01T00:00:00Z","comment":"x","objects":[{"apiVersion":"k0rdent.mirantis.com/v1beta1","kind":"ClusterDeployment","metadata":{"name":"{{{TwoTenants.Name}}}","namespace":"{{{theirs}}}"},"spec":{"template":"x"}}],"role":"view","template":"x","reason":"x","spec":{"dryRun":true}}""";
        var (status, text) = await SendAsync(tenant, route.Method, attempt.Path, body);
        if ((int)status >= 500 && !text.Contains("metrics store", StringComparison.Ordinal))
            leaks.Add($"{route.Method} {attempt.Path}: {(int)status} {text}");
        if (text.Contains(TwoTenants.Inner, StringComparison.Ordinal))
            leaks.Add($"{route.Method} {attempt.Path}: {(int)status} shows {text}");
        if (route.IsRead && !attempt.Names && text.Contains(TwoTenants.Name, StringComparison.Ordinal))
            leaks.Add($"{route.Method} {attempt.Path}: {(int)status} names {text}");
        if (attempt.Absent is { } absent)
        {
            if ((int)status < 400)
                leaks.Add($"{route.Method} {attempt.Path}: {(int)status} {text}");
            var other = await SendAsync(tenant, route.Method, absent, body);
            if (other.Status != status)
                leaks.Add($"{route.Method} {attempt.Path}: {(int)status}, but {(int)other.Status} for what is not there: that tells which names there are");
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
        for (var synced = 0; synced < 4 && await reader.ReadLineAsync() is { } line;)
        {
            text.AppendLine(line);
            if (line == "event: synced")
                synced++;
        }

        return (response.StatusCode, text.ToString());
    }

    private static async Task<string[]> ObjectsAsync(TwoTenants tenants)
    {
        var all = new List<string>();
        foreach (var kind in (Fleet.Kubernetes.Objects.ResourceKind[])[
            Control.Kinds.FleetKinds.ClusterDeployments.Kind, Control.Kinds.FleetKinds.Credentials.Kind, Control.Kinds.FleetKinds.Silences.Kind, Control.Kinds.FleetKinds.ServiceSets.Kind,
            Control.Kinds.FleetKinds.Receivers.Kind, Control.Kinds.FleetKinds.Budgets.Kind])
            foreach (var item in (await tenants.Host.Client.Dynamic(kind).ListAsync(new() { Namespace = tenants.Theirs }, default)).Items)
                all.Add($"{kind.Plural} {item.Key} {item.At("spec")?.ToJsonString()}");
        return [.. all.Order(StringComparer.Ordinal)];
    }

    /// <param name="Names">The request says the name of the other, so that an answer that repeats it tells nothing.</param>
    private sealed record Attempt(string Path, bool Names)
    {
        /// <summary>The same for something that does not exist: the answer must be the same.</summary>
        public string? Absent { get; init; }
    }
}
