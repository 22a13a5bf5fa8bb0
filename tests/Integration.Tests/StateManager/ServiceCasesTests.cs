using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using static Fleet.Integration.Tests.StateManager.ServiceManifests;

namespace Fleet.Integration.Tests.StateManager;

/// <summary>What may come between a ServiceSet and its services; each case has a cluster of its own.</summary>
public sealed class ServiceCasesTests(StateManagerEnvironment environment) : IClassFixture<StateManagerEnvironment>, IAsyncLifetime
{
    private static readonly ResourceKind Deployments = new("apps", "v1", "Deployment", "deployments", true);

    public async ValueTask InitializeAsync() => await environment.ApplyAsync(Template());

    public ValueTask DisposeAsync() => default;

    [Fact]
    public async Task A_cluster_that_never_answers_delays_no_other()
    {
        // Takes connections and says nothing: not even the TLS handshake comes to an end.
        using var hole = new TcpListener(IPAddress.Loopback, 0);
        hole.Start();
        await environment.AddClusterAsync("well");
        await environment.SetKubeconfigAsync("hole", $$$"""
            {"apiVersion":"v1","kind":"Config","current-context":"c","contexts":[{"name":"c","context":{"cluster":"c","user":"u"}}],
             "clusters":[{"name":"c","cluster":{"server":"https://{{{hole.LocalEndpoint}}}" } }],"users":[{"name":"u","user":{"token":"t"}}]}
            """);
        await environment.ApplyAsync(Set("hole", "hole", Service("web")));
        await environment.ApplyAsync(Set("well", "well", Service("web")));

        await environment.ServiceAsync("well", "web", "Deployed");

        var status = await environment.StatusAsync("hole", s => Condition(s, "ServiceSetStatusesCollected")?["reason"]?.GetValue<string>() == "Failed", "found out");
        Assert.Contains("cluster team-a/hole cannot be reached", (string?)Condition(status, "ServiceSetStatusesCollected")!["message"], StringComparison.Ordinal);
        Assert.Equal("Pending", (string?)status!["services"]![0]!["state"]);

        // While it is being waited for, the other one is served as before.
        await environment.ApplyAsync(Set("well", "well", Service("web", "replicaCount: 3")));
        await StateManagerEnvironment.EventuallyAsync(() => environment.ValuesAsync("well", "web"), v => (int?)v["replicaCount"] == 3, "upgraded");
    }

    [Fact]
    public async Task A_workload_that_cannot_run_takes_Deployed_away_and_gives_it_back()
    {
        var cluster = await environment.AddClusterAsync("health");
        await environment.ApplyAsync(Set("health", "health", Service("web")));
        await environment.ServiceAsync("health", "web", "Deployed");
        var deployment = (await cluster.Dynamic(Deployments).ListAsync(new() { Namespace = "apps" }, Ct)).Items.Single().Key;

        // No node has this label: the pods of the next revision stay Pending.
        await SelectNodesAsync(cluster, deployment, """{"disk":"made-of-glass"}""");
        var sick = await environment.ServiceAsync("health", "web", "Provisioning");
        Assert.Contains($"Deployment {deployment}", (string?)sick["failureMessage"], StringComparison.Ordinal);
        var status = await environment.StatusAsync("health", _ => true, "read");
        Assert.False((bool?)status!["deployed"]);
        Assert.Equal("False", (string?)Condition(status, "ServicesInReadyState")!["status"]);

        await SelectNodesAsync(cluster, deployment, """{"disk":null}""");
        await environment.ServiceAsync("health", "web", "Deployed");
        Assert.Null((await environment.ServiceAsync("health", "web", "Deployed"))["failureMessage"]);
    }

