using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Fleet.Kubernetes.Yaml;
using Fleet.Testing;
using Fleet.Testing.Servers;

namespace Fleet.EndToEnd.Tests;

/// <summary>
/// The dashboards of deploy/grafana and deploy/monitoring over what a fleet with a simulated cluster really tells: its own /metrics and the cluster's kubelets, in a real VictoriaMetrics, asked through Fleet's query API. Every query
/// of every panel and variable must find something; every alert's expression must be one that the store takes.
/// </summary>
public sealed partial class DashboardTests : IAsyncLifetime
{
    private const string Usual = """
        apiVersion: v1
        kind: ServiceAccount
        metadata: {name: operator, namespace: default}
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata: {name: operator}
        rules: [{apiGroups: ["*"], resources: ["*"], verbs: ["*"]}]
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata: {name: operator}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: operator}
        subjects: [{kind: ServiceAccount, name: operator, namespace: default}]
        ---
        apiVersion: k0rdent.mirantis.com/v1beta1
        kind: PriceSheet
        metadata: {name: usual}
        spec: {currency: EUR, periods: [{validFrom: "2020-01-01T00:00:00Z", nodes: [{cpuCoreHour: 300, ramGibHour: 40}], storage: [{gibMonth: 0.04}]}]}
        """;

    /// <summary>A credential and a template that can not be used, a cluster that waits for them, and one that is there to be deleted.</summary>
    private const string Faulty = """
        apiVersion: k0rdent.mirantis.com/v1beta1
        kind: Credential
        metadata: {name: broken, namespace: mon-organisation}
        spec: {identityRef: {apiVersion: v1, kind: Secret, name: none, namespace: mon-organisation}}
        ---
        apiVersion: k0rdent.mirantis.com/v1beta1
        kind: ClusterTemplate
        metadata: {name: broken, namespace: mon-organisation}
        spec: {helm: {chartSpec: {chart: nowhere, version: 1.0.0, sourceRef: {kind: HelmRepository, name: none}}}}
        ---
        apiVersion: k0rdent.mirantis.com/v1beta1
        kind: ClusterDeployment
        metadata: {name: stuck, namespace: mon-organisation}
        spec: {template: broken, credential: broken}
        ---
        apiVersion: k0rdent.mirantis.com/v1beta1
        kind: ClusterDeployment
        metadata: {name: short, namespace: mon-organisation}
        spec: {template: broken, credential: broken}
        """;

    private readonly Installation fleet = new();
    private readonly HttpClient http = new() { Timeout = TimeSpan.FromSeconds(60) };
    private MetricsStore store = null!;
    private string prefix = "";

    private static string Deploy => Path.Combine(TestLogs.RepositoryRoot, "deploy");

    public async ValueTask InitializeAsync()
    {
        store = await MetricsStore.StartVictoriaMetricsAsync();
        // The usual pace, a minute, would be most of the test's time.
        fleet.Environment["FLEET_COSTS_EVERY"] = "3s";
        (await fleet.FleetAsync("up", "--metrics-store", store.WriteAddress.AbsoluteUri)).MustSucceed();
        http.BaseAddress = new((await fleet.FleetAsIsAsync("console")).MustSucceed().Out.Split('\n')[0].Split(' ')[^1].Trim());
        (await fleet.KubectlAsync(fleet.Kubeconfig, "apply", "-f", fleet.Write("usual.yaml", Usual))).MustSucceed();
        http.DefaultRequestHeaders.Authorization = new("Bearer", (await fleet.KubectlAsync(fleet.Kubeconfig, "create", "token", "operator", "-n", "default")).MustSucceed().Out.Trim());
        await fleet.ApplySamplesAsync();
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await fleet.DisposeAsync();
        await store.DisposeAsync();
    }

    [Fact]
    public async Task Every_query_of_every_dashboard_finds_something_and_every_alert_can_be_evaluated()
    {
        var cluster = await fleet.KubeconfigOfAsync("mon-cluster-web");
        // kubectl's --raw leaves out the path of the server's address, which is where this cluster is.
        prefix = new Uri(Server().Match(await File.ReadAllTextAsync(cluster)).Groups[1].Value).AbsolutePath.TrimEnd('/');
        using var made = await http.PostAsync(new Uri("/api/v1/clusters/mon-organisation/mon-cluster-web/telemetry-tokens", UriKind.Relative), null);
        Assert.True(made.IsSuccessStatusCode, await made.Content.ReadAsStringAsync());
        var token = (string)JsonNode.Parse(await made.Content.ReadAsStringAsync())!["token"]!;
        (await fleet.KubectlAsync(fleet.Kubeconfig, "apply", "-f", fleet.Write("faults.yaml", Faulty))).MustSucceed();
        await FeedAsync(cluster, token);

        // What has no rate before it happens a second time, and what no fleet has that nobody touches: an upgrade, another service, a deletion.
        (await fleet.KubectlAsync(fleet.Kubeconfig, "apply", "-f", Path.Combine(fleet.Samples, "multiclusterservice.yaml"))).MustSucceed();
        (await fleet.KubectlAsync(fleet.Kubeconfig, "patch", "cld", "mon-cluster-web", "-n", "mon-organisation", "--type", "merge", "-p",
            """{"metadata":{"labels":{"env":"prod"}},"spec":{"template":"aws-standalone-cp-0-2-0"}}""")).MustSucceed();
        (await fleet.KubectlAsync(fleet.Kubeconfig, "delete", "cld", "short", "-n", "mon-organisation")).MustSucceed();

        var open = Queries().Distinct().ToList();
        Assert.True(open.Count > 80, $"only {open.Count} queries");
        var firing = Alerts().Where(alert => alert.Name is "FleetCredentialNotReady" or "FleetTemplateInvalid").ToList();
        Assert.Equal(2, firing.Count);
        open.AddRange(firing.Select(alert => alert.Expression));
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        while (open.Count > 0)
        {
            Assert.False(limit.IsCancellationRequested, "nothing is found by:\n" + string.Join('\n', open));
            await FeedAsync(cluster, token);
            var empty = new List<string>();
            foreach (var query in open)
                if (await CountAsync(query) == 0)
                    empty.Add(query);
            open = empty;
        }
        // The others need what must not happen here; that they fire when they should is tested by promtool.
        foreach (var (_, expression) in Alerts())
            await CountAsync(expression);
    }

