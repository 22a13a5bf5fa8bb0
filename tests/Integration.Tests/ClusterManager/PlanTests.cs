using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Fleet.Contracts.Clusters;
using Fleet.Contracts.Conditions;
using Fleet.Kubernetes.Objects;
using static Fleet.Integration.Tests.ClusterManager.UpgradeStage;

namespace Fleet.Integration.Tests.ClusterManager;

public class PlanTests
{
    internal const string Reader = """
        apiVersion: v1
        kind: ServiceAccount
        metadata: {name: planner, namespace: org}
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata: {name: planner, namespace: org}
        rules: [{apiGroups: [k0rdent.mirantis.com], resources: [clusterdeployments], verbs: [get]}]
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: {name: planner, namespace: org}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: planner}
        subjects: [{kind: ServiceAccount, name: planner, namespace: org}]
        """;

    [Fact]
    public async Task A_plan_tells_whoever_may_read_the_cluster_what_would_happen_and_changes_nothing()
    {
        await using var stage = await StartAsync();
        await stage.Management.ApplyAsync(Reader);
        var before = await stage.Management.ClusterAsync(Web.Namespace, Web.Name);
        using var http = new HttpClient { BaseAddress = stage.Management.Api };
        Assert.Equal(HttpStatusCode.Unauthorized, (await PostAsync(http, "org/web", "{}")).StatusCode);
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await TokenAsync(stage));

        var upgrade = await PlanAsync(http, """{"template":"aws-34","set":{"worker.instanceType":"m5.large","workersNumber":3}}""");
        Assert.Equal(("aws-33", "aws-34", true, 0), ((string?)upgrade["from"]!["template"], (string?)upgrade["to"]!["template"], (bool)upgrade["hasChanges"]!, upgrade["blockers"]!.AsArray().Count));
        Assert.Equal(["ControlPlane", "Workers"], upgrade["rollouts"]!.AsArray().Select(rollout => (string?)rollout!["role"]));
        Assert.Equal("AWSMachineTemplate", (string?)upgrade["replaced"]!.AsArray().Single()!["kind"]);
        Assert.Equal((2, 3, true), ((int)upgrade["rollouts"]![1]!["machines"]!, (int)upgrade["rollouts"]![1]!["machinesWanted"]!, (bool)upgrade["rollouts"]![1]!["afterControlPlane"]!));

        Assert.Equal("ControlPlaneSkipsMinor", Rule(await PlanAsync(http, """{"template":"aws-35"}""")));
        Assert.Equal("NotInChain", Rule(await PlanAsync(http, """{"set":{},"template":"aws-none"}"""), 1));
        Assert.Equal("ValuesInvalid", Rule(await PlanAsync(http, """{"config":{"workersNumber":"many"}}""")));
        Assert.False((bool)(await PlanAsync(http, "{}"))["hasChanges"]!);
        await stage.ChangeAsync("""{"spec":{"auditPolicy":"none"}}""");
        Assert.Equal("ReferenceNotReady", Rule(await PlanAsync(http, "{}")));
        await stage.ChangeAsync("""{"spec":{"auditPolicy":null}}""");
        before = await stage.Management.ClusterAsync(Web.Namespace, Web.Name);

        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync(http, "org/web", "[1]")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await PostAsync(http, "org/other", "{}")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await PostAsync(http, "kcm-system/web", "{}")).StatusCode);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await PostAsync(http, "org/web", new string(' ', 1024 * 1024 + 1))).StatusCode);
        Assert.Equal(before!.Metadata.Generation, (await stage.Management.ClusterAsync(Web.Namespace, Web.Name))!.Metadata.Generation);
        Assert.Equal(5, (await stage.MachinesAsync()).Count);
    }

    [Fact]
    public async Task A_dry_run_says_what_it_would_do_and_leaves_spec_and_release_alone()
    {
        await using var stage = await StartAsync();
        await stage.ChangeAsync("""{"spec":{"dryRun":true,"template":"aws-34"}}""");
        var seen = await stage.UntilAsync(cluster => cluster?.Status?.DryRunSummary is not null);
        Assert.Equal("would change 2 objects; roll 3 control plane machines of web-cp, roll 2 worker machines of web-md", seen!.Status!.DryRunSummary);
        Assert.Null(Condition(seen, ClusterDeploymentConditions.HelmChartNameChanged));
        Assert.All(await stage.MachinesAsync(), machine => Assert.Equal(33ul, Version(machine).Minor));

        // A cluster without config: the defaults are in status, the spec stays as it was written.
        await stage.Management.ApplyAsync("""
            apiVersion: k0rdent.mirantis.com/v1beta1
            kind: ClusterDeployment
            metadata: {name: new, namespace: org}
            spec: {template: aws-33, credential: aws, dryRun: true}
            """);
        var planned = await ManagementCluster.UntilAsync(
            () => stage.Management.ClusterAsync("org", "new"), cluster => cluster?.Status?.DryRunSummary is not null && Condition(cluster, SharedConditions.Ready)?.Status == ConditionStatus.True,
            cluster => cluster?.Status?.ToString() ?? "nothing");
        Assert.Equal("would create 7 objects", planned!.Status!.DryRunSummary);
        Assert.Equal(2, (int?)planned.Status.EffectiveConfig?["workersNumber"]);
        Assert.Null(planned.Spec.Config);

        await stage.ChangeAsync("""{"spec":{"dryRun":null}}""");
        var real = await stage.UntilAsync(cluster => IsCompleted(cluster, "aws-34"));
        Assert.Null(real!.Status!.DryRunSummary);
    }

    private static string? Rule(JsonNode plan, int index = 0) => (string?)plan["blockers"]![index]!["rule"];

    internal static async Task<JsonNode> PlanAsync(HttpClient http, string body)
    {
        using var response = await PostAsync(http, "org/web", body);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == HttpStatusCode.OK, text);
        return JsonNode.Parse(text)!;
    }

    private static Task<HttpResponseMessage> PostAsync(HttpClient http, string cluster, string body) =>
        http.PostAsync(new Uri($"/api/v1/clusters/{cluster}/plan", UriKind.Relative), new StringContent(body, Encoding.UTF8, "application/json"));

    internal static async Task<string> TokenAsync(UpgradeStage stage)
    {
        var tokens = new ResourceKind("", "v1", "TokenRequest", "serviceaccounts/planner/token", Namespaced: true);
        var answer = await stage.Client.Dynamic(tokens).CreateAsync(
            new(new JsonObject
            {
                ["apiVersion"] = "authentication.k8s.io/v1",
                ["kind"] = "TokenRequest",
                ["metadata"] = new JsonObject { ["name"] = "planner", ["namespace"] = "org" },
                ["spec"] = new JsonObject { ["expirationSeconds"] = 600 },
            }),
            CancellationToken.None);
        return (string)answer.At("status", "token")!;
    }
}