    [Fact]
    public async Task Two_sets_share_a_cluster_and_the_older_one_has_the_release_that_both_want()
    {
        var cluster = await environment.AddClusterAsync("shared");
        await environment.ApplyAsync(Set("shared", "shared", Service("web"), Service("own")));
        await environment.ServiceAsync("shared", "web", "Deployed");
        await environment.ApplyAsync(Set("shared-second", "shared", Service("web", "replicaCount: 4"), Service("other")));

        await environment.ServiceAsync("shared-second", "other", "Deployed");
        var refused = await environment.ServiceAsync("shared-second", "web", "Failed");
        Assert.Equal("release apps/web is managed by ServiceSet shared already", (string?)refused["failureMessage"]);
        await environment.ServiceAsync("shared", "own", "Deployed");
        Assert.False((await environment.ValuesAsync("shared", "web")).ContainsKey("replicaCount"));

        // The one that goes takes along what is its own only; what both wanted is taken over.
        await environment.DeleteSetAsync("shared");
        await environment.ServiceAsync("shared-second", "web", "Deployed");
        Assert.Equal(4, (int?)(await environment.ValuesAsync("shared", "web"))["replicaCount"]);
        var left = await cluster.Dynamic(Deployments).ListAsync(new() { Namespace = "apps" }, Ct);
        Assert.DoesNotContain(left.Items, d => d.Key.Name.Contains("own", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Values_come_from_ConfigMaps_and_Secrets_and_one_that_is_missing_or_empty_is_an_error()
    {
        await environment.AddClusterAsync("values");
        await environment.ApplyAsync(Source("ConfigMap", "base", ("values.yaml", "replicaCount: 3\ncontent: base")));
        await environment.ApplyAsync(Source("Secret", "private"));
        var service = Service("web", "podLabels: {from: inline}", ("ConfigMap", "base"), ("Secret", "private"));
        await environment.ApplyAsync(Set("values", "values", (JsonObject)service.DeepClone()));
        var failed = await environment.ServiceAsync("values", "web", "Failed");
        Assert.StartsWith("valuesFrom: Secret team-a/private has no keys", (string?)failed["failureMessage"], StringComparison.Ordinal);

        await environment.ApplyAsync(Source("Secret", "private", ("values.yaml", "content: not-for-everybody")));
        await environment.TouchSetAsync("values");
        await environment.ServiceAsync("values", "web", "Deployed");
        var values = await environment.ValuesAsync("values", "web");
        Assert.Equal(3, (int?)values["replicaCount"]);
        Assert.Equal("not-for-everybody", (string?)values["content"]);
        Assert.Equal("inline", (string?)values["podLabels"]!["from"]);

        service["valuesFrom"]![0]!["name"] = "nowhere";
        await environment.ApplyAsync(Set("values", "values", service));
        failed = await environment.ServiceAsync("values", "web", "Failed");
        Assert.Equal("valuesFrom: ConfigMap team-a/nowhere does not exist", (string?)failed["failureMessage"]);
        // What runs is left as it is.
        Assert.Equal(3, (int?)(await environment.ValuesAsync("values", "web"))["replicaCount"]);
    }

    [Fact]
    public async Task Values_are_templates_over_the_cluster()
    {
        await environment.AddClusterAsync("templated");
        await environment.ApplyAsync(Json("""
            {"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition","metadata":{"name":"clusters.cluster.x-k8s.io"},
             "spec":{"group":"cluster.x-k8s.io","scope":"Namespaced","names":{"kind":"Cluster","plural":"clusters","singular":"cluster"},
               "versions":[{"name":"v1beta1","served":true,"storage":true,
                 "schema":{"openAPIV3Schema":{"type":"object","x-kubernetes-preserve-unknown-fields":true}}}]}}
            """));
        await environment.ApplyAsync(Json("""
            {"apiVersion":"cluster.x-k8s.io/v1beta1","kind":"Cluster","metadata":{"name":"templated","namespace":"team-a"},
             "spec":{"controlPlaneEndpoint":{"host":"api.example","port":6443}}}
            """));
        await environment.ApplyAsync(Set("templated", "templated",
            Service("web", """
                content: "{{ .Cluster.spec.controlPlaneEndpoint.host | upper }}"
                replicaCount: {{ if eq .Cluster.metadata.name "templated" }}1{{ else }}9{{ end }}
                """),
            Service("broken", "content: {{ .Cluster.spec.controlPlaneEndpoint.host | nonsense }}")));
        await environment.ServiceAsync("templated", "web", "Deployed");
        var values = await environment.ValuesAsync("templated", "web");
        Assert.Equal("API.EXAMPLE", (string?)values["content"]);
        Assert.Equal(1, (int?)values["replicaCount"]);
        var broken = await environment.ServiceAsync("templated", "broken", "Failed");
        Assert.Contains("nonsense", (string?)broken["failureMessage"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_paused_set_leaves_its_services_as_they_are()
    {
        await environment.AddClusterAsync("paused");
        await environment.ApplyAsync(Set("paused", "paused", Service("web")));
        await environment.ServiceAsync("paused", "web", "Deployed");

        var changed = Set("paused", "paused", Service("web", "replicaCount: 5"), Service("second"));
        changed["metadata"]!["annotations"] = new JsonObject { ["k0rdent.mirantis.com/service-set-paused"] = "true" };
        await environment.ApplyAsync(changed);
        var status = await environment.StatusAsync(
            "paused", s => Condition(s, "Paused") is not null && s!["services"]!.AsArray().Count == 2, "paused, its new service shown");
        Assert.Equal("True", (string?)Condition(status, "Paused")!["status"]);
        Assert.Equal(["Deployed", "Pending"], status!["services"]!.AsArray().Select(s => (string?)s!["state"]));
        Assert.False((await environment.ValuesAsync("paused", "web")).ContainsKey("replicaCount"));

        ((JsonObject)changed["metadata"]!).Remove("annotations");
        await environment.ApplyAsync(changed);
        await environment.ServiceAsync("paused", "second", "Deployed");
        await environment.ServiceAsync("paused", "web", "Deployed");
        Assert.Equal(5, (int?)(await environment.ValuesAsync("paused", "web"))["replicaCount"]);
        Assert.Null(Condition(await environment.StatusAsync("paused", _ => true, "read"), "Paused"));
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static JsonObject? Condition(JsonObject? status, string type) =>
        (status?["conditions"] as JsonArray)?.OfType<JsonObject>().FirstOrDefault(c => (string?)c["type"] == type);

    private static async Task SelectNodesAsync(IKubernetesClient cluster, ObjectKey deployment, string selector) =>
        await cluster.Dynamic(Deployments).PatchAsync(
            deployment, Patch.Merge(Json($$$"""{"spec":{"template":{"spec":{"nodeSelector":{{{selector}}} } } } }""")), PatchOptions.Default, Ct);
}