    /// <summary>Expressions with all of their variables at "All", and what gives the variables their values.</summary>
    private static IEnumerable<string> Queries() =>
        from file in (string[])[.. Directory.GetFiles(Path.Combine(Deploy, "grafana"), "*.json"), Path.Combine(Deploy, "monitoring", "fleet-clusters.json")]
        let board = JsonNode.Parse(File.ReadAllText(file))!
        from query in board["panels"]!.AsArray().SelectMany(panel => panel!["targets"]?.AsArray() ?? []).Select(target => (string)target!["expr"]!)
            .Concat(board["templating"]!["list"]!.AsArray().Where(variable => (string)variable!["type"]! == "query").Select(variable => LabelValues().Replace((string)variable!["definition"]!, "group by ($2) ($1)")))
        select Variable().Replace(query.Replace("$__rate_interval", "5m", StringComparison.Ordinal), ".*");

    private static IEnumerable<(string Name, string Expression)> Alerts() =>
        KubernetesYaml.Parse(File.ReadAllText(Path.Combine(Deploy, "monitoring", "alerts.yaml")))!["groups"]!.AsArray()
            .SelectMany(group => group!["rules"]!.AsArray()).Select(rule => ((string)rule!["alert"]!, (string)rule["expr"]!));

    private async Task<int> CountAsync(string query)
    {
        using var response = await http.PostAsync(new Uri("/api/v1/prometheus/api/v1/query", UriKind.Relative), new FormUrlEncodedContent([new("query", query)]));
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{query}: {text}");
        return JsonNode.Parse(text)!["data"]!["result"]!.AsArray().Count;
    }

    /// <summary>A call of the REST API, one scrape of Fleet into the store, and one of each kubelet by way of Fleet.</summary>
    private async Task FeedAsync(string cluster, string token)
    {
        await http.GetStringAsync(new Uri("/api/v1/clusters", UriKind.Relative));
        var own = await http.GetStringAsync(new Uri("/metrics", UriKind.Relative));
        using var imported = await http.PostAsync(new Uri(store.Address, "/api/v1/import/prometheus"), new StringContent(own));
        Assert.True(imported.IsSuccessStatusCode, await imported.Content.ReadAsStringAsync());
        foreach (var node in (await fleet.KubectlAsync(cluster, "get", "nodes", "-o", "jsonpath={.items[*].metadata.name}")).MustSucceed().Out.Split(' '))
        {
            var kubelet = await fleet.KubectlAsync(cluster, "get", "--raw", $"{prefix}/api/v1/nodes/{node}/proxy/metrics/resource");
            // The upgrade takes nodes away at any time.
            if (kubelet.ExitCode != 0)
                continue;
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/metrics") { Content = new StringContent(Gauges(kubelet.Out, node).ToJsonString(), Encoding.UTF8, "application/json") };
            request.Headers.Authorization = new("Bearer", token);
            using var sent = await http.SendAsync(request);
            // A token that was just made is known a moment later.
            Assert.True(sent.IsSuccessStatusCode || sent.StatusCode == System.Net.HttpStatusCode.Unauthorized, await sent.Content.ReadAsStringAsync());
        }
        (await http.GetAsync(new Uri(store.Address, "/internal/force_flush"))).Dispose();
    }

    /// <summary>Samples of the text format as OTLP, with the node's name as a scrape of kubelets adds it.</summary>
    private static JsonObject Gauges(string text, string node)
    {
        var now = (TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() * 1_000_000).ToString(CultureInfo.InvariantCulture);
        var metrics = new JsonArray();
        foreach (var sample in Sample().Matches(text).GroupBy(match => match.Groups[1].Value))
            metrics.Add(new JsonObject
            {
                ["name"] = sample.Key,
                ["gauge"] = new JsonObject
                {
                    ["dataPoints"] = new JsonArray([.. sample.Select(match => new JsonObject
                    {
                        ["timeUnixNano"] = now,
                        ["asDouble"] = double.Parse(match.Groups[3].Value, CultureInfo.InvariantCulture),
                        ["attributes"] = new JsonArray([.. Label().Matches(match.Groups[2].Value).Select(label => (label.Groups[1].Value, label.Groups[2].Value)).Append(("node", node))
                            .Select(label => new JsonObject { ["key"] = label.Item1, ["value"] = new JsonObject { ["stringValue"] = label.Item2 } })]),
                    })]),
                },
            });
        return new() { ["resourceMetrics"] = new JsonArray(new JsonObject { ["scopeMetrics"] = new JsonArray(new JsonObject { ["metrics"] = metrics }) }) };
    }

    [GeneratedRegex(@"^([a-z_]+)(?:\{([^}]*)\})? (\S+)", RegexOptions.Multiline)]
    private static partial Regex Sample();

    [GeneratedRegex("""([a-z_]+)="([^"]*)"(?:,|$)""")]
    private static partial Regex Label();

    [GeneratedRegex(@"^label_values\((.*), (\w+)\)$")]
    private static partial Regex LabelValues();

    [GeneratedRegex("server: \"?([^\"\\s]+)")]
    private static partial Regex Server();

    [GeneratedRegex(@"\$\w+")]
    private static partial Regex Variable();
}
