using System.Text.Json.Nodes;
using Fleet.Kubernetes;
using Fleet.Kubernetes.Configuration;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Testing;
using Fleet.Testing.ApiServers;
using static Fleet.Integration.Tests.StateManager.ServiceManifests;

namespace Fleet.Integration.Tests.StateManager;

/// <summary>Health of every object of a release, before and after success, in a simulated cluster and in one with a real API server; rules of users.</summary>
public sealed class LiveHealthTests(StateManagerEnvironment environment) : IClassFixture<StateManagerEnvironment>, IAsyncLifetime
{
    private static readonly ResourceKind Claims = new("", "v1", "PersistentVolumeClaim", "persistentvolumeclaims", true);
    private static readonly ResourceKind Jobs = new("batch", "v1", "Job", "jobs", true);
    private static readonly ResourceKind Probes = new("health.example", "v1", "Probe", "probes", true);
    private static readonly ResourceKind Pods = new("", "v1", "Pod", "pods", true);
    private static readonly ResourceKind ConfigMaps = new("", "v1", "ConfigMap", "configmaps", true);

    private readonly TemporaryFolder folder = new("health");
    private readonly List<IKubernetesClient> clients = [];

    public static TheoryData<string> Servers => [.. ApiServers.Names];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        // Packed once: each package has a digest of its own, and another digest is another revision.
        if (await environment.GetAsync("ServiceTemplate", "probed") is not null)
            return;
        await environment.AddChartAsync(ProbedChart.Write(folder));
        var template = Template("probed");
        template["spec"]!["helm"]!["chartSpec"]!["chart"] = ProbedChart.Name;
        await environment.ApplyAsync(template);
        await environment.ApplyAsync(Json("""{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"kcm-system"}}"""));
    }

    public ValueTask DisposeAsync()
    {
        clients.ForEach(c => c.Dispose());
        folder.Dispose();
        return default;
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task A_claim_that_is_not_bound_holds_the_service_and_its_version_until_it_is(string server)
    {
        var (cluster, name, _) = await ClusterAsync(server, "claim");
        await environment.ApplyAsync(Set(name, name, Probed(name, "claim: true")));

        var held = await environment.ServiceAsync(name, name, "Provisioning");
        held = await WithConditionAsync(name, "ServiceHealthPersistentVolumeClaim", "it is Pending, not bound");
        Assert.Null(held["version"]);
        Assert.StartsWith($"PersistentVolumeClaim apps/{name}: ", (string?)held["failureMessage"], StringComparison.Ordinal);
        var condition = Condition(held, "ServiceHealthPersistentVolumeClaim")!;
        Assert.Equal(("False", "PersistentVolumeClaimUnhealthy"), ((string?)condition["status"], (string?)condition["reason"]));
        Assert.StartsWith($"1 PersistentVolumeClaim unhealthy: apps/{name} (", (string?)condition["message"], StringComparison.Ordinal);

        await StatusAsync(cluster, Claims, name, """{"phase":"Bound"}""");
        var well = await environment.ServiceAsync(name, name, "Deployed");
        Assert.Equal("1.0.0", (string?)well["version"]);
        Assert.Null(Condition(well, "ServiceHealthPersistentVolumeClaim"));
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task A_Job_that_failed_fails_the_service_in_its_words_and_the_next_one_may_do_better(string server)
    {
        var (cluster, name, _) = await ClusterAsync(server, "job");
        await environment.ApplyAsync(Set(name, name, Probed(name, "job: true")));
        await WithConditionAsync(name, "ServiceHealthJob", "0 of 1 pods have succeeded");

        await FinishAsync(cluster, $"{name}-1", "Failed", "Job has reached the specified backoff limit");
        var failed = await environment.ServiceAsync(name, name, "Failed");
        Assert.Equal($"Job apps/{name}-1: Job has reached the specified backoff limit", (string?)failed["failureMessage"]);

        await environment.ApplyAsync(Set(name, name, Probed(name, "job: true\nsize: 2")));
        await FinishAsync(cluster, $"{name}-2", "Complete", "");
        await environment.ServiceAsync(name, name, "Deployed");

        // What has done its work may be cleared away.
        await cluster.Dynamic(Jobs).DeleteAsync(new("apps", $"{name}-2"), DeleteOptions.Background, Ct);
        await environment.ApplyAsync(Set(name, name, Probed(name, "job: false\nsize: 3")));
        await environment.ServiceAsync(name, name, "Deployed");
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task Health_that_is_lost_after_success_is_told_and_so_is_its_return(string server)
    {
        var (cluster, name, _) = await ClusterAsync(server, "lost");
        await environment.ApplyAsync(Set(name, name, Probed(name, "probe: true")));
        await environment.ServiceAsync(name, name, "Deployed");

        await StatusAsync(cluster, Probes, name, """{"conditions":[{"type":"Ready","status":"False","message":"the other side is gone"}]}""");
        var lost = await environment.ServiceAsync(name, name, "Provisioning");
        Assert.Equal($"Probe apps/{name}: the other side is gone", (string?)lost["failureMessage"]);
        Assert.Equal("1.0.0", (string?)lost["version"]);
        Assert.False((bool?)(await environment.StatusAsync(name, _ => true, "read"))!["deployed"]);

        // A status about an older spec says nothing about this one.
        await StatusAsync(cluster, Probes, name, """{"observedGeneration":0,"conditions":[{"type":"Ready","status":"True"}]}""");
        await WithConditionAsync(name, "ServiceHealthProbe", "has not seen the latest spec");
        await StatusAsync(cluster, Probes, name, """{"observedGeneration":1,"conditions":[{"type":"Ready","status":"True"}]}""");
        await environment.ServiceAsync(name, name, "Deployed");

        await environment.StatusAsync(name, s => (bool?)s?["deployed"] == true, "deployed");
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task Custom_rules_add_up_over_three_tiers_and_act_at_once(string server)
    {
        var (cluster, name, owner) = await ClusterAsync(server, "tiers");
        await environment.ApplyAsync(Owned(Set(name, name, Probed(name, "probe: true")), owner));
        await environment.ServiceAsync(name, name, "Deployed");

        // Each rule wants one thing; each belongs to a tier. The label of the first two is global, so they see other services, too: only those with this probe.
        var tiers = new[] { ("kcm-system", "global", "power"), (StateManagerEnvironment.Namespace, "global", "water"), (StateManagerEnvironment.Namespace, name, "light") };
        foreach (var (ns, target, thing) in tiers)
        {
            await environment.ApplyAsync(Rules(ns, $"{name}-{thing}", target, Rule(name, thing)));
            await WithConditionAsync(name, "ServiceHealthProbe", $"apps/{name} (no {thing}, rule {ns}/{name}-{thing}#0)");
            await environment.ServiceAsync(name, name, "Provisioning");
            await StatusAsync(cluster, Probes, name, $$"""{"{{thing}}":true}""");
            await environment.ServiceAsync(name, name, "Deployed");
        }

        // A rule for another owner is none of ours.
        await environment.ApplyAsync(Rules(StateManagerEnvironment.Namespace, $"{name}-other", "somebody-else", Rule(name, "gas")));
        await StatusAsync(cluster, Probes, name, """{"power":null}""");
        var message = (string?)Condition(await WithConditionAsync(name, "ServiceHealthProbe", "no power"), "ServiceHealthProbe")!["message"];
        Assert.DoesNotContain("gas", message, StringComparison.Ordinal);

        // Taken away, a rule judges no more.
        await environment.Management.Dynamic(ConfigMaps).DeleteAsync(new("kcm-system", $"{name}-power"), DeleteOptions.Background, Ct);
        await environment.ServiceAsync(name, name, "Deployed");
    }

    [Fact]
    public async Task A_broken_rule_is_told_and_takes_no_service_along_and_one_of_an_absent_kind_is_not_used()
    {
        var (cluster, name, owner) = await ClusterAsync("embedded", "broken");
        await environment.ApplyAsync(Owned(Set(name, name, Probed(name, "probe: true")), owner));
        await environment.ServiceAsync(name, name, "Deployed");
        Assert.Equal("AllRulesValid", (string?)Condition(await environment.StatusAsync(name, _ => true, "read"), "ServiceSetHealthRules")!["reason"]);

        await environment.ApplyAsync(Rules(StateManagerEnvironment.Namespace, name, name, """
            - {group: health.example, version: v1, kind: Probe, scope: Namespaced, healthy: "obj.status.", message: '"no"'}
            - {group: example.org, version: v1, kind: Nonesuch, scope: Cluster, healthy: "false", message: '"no"'}
            - {group: health.example, version: v9, kind: Probe, scope: Namespaced, healthy: "false", message: '"no"'}
            """));
        var status = await environment.StatusAsync(name, s => (string?)Condition(s, "ServiceSetHealthRules")?["status"] == "False", "told");
        var condition = Condition(status, "ServiceSetHealthRules")!;
        Assert.Equal("HealthRuleInvalid", (string?)condition["reason"]);
        Assert.StartsWith($"team-a/{name}#0: healthy: ERROR: <input>:1:12: Syntax error", (string?)condition["message"], StringComparison.Ordinal);
        Assert.DoesNotContain("Nonesuch", (string?)condition["message"], StringComparison.Ordinal);
        Assert.Equal("Deployed", (string?)status!["services"]![0]!["state"]);

        // The kind comes: the rule counts from then on. Nothing of this release is of it, so the label has to say whose it is.
        await ApplyAsync(cluster, """
            {"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition","metadata":{"name":"nonesuches.example.org"},
             "spec":{"group":"example.org","scope":"Cluster","names":{"kind":"Nonesuch","plural":"nonesuches","singular":"nonesuch"},
               "versions":[{"name":"v1","served":true,"storage":true,"schema":{"openAPIV3Schema":{"type":"object"}}}]} }
            """);
        await ApplyAsync(cluster, $$$"""{"apiVersion":"example.org/v1","kind":"Nonesuch","metadata":{"name":"one","labels":{"app":"{{{name}}}"}} }""");
        await WithConditionAsync(name, "ServiceHealthNonesuch", $"one (no, rule team-a/{name}#1)");

        // A rule that fails on the object itself says that nobody can tell; it neither holds nor is it silent.
        await environment.ApplyAsync(Rules(StateManagerEnvironment.Namespace, name, name,
            """- {group: health.example, version: v1, kind: Probe, scope: Namespaced, healthy: "obj.status.nothing.of.that", message: '"no"'}"""));
        await WithConditionAsync(name, "ServiceHealthProbe", "healthy cannot be evaluated: no such key");
        Assert.Equal("True", (string?)Condition(await environment.StatusAsync(name, _ => true, "read"), "ServiceSetHealthRules")!["status"]);
        await environment.ApplyAsync(Rules(StateManagerEnvironment.Namespace, name, name,
            """- {group: health.example, version: v1, kind: Probe, scope: Cluster, healthy: "true", message: '"no"'}"""));
        await WithConditionAsync(name, "ServiceHealthProbe", "HealthRuleScopeMismatch: Probe is Namespaced, the rule says Cluster");
        await environment.ApplyAsync(Rules(StateManagerEnvironment.Namespace, name, name, ""));
        await environment.ServiceAsync(name, name, "Deployed");
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task Each_object_is_listed_with_its_health_the_worst_first(string server)
    {
        var (cluster, name, owner) = await ClusterAsync(server, "listed");
        await environment.ApplyAsync(Owned(Set(name, name, Probed(name, "probe: true\nclaim: true\ndeployment: true")), owner));
        await WithConditionAsync(name, "ServiceHealthPersistentVolumeClaim", "it is Pending, not bound");
        await StatusAsync(cluster, Claims, name, """{"phase":"Bound"}""");
        await environment.ServiceAsync(name, name, "Deployed");
        using var rest = await environment.RestAsync();
        Assert.All(await ObjectsAsync(), o => Assert.Equal("Healthy", o.Health));

        await StatusAsync(cluster, Probes, name, """{"conditions":[{"type":"Stalled","status":"True","message":"the other side is gone"}]}""");
        await environment.ApplyAsync(Rules(StateManagerEnvironment.Namespace, name, name, $$"""
            - {group: "", version: v1, kind: ConfigMap, scope: Namespaced, healthy: "obj.metadata.name != '{{name}}'", message: '"too small"'}
            - {group: "", version: v1, kind: Pod, scope: Namespaced, healthy: "false", message: '"never well"'}
            """));
        await cluster.Dynamic(Pods).CreateAsync(new(Json($$$"""
            {"apiVersion":"v1","kind":"Pod","metadata":{"name":"{{{name}}}-stray","namespace":"apps","labels":{"app":"{{{name}}}"}},
             "spec":{"nodeSelector":{"disk":"made-of-glass"},"containers":[{"name":"c","image":"busybox:1"}]} }
            """)), Ct);
        await WithConditionAsync(name, "ServiceHealthConfigMap", "too small");
        var listed = await ObjectsAsync();
        Assert.Equal(
            [
                ("Probe", "Failed", "the other side is gone", null), ("ConfigMap", "Progressing", "too small", $"team-a/{name}#0"),
                ("Pod", "Progressing", "never well", $"team-a/{name}#1"), ("Deployment", "Healthy", null, null), ("PersistentVolumeClaim", "Healthy", null, null),
            ],
            listed.OrderByDescending(o => o.Health == "Failed").ThenByDescending(o => o.Health == "Progressing").ThenBy(o => o.Kind, StringComparer.Ordinal));
        Assert.Equal(["Failed", "Progressing", "Progressing", "Healthy", "Healthy"], listed.Select(o => o.Health));

        // What is gone is there as well.
        await cluster.Dynamic(Probes).DeleteAsync(new("apps", name), DeleteOptions.Background, Ct);
        Assert.Contains(await ObjectsAsync(), o => o is { Kind: "Probe", Health: "Progressing", Message: "it does not exist" });
        await environment.ApplyAsync(Rules(StateManagerEnvironment.Namespace, name, name, ""));

        async Task<(string Kind, string? Health, string? Message, string? Rule)[]> ObjectsAsync()
        {
            var view = JsonNode.Parse(await rest.GetStringAsync(new Uri($"api/v1/services/team-a/{name}/apps/{name}", UriKind.Relative), Ct))!;
            Assert.Equal(view["objects"]!.AsArray().Count, (int)view["objectCount"]!);
            return [.. view["objects"]!.AsArray().Select(o => ((string)o!["kind"]!, (string?)o["health"], (string?)o["message"], (string?)o["rule"]))];
        }
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task A_rule_of_pods_sees_all_of_a_service_and_counts_those_that_are_not_well(string server)
    {
        const int All = 120;
        var (cluster, name, owner) = await ClusterAsync(server, "crowd");
        await environment.ApplyAsync(Owned(Set(name, name, Probed(name, "deployment: true")), owner));
        await environment.ServiceAsync(name, name, "Deployed");
        await Parallel.ForAsync(0, All, Ct, async (i, stop) => await cluster.Dynamic(Pods).CreateAsync(new(Json($$$"""
            {"apiVersion":"v1","kind":"Pod","metadata":{"name":"{{{name}}}-{{{i:000}}}","namespace":"apps","labels":{"app":"{{{(i < 100 ? name : "somebody-else")}}}"}},
             "spec":{"nodeSelector":{"disk":"made-of-glass"},"containers":[{"name":"c","image":"busybox:1"}]} }
            """)), stop));
        await environment.ApplyAsync(Rules(StateManagerEnvironment.Namespace, name, name, """
            - {group: "", version: v1, kind: Pod, scope: Namespaced, message: '"not drained"', healthy: "has(obj.metadata.annotations) && 'drained' in obj.metadata.annotations"}
            """));
        // Those of others are none of it.
        await WithConditionAsync(name, "ServiceHealthPod", $"100 Pod unhealthy: apps/{name}-000 (not drained, rule team-a/{name}#0); ");

        var drained = Patch.Merge(Json("""{"metadata":{"annotations":{"drained":"yes"}}}"""));
        await Parallel.ForAsync(1, 100, Ct, async (i, stop) => await cluster.Dynamic(Pods).PatchAsync(new("apps", $"{name}-{i:000}"), drained, PatchOptions.Default, stop));
        await WithConditionAsync(name, "ServiceHealthPod", $"1 Pod unhealthy: apps/{name}-000 (not drained, rule team-a/{name}#0)");
        await cluster.Dynamic(Pods).PatchAsync(new("apps", $"{name}-000"), drained, PatchOptions.Default, Ct);
        await environment.ServiceAsync(name, name, "Deployed");
        // Well again, one that falls ill later is told.
        await cluster.Dynamic(Pods).PatchAsync(new("apps", $"{name}-050"), Patch.Merge(Json("""{"metadata":{"annotations":{"drained":null}}}""")), PatchOptions.Default, Ct);
        await WithConditionAsync(name, "ServiceHealthPod", $"1 Pod unhealthy: apps/{name}-050 (not drained");
        await environment.ApplyAsync(Rules(StateManagerEnvironment.Namespace, name, name, ""));
        await environment.ServiceAsync(name, name, "Deployed");
    }

    [Fact]
    public async Task A_rule_also_judges_what_no_chart_declares_by_the_usual_labels()
    {
        var (cluster, name, owner) = await ClusterAsync("embedded", "pods");
        await environment.ApplyAsync(Owned(Set(name, name, Probed(name, "deployment: true")), owner));
        await environment.ServiceAsync(name, name, "Deployed");

        await cluster.Dynamic(Pods).CreateAsync(new(Json($$$"""
            {"apiVersion":"v1","kind":"Pod","metadata":{"name":"{{{name}}}-stray","namespace":"apps","labels":{"app":"{{{name}}}"}},
             "spec":{"nodeSelector":{"disk":"made-of-glass"},"containers":[{"name":"c","image":"busybox:1"}]} }
            """)), Ct);
        await environment.ApplyAsync(Rules(StateManagerEnvironment.Namespace, name, name, """
            - group: ""
              version: v1
              kind: Pod
              scope: Namespaced
              healthy: has(obj.status.conditions) && obj.status.conditions.exists(c, c.type == "Ready" && c.status == "True")
              message: '"pod not ready"'
            """));
        await WithConditionAsync(name, "ServiceHealthPod", $"apps/{name}-stray (pod not ready, rule team-a/{name}#0)");
        await cluster.Dynamic(Pods).DeleteAsync(new("apps", $"{name}-stray"), DeleteOptions.Background, Ct);
        await environment.ServiceAsync(name, name, "Deployed");
    }

    private async Task<(IKubernetesClient Cluster, string Name, string OwnerUid)> ClusterAsync(string server, string what)
    {
        var name = $"{what}-{(server == "embedded" ? "sim" : "real")}";
        IKubernetesClient client;
        if (server == "embedded")
        {
            client = await environment.AddClusterAsync(name);
        }
        else
        {
            var kubeconfig = await File.ReadAllTextAsync((await ApiServers.SharedAsync(server)).KubeconfigPath, Ct);
            client = KubernetesClient.Create(KubeConfig.Parse(kubeconfig, "test").Endpoint());
            clients.Add(client);
            await environment.SetKubeconfigAsync(name, kubeconfig);
        }
        await environment.ApplyAsync(Json($$$"""
            {"apiVersion":"k0rdent.mirantis.com/v1beta1","kind":"ClusterDeployment","metadata":{"name":"{{{name}}}","namespace":"team-a"},"spec":{"template":"none","credential":"none"} }
            """));
        return (client, name, (await environment.GetAsync("ClusterDeployment", name))!.Metadata.Uid!);
    }

    private static JsonObject Owned(JsonObject set, string uid)
    {
        var name = (string?)set["metadata"]!["name"];
        set["metadata"]!["ownerReferences"] = new JsonArray(Json($$$"""{"apiVersion":"k0rdent.mirantis.com/v1beta1","kind":"ClusterDeployment","name":"{{{name}}}","uid":"{{{uid}}}"}"""));
        return set;
    }

    private static JsonObject Probed(string name, string values)
    {
        var service = Service(name, values);
        service["template"] = "probed";
        return service;
    }

    private static JsonObject Rules(string @namespace, string name, string target, string rules) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "ConfigMap",
        ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = @namespace, ["labels"] = new JsonObject { ["k0rdent.mirantis.com/health-rule-target"] = target } },
        ["data"] = new JsonObject { ["rules"] = rules },
    };

    private static string Rule(string name, string thing) => $$"""
        - group: health.example
          version: v1
          kind: Probe
          scope: Namespaced
          healthy: obj.metadata.name != "{{name}}" || (has(obj.status) && has(obj.status.{{thing}}) && obj.status.{{thing}})
          message: '"no {{thing}}"'
        """;

    private static async Task StatusAsync(IKubernetesClient cluster, ResourceKind kind, string name, string status) =>
        await cluster.Dynamic(kind).PatchAsync(new("apps", name), Patch.Merge(new JsonObject { ["status"] = JsonNode.Parse(status) }), new PatchOptions { Subresource = "status" }, Ct);

    /// <summary>Its controller may write its own status over ours until it has seen it.</summary>
    private static Task FinishAsync(IKubernetesClient cluster, string name, string type, string message) => StateManagerEnvironment.EventuallyAsync(
        async () =>
        {
            var job = await cluster.Dynamic(Jobs).GetAsync(new("apps", name), Ct);
            if (job?.At("status", "startTime") is not null && Condition(job.At("status"), type) is null)
                await StatusAsync(cluster, Jobs, name, $$$"""
                    { {{{(type == "Complete" ? "\"completionTime\":\"2036-01-01T00:00:01Z\",\"succeeded\":1," : "")}}}"conditions":[{"type":"{{{type}}}","status":"True","message":"{{{message}}}"}]}
                    """);
            return Condition(job?.At("status"), type) is not null;
        },
        isFinished => isFinished,
        $"Job {name} {type}");

    private async Task<JsonObject> WithConditionAsync(string name, string type, string message)
    {
        var status = await environment.StatusAsync(
            name, s => ((string?)Condition(s?["services"]?[0], type)?["message"])?.Contains(message, StringComparison.Ordinal) == true, $"{type}: {message}");
        return (JsonObject)status!["services"]![0]!;
    }

    private static async Task ApplyAsync(IKubernetesClient cluster, string json)
    {
        var manifest = Json(json);
        var type = GroupVersionKind.Parse((string)manifest["apiVersion"]!, (string)manifest["kind"]!);
        var kind = await StateManagerEnvironment.EventuallyAsync(async () => await cluster.FindKindAsync(type, Ct), k => k is not null, $"kind {type}");
        await cluster.Dynamic(kind!).ApplyAsync(manifest, new ApplyOptions("test"), Ct);
    }

    private static JsonObject? Condition(JsonNode? of, string type) =>
        (of?["conditions"] as JsonArray)?.OfType<JsonObject>().FirstOrDefault(c => (string?)c["type"] == type);
}
