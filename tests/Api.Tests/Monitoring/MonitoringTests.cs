using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Resources;
using Fleet.Testing;
using Fleet.Testing.ApiServers;
using Fleet.Testing.Processes;

namespace Fleet.Api.Tests.Monitoring;

/// <summary>The dashboard and the alert rules of deploy/monitoring, against promtool and against what a ClusterManager really exports.</summary>
public sealed partial class MonitoringTests
{
    [Fact]
    public async Task Alert_rules_are_right_and_fire_when_they_should()
    {
        var rules = RepositoryFile("deploy", "monitoring", "alerts.yaml");
        (await ProcessOutput.RunAsync(RealParts.Promtool, ["check", "rules", rules])).MustSucceed();
        using var folder = new TemporaryFolder("promtool");
        var tests = (await File.ReadAllTextAsync(RepositoryFile("tests", "Api.Tests", "Monitoring", "alerts.test.yaml"))).Replace("RULES", rules, StringComparison.Ordinal);
        (await ProcessOutput.RunAsync(RealParts.Promtool, ["test", "rules", folder.Write("alerts.test.yaml", tests)])).MustSucceed();
        // Every alert has a test.
        foreach (Match alert in AlertName().Matches(await File.ReadAllTextAsync(rules)))
            Assert.Contains($"alertname: {alert.Groups[1].Value}\n", tests.Replace(", exp_alerts", "\n", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_expression_of_the_dashboards_parses()
    {
        using var folder = new TemporaryFolder("promtool");
        var rules = string.Concat(Files.SelectMany(file => Expressions(Dashboard(file))).Select((expression, i) => $"  - record: panel:{i}\n    expr: {JsonValue.Create(Filled(expression)).ToJsonString()}\n"));
        (await ProcessOutput.RunAsync(RealParts.Promtool, ["check", "rules", folder.Write("panels.yaml", "groups:\n- name: panels\n  rules:\n" + rules)])).MustSucceed();
    }

    [Fact]
    public async Task Dashboard_and_alerts_name_only_metrics_that_are_exported_with_those_labels()
    {
        await using var server = await EmbeddedApiServer.StartAsync();
        await using var host = await ApiHost.WithControllersAsync(server);
        await host.ApplyAsync($"{{apiVersion: k0rdent.mirantis.com/v1beta1, kind: Credential, metadata: {{name: aws, namespace: {host.Namespace}}}, spec: {{identityRef: {{apiVersion: v1, kind: Secret, name: gone, namespace: {host.Namespace}}}}}}}");
        await host.ApplyAsync($"{{apiVersion: k0rdent.mirantis.com/v1beta1, kind: ClusterTemplate, metadata: {{name: broken, namespace: {host.Namespace}}}, spec: {{helm: {{chartSpec: {{chart: nowhere, version: 1.0.0, sourceRef: {{kind: HelmRepository, name: none}}}}}}}}}}");
        var cluster = await host.ClusterAsync("web", template: "broken", credential: "aws");
        await (await host.AdminAsync()).OkAsync("/clusters");
        string text = "";
        await Wait.UntilAsync(
            async () => (text = await host.Caller(null).GetStringAsync(new Uri("/metrics", UriKind.Relative))).Contains("condition=\"CredentialReady\"", StringComparison.Ordinal)
                && text.Contains("kcm_template_invalidity{", StringComparison.Ordinal),
            "the controllers have looked at everything");
        await host.Client.Dynamic(FleetKinds.ClusterDeployments.Kind).DeleteAsync(cluster.Key, DeleteOptions.Background, default);
        await Wait.UntilAsync(
            async () => (await host.Caller(null).GetStringAsync(new Uri("/metrics", UriKind.Relative))) is var now
                && !now.Contains("cluster=\"web\"", StringComparison.Ordinal) && now.Contains("fleet_cluster_deletion_duration_seconds_count 1\n", StringComparison.Ordinal),
            "the series go with the cluster, and the deletion is counted");

        var exported = Samples(text);
        // Histograms have no series before the first value; their declarations name them.
        // No cluster of this host answers, so there are no nodes to count.
        foreach (Match gauge in GaugeType().Matches(text))
            exported.TryAdd(gauge.Groups[1].Value, []);
        foreach (Match histogram in HistogramType().Matches(text))
            foreach (var suffix in (string[])["_bucket", "_count", "_sum"])
                exported.TryAdd(histogram.Groups[1].Value + suffix, []);
        var used = Expressions(Dashboard()).Concat(AlertExpressions()).SelectMany(expression => MetricName().Matches(expression)).Select(match => match.Value).Distinct().ToList();
        Assert.True(used.Count > 15, string.Join(", ", used));
        Assert.Empty(used.Except(exported.Keys));
        var labels = exported["fleet_cluster_phase"];
        Assert.Superset(new HashSet<string>(["namespace", "cluster", "phase", "step"]), labels);
        Assert.Contains("fleet_cluster_phase{cluster=\"web\"", text, StringComparison.Ordinal);
        Assert.Contains($"fleet_credential_clusters{{credential=\"aws\",namespace=\"{host.Namespace}\"}} 1\n", text, StringComparison.Ordinal);
        Assert.Contains($"kcm_template_usage{{parent_kind=\"ClusterDeployment\",parent_name=\"web\",parent_namespace=\"{host.Namespace}\",template_kind=\"ClusterTemplate\",template_name=\"broken\",template_namespace=\"{host.Namespace}\"}} 1\n", text, StringComparison.Ordinal);
        Assert.Contains($"kcm_template_invalidity{{template_kind=\"ClusterTemplate\",template_name=\"broken\",template_namespace=\"{host.Namespace}\"}} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("fleet_api_request_duration_seconds_count{method=\"GET\",route=\"/api/v1/clusters\",status=\"200\"} 1\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prometheus_reads_what_is_exported()
    {
        await using var host = await ApiHost.StartAsync("embedded");
        await (await host.AdminAsync()).OkAsync("/clusters");
        using var folder = new TemporaryFolder("promtool");
        var text = await host.Caller(null).GetStringAsync(new Uri("/metrics", UriKind.Relative));
        // promtool's check reads the older text format, which has no units and no end mark; its exit code 3 is for advice on names.
        var older = string.Concat(text.Split('\n').Where(line => !line.StartsWith("# UNIT", StringComparison.Ordinal) && line != "# EOF").Select(line => line + "\n"));
        var check = await ProcessOutput.RunAsync("sh", ["-c", "exec \"$0\" check metrics < \"$1\"", RealParts.Promtool, folder.Write("metrics", older)]);
        Assert.True(check.ExitCode is 0 or 3, check.Out + check.Error);
    }

    [Theory, MemberData(nameof(DashboardFiles))]
    public void A_dashboard_is_one_that_Grafana_takes(string file)
    {
        var dashboard = Dashboard(file);
        Assert.StartsWith("fleet-", (string?)dashboard["uid"], StringComparison.Ordinal);
        Assert.Single(Files, other => (string?)Dashboard(other)["uid"] == (string?)dashboard["uid"]);
        Assert.InRange((int)dashboard["schemaVersion"]!, 30, 42);
        var panels = dashboard["panels"]!.AsArray().Select(panel => panel!).ToList();
        Assert.Equal(panels.Count, panels.Select(panel => (int)panel["id"]!).Distinct().Count());
        var taken = new HashSet<(int, int)>();
        foreach (var panel in panels)
        {
            Assert.False(string.IsNullOrEmpty((string?)panel["title"]));
            var place = panel["gridPos"]!;
            Assert.InRange((int)place["x"]! + (int)place["w"]!, 1, 24);
            for (var x = 0; x < (int)place["w"]!; x++)
                for (var y = 0; y < (int)place["h"]!; y++)
                    Assert.True(taken.Add(((int)place["x"]! + x, (int)place["y"]! + y)), $"{panel["title"]} lies over another panel");
            if ((string?)panel["type"] == "row")
                continue;
            Assert.All(panel["targets"]!.AsArray(), target => Assert.Equal("${datasource}", (string?)target!["datasource"]!["uid"]));
            Assert.Equal(panel["targets"]!.AsArray().Count, panel["targets"]!.AsArray().Select(target => (string)target!["refId"]!).Distinct().Count());
        }

        var variables = dashboard["templating"]!["list"]!.AsArray().Select(variable => (string)variable!["name"]!).ToHashSet();
        var named = Expressions(dashboard).SelectMany(expression => Variable().Matches(expression)).Select(match => match.Groups[1].Value).Distinct();
        Assert.Empty(named.Except([.. variables, "__rate_interval"]));
    }

    /// <summary>Below deploy.</summary>
    private static string[] Files =>
        ["monitoring/fleet-clusters.json", .. Directory.GetFiles(RepositoryFile("deploy", "grafana"), "*.json").Select(file => "grafana/" + Path.GetFileName(file))];

    public static TheoryData<string> DashboardFiles => [.. Files];

    private static JsonNode Dashboard(string file = "monitoring/fleet-clusters.json") => JsonNode.Parse(File.ReadAllText(RepositoryFile(["deploy", .. file.Split('/')])))!;

    private static List<string> Expressions(JsonNode dashboard) =>
        [.. dashboard["panels"]!.AsArray().SelectMany(panel => panel!["targets"]?.AsArray() ?? []).Select(target => (string)target!["expr"]!)];

    private static IEnumerable<string> AlertExpressions() =>
        (Fleet.Kubernetes.Yaml.KubernetesYaml.Parse(File.ReadAllText(RepositoryFile("deploy", "monitoring", "alerts.yaml")))!["groups"] as JsonArray ?? [])
            .SelectMany(group => group!["rules"]!.AsArray()).Select(rule => (string)rule!["expr"]!);

    private static string Filled(string expression) =>
        Variable().Replace(expression.Replace("$__rate_interval", "5m", StringComparison.Ordinal), ".*");

    private static Dictionary<string, HashSet<string>> Samples(string text)
    {
        var samples = new Dictionary<string, HashSet<string>>();
        foreach (var line in text.Split('\n').Where(line => line.Length > 0 && line[0] != '#'))
        {
            var name = line[..line.IndexOfAny(['{', ' '])];
            samples.TryAdd(name, []);
            foreach (Match label in LabelName().Matches(line))
                samples[name].Add(label.Groups[1].Value);
        }

        return samples;
    }

    private static string RepositoryFile(params string[] parts)
    {
        var root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "Fleet.sln")))
            root = Directory.GetParent(root)?.FullName ?? throw new InvalidOperationException("Fleet.sln is in no folder above the tests");
        return Path.Combine([root, .. parts]);
    }

    [GeneratedRegex(@"alert: (\w+)")]
    private static partial Regex AlertName();

    [GeneratedRegex(@"\b(?:fleet|kcm)_\w+")]
    private static partial Regex MetricName();

    [GeneratedRegex(@"([a-z_]+)=""")]
    private static partial Regex LabelName();

    [GeneratedRegex(@"^# TYPE (\w+) gauge$", RegexOptions.Multiline)]
    private static partial Regex GaugeType();

    [GeneratedRegex(@"# TYPE (\w+) histogram")]
    private static partial Regex HistogramType();

    [GeneratedRegex(@"\$(\w+)")]
    private static partial Regex Variable();
}
