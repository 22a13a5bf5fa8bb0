using System.Text.Json.Nodes;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Testing.ApiServers;
using static Fleet.Integration.Tests.StateManager.Compliance.ComplianceEnvironment;
using static Fleet.Integration.Tests.StateManager.StateManagerEnvironment;

namespace Fleet.Integration.Tests.StateManager.Compliance;

/// <summary>
/// What policy engines write in managed clusters comes into the report. The engines themselves do not run here: tests write their objects as they do. Each test has a cluster of
/// its own.
/// </summary>
public sealed class ComplianceTests(ComplianceEnvironment environment) : IClassFixture<ComplianceEnvironment>
{
    private static readonly ResourceKind Events = new("events.k8s.io", "v1", "Event", "events", true);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("embedded")]
    [InlineData("kube-apiserver")]
    public async Task Kinds_come_and_go_and_the_report_follows(string server)
    {
        var name = $"kinds-{server}";
        var cluster = await environment.ClusterAsync(name, server == "embedded" ? null : await RealApiServer.SharedAsync());
        using var rest = await environment.RestAsync();
        // Nothing reports here, which is known, and is another thing than not known.
        var none = await environment.InReportAsync(rest, name, "0 pass 0 fail 0 excepted");
        Assert.Empty(none["kinds"]!.AsArray());

        await DefineAsync(cluster);
        await WriteAsync(cluster, PodReport("shop", "cart", ("require-labels", "fail"), ("no-latest", "pass")));
        await WriteAsync(cluster, PodReport("shop", "front", ("require-labels", "pass"), ("no-latest", "pass")));
        await WriteAsync(cluster, Constraint("owner", 5, "shop", "ops"));
        var seen = await environment.InReportAsync(rest, name, "3 pass 6 fail 0 excepted");
        Assert.Equal(["clusterpolicyreports.wgpolicyk8s.io", "k8srequiredlabels.constraints.gatekeeper.sh", "policyreports.wgpolicyk8s.io"], seen["kinds"]!.AsArray().Select(k => (string)k!));
        Assert.Equal((3, 3), ((int)seen["leftOut"]!, (int)seen["policies"]!));
        Assert.Equal(
            ["gatekeeper K8sRequiredLabels/owner  0/2", "gatekeeper K8sRequiredLabels/owner (unlisted) 0/3", "kyverno no-latest shop 2/0", "kyverno require-labels shop 1/1"],
            (await ItemsAsync(rest, $"/compliance?namespace={Namespace}&cluster={name}")).Select(r => $"{r["source"]} {r["policy"]} {r["targetNamespace"]} {r["pass"]}/{r["fail"]}"));
        Assert.Equal(
            ["fail require-labels Pod cart", "fail K8sRequiredLabels/owner Namespace ops", "fail K8sRequiredLabels/owner Namespace shop"],
            (await FindingsAsync(rest, name, "")).Select(f => $"{f["result"]} {f["policy"]} {f["kind"]} {f["name"]}"));

        // Repaired, made worse, gone.
        await WriteAsync(cluster, PodReport("shop", "cart", ("require-labels", "pass"), ("no-latest", "pass")));
        await environment.InReportAsync(rest, name, "4 pass 5 fail 0 excepted");
        await cluster.Dynamic(new("wgpolicyk8s.io", "v1beta1", "PolicyReport", "policyreports", true)).DeleteAsync(new("shop", "report-front"), DeleteOptions.Background, Ct);
        await environment.InReportAsync(rest, name, "2 pass 5 fail 0 excepted");
        await UndefineAsync(cluster, "k8srequiredlabels.constraints.gatekeeper.sh");
        await environment.InReportAsync(rest, name, "2 pass 0 fail 0 excepted");
        await UndefineAsync(cluster, "policyreports.wgpolicyk8s.io", "clusterpolicyreports.wgpolicyk8s.io");
        await EventuallyAsync(() => environment.InReportAsync(rest, name), seen => Said(seen) == "0 pass 0 fail 0 excepted" && seen!["kinds"]!.AsArray().Count == 0, "nothing reports any more");
        await EventuallyAsync(
            async () => (await AskAsync(rest, $"/compliance/trend?namespace={Namespace}&cluster={name}&days=3"))?["days"]!.AsArray().Single()!["fail"]!.GetValue<int>(), fail => fail == 0, "the day ends with nothing");
    }

    [Fact]
    public async Task An_exception_covers_until_its_day_and_says_so()
    {
        const string name = "excepted";
        var cluster = await environment.ClusterAsync(name);
        await DefineAsync(cluster);
        await WriteAsync(cluster, PodReport("shop", "cart", ("require-labels", "fail"), ("signed", "fail")));
        using var rest = await environment.RestAsync();
        await environment.InReportAsync(rest, name, "0 pass 2 fail 0 excepted");

        await environment.ExceptAsync("until-tomorrow", name, TimeProvider.System.GetUtcNow().AddDays(1), "\"signed\"");
        await environment.InReportAsync(rest, name, "0 pass 1 fail 1 excepted");
        Assert.Equal("until-tomorrow", (string?)Assert.Single(await FindingsAsync(rest, name, "result=excepted"))["exceptedBy"]);
        Assert.Equal("require-labels", (string?)Assert.Single(await FindingsAsync(rest, name, "result=fail"))["policy"]);
        await ExceptionAsync("until-tomorrow", "True InForce 1 1");

        // Another cluster than the one it names, by labels that come and go.
        await environment.ApplyAsync($$"""
            {"apiVersion":"k0rdent.mirantis.com/v1beta1","kind":"ComplianceException","metadata":{"name":"test-clusters","namespace":"{{Namespace}}"},
             "spec":{"clusterSelector":{"matchLabels":{"env":"test"} },"policies":["require-*"],"reason":"a test","expires":"2100-01-01T00:00:00Z"} }
            """);
        await ExceptionAsync("test-clusters", "True InForce 0 0");
        await environment.DeployAsync(name, "test");
        await environment.InReportAsync(rest, name, "0 pass 0 fail 2 excepted");
        await ExceptionAsync("test-clusters", "True InForce 1 1");
        await environment.DeployAsync(name);
        await environment.InReportAsync(rest, name, "0 pass 1 fail 1 excepted");

        // Its day is moved to now: it counts no more, by itself.
        await environment.ExceptAsync("until-tomorrow", name, TimeProvider.System.GetUtcNow().AddSeconds(4), "\"signed\"");
        await environment.InReportAsync(rest, name, "0 pass 2 fail 0 excepted");
        await ExceptionAsync("until-tomorrow", "False Expired 0 0");
        await EventuallyAsync(
            async () => (await environment.Management.Dynamic(Events).ListAsync(new() { Namespace = Namespace }, Ct)).Items
                .Where(e => (string?)e.At("regarding", "name") == "until-tomorrow").Select(e => $"{e.At("type")} {e.At("reason")}").Order().ToList(),
            told => told is ["Normal InForce", "Warning Expired"], "both are told by events");
    }

    [Fact]
    public async Task A_cluster_that_leaves_is_closed_also_when_nobody_looked()
    {
        using var rest = await environment.RestAsync();
        foreach (var name in (string[])["leaves", "left"])
        {
            var cluster = await environment.ClusterAsync(name);
            await DefineAsync(cluster);
            await WriteAsync(cluster, PodReport("shop", "cart", ("require-labels", "fail")));
            await environment.InReportAsync(rest, name, "0 pass 1 fail 0 excepted");
        }
        await DeleteAsync("leaves");
        await EventuallyAsync(() => environment.InReportAsync(rest, "leaves"), seen => seen is null, "it is gone from the report");

        await environment.StopServiceAsync();
        await DeleteAsync("left");
        await environment.StartServiceAsync();
        using var again = await environment.RestAsync();
        await EventuallyAsync(() => environment.InReportAsync(again, "left"), seen => seen is null, "it is gone from the report");
        foreach (var name in (string[])["leaves", "left"])
        {
            Assert.Empty(await ItemsAsync(again, $"/compliance?namespace={Namespace}&cluster={name}"));
            Assert.Equal(0, (int)(await AskAsync(again, $"/compliance/trend?namespace={Namespace}&cluster={name}"))!["days"]!.AsArray()[^1]!["fail"]!);
        }
    }

    [Fact]
    public async Task A_policy_that_comes_after_its_engine_is_in_the_report()
    {
        const string name = "policies";
        var cluster = await environment.ClusterAsync(name);
        await DefineAsync(cluster);
        await environment.DeployAsync(name, "policies");
        await environment.ApplyAsync(ServiceManifests.Template("engine"));
        await environment.ApplyAsync(Everywhere("engine", """ "services":[{"name":"engine","namespace":"apps","template":"engine"}] """));
        await environment.ApplyAsync("""
            {"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"owner-policy","namespace":"team-a"},
             "data":{"policy.yaml":"apiVersion: constraints.gatekeeper.sh/v1beta1\nkind: K8sRequiredLabels\nmetadata: {name: from-fleet}\nspec: {enforcementAction: deny}\n"} }
            """);
        await environment.ApplyAsync(Everywhere(
            "engine-policies", """ "provider":{"config":{"policyRefs":[{"kind":"ConfigMap","name":"owner-policy","namespace":"team-a"}]} } """, ""","dependsOn":["engine"] """));

        // What Gatekeeper's audit does when it meets the constraint.
        var constraints = new ResourceKind("constraints.gatekeeper.sh", "v1beta1", "K8sRequiredLabels", "k8srequiredlabels", false);
        await EventuallyAsync(() => cluster.Dynamic(constraints).GetAsync(ObjectKey.Cluster("from-fleet"), Ct), found => found is not null, "the policy is in the cluster");
        await WriteAsync(cluster, Constraint("from-fleet", 1, "shop"));
        using var rest = await environment.RestAsync();
        await environment.InReportAsync(rest, name, "0 pass 1 fail 0 excepted");
    }

    private static string Everywhere(string name, string serviceSpec, string more = "") => $$"""
        {"apiVersion":"k0rdent.mirantis.com/v1beta1","kind":"MultiClusterService","metadata":{"name":"{{name}}"},
         "spec":{"clusterSelector":{"matchLabels":{"env":"policies"} },"serviceSpec":{ {{serviceSpec}} }{{more}}} }
        """;

    [Fact]
    public async Task Totals_are_metrics()
    {
        const string name = "measured";
        var cluster = await environment.ClusterAsync(name);
        await DefineAsync(cluster);
        await WriteAsync(cluster, PodReport("shop", "cart", ("require-labels", "fail"), ("no-latest", "warn")));
        using var rest = await environment.RestAsync();
        await environment.InReportAsync(rest, name, "0 pass 1 fail 0 excepted");
        var metrics = await rest.GetStringAsync(new Uri("/metrics", UriKind.Relative), Ct);
        Assert.Contains("fleet_compliance_findings{cluster=\"measured\",namespace=\"team-a\",result=\"fail\"} 1", metrics, StringComparison.Ordinal);
        Assert.DoesNotContain("require-labels", metrics, StringComparison.Ordinal);
    }

    private Task ExceptionAsync(string name, string expected) => EventuallyAsync(
        async () =>
        {
            var status = (await environment.GetAsync("ComplianceException", name))?.At("status");
            var condition = (status?["conditions"] as JsonArray)?.Single();
            return $"{condition?["status"]} {condition?["reason"]} {status?["matchedFindings"]} {status?["matchedClusters"]}";
        }, said => said == expected, $"{name} says {expected}");

    private Task DeleteAsync(string cluster) =>
        environment.Management.Dynamic(new("k0rdent.mirantis.com", "v1beta1", "ClusterDeployment", "clusterdeployments", true)).DeleteAsync(new(Namespace, cluster), DeleteOptions.Background, Ct);

    private static Task<List<JsonNode>> FindingsAsync(HttpClient rest, string cluster, string query) => ItemsAsync(rest, $"/compliance/clusters/{Namespace}/{cluster}/findings?{query}");

    private static async Task<List<JsonNode>> ItemsAsync(HttpClient rest, string path) => [.. (await AskAsync(rest, path) ?? throw new InvalidOperationException($"{path} gives no answer"))["items"]!.AsArray().Select(item => item!)];
}
