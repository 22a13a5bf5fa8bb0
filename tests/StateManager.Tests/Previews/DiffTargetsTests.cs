using System.Text.Json.Nodes;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Yaml;
using Fleet.Rest.Problems;
using Fleet.StateManager.MultiClusterServices;
using Fleet.StateManager.Previews;

namespace Fleet.StateManager.Tests.Previews;

public sealed class DiffTargetsTests
{
    private const string Pages = "{apiVersion: k0rdent.mirantis.com/v1beta1, kind: MultiClusterService, metadata: {name: pages}, spec: {clusterSelector: {matchLabels: {env: prod}}, serviceSpec: {services: [{name: pages, template: t-1}]}}}";

    [Fact]
    public void A_new_MultiClusterService_concerns_the_clusters_that_it_finds()
    {
        var targets = Targets([Cluster("a", "prod"), Cluster("b", "test")], [], Pages);
        var target = Assert.Single(targets);
        Assert.Equal(("team/a", "MultiClusterService pages", 0, 1), (target.Cluster.ToString(), target.Source, target.Before.Count, target.After.Count));
    }

    [Fact]
    public void Another_selector_takes_services_away_and_brings_them()
    {
        var targets = Targets([Cluster("a", "prod"), Cluster("b", "test")], [Pages], Pages.Replace("env: prod", "env: test", StringComparison.Ordinal));
        Assert.Equal(["team/a 1 0", "team/b 0 1"], targets.Select(target => $"{target.Cluster} {target.Before.Count} {target.After.Count}"));
        Assert.False(targets[0].Leaves);
        var keeps = Pages.Replace("env: prod", "env: none", StringComparison.Ordinal).Replace("spec: {", "spec: {keepServicesOnSelectorMismatch: true, ", StringComparison.Ordinal);
        Assert.True(Assert.Single(Targets([Cluster("a", "prod")], [Pages], keeps)).Leaves);
    }

    [Fact]
    public void Labels_of_a_posted_cluster_bring_services_that_nobody_has_posted()
    {
        var cluster = "{apiVersion: k0rdent.mirantis.com/v1alpha1, kind: ClusterDeployment, metadata: {name: b, namespace: team, labels: {env: prod}}, spec: {template: t, serviceSpec: {services: [{name: own, template: t-2}]}}}";
        var targets = Targets([Cluster("a", "prod"), Cluster("b", "test")], [Pages], cluster);
        Assert.Equal(["ClusterDeployment team/b", "MultiClusterService pages"], targets.Select(target => target.Source));
        Assert.All(targets, target => Assert.Equal("team/b", target.Cluster.ToString()));

        var fresh = Targets([], [Pages], cluster);
        Assert.Equal([true, true], fresh.Select(target => target.IsNew));
    }

    [Fact]
    public void A_namespaced_one_stays_in_its_namespace()
    {
        var own = Pages.Replace("kind: MultiClusterService, metadata: {name: pages}", "kind: NamespacedMultiClusterService, metadata: {name: pages, namespace: other}", StringComparison.Ordinal);
        Assert.Empty(Targets([Cluster("a", "prod")], [], own));
        Assert.Single(Targets([Cluster("a", "prod")], [], own.Replace("other", "team", StringComparison.Ordinal)));
    }

    [Fact]
    public void What_is_posted_is_read_strictly_and_what_is_not_previewed_is_named()
    {
        var posted = PostedObjects.Read(
        [
            .. KubernetesYaml.ReadAll("{apiVersion: v1, kind: Namespace, metadata: {name: settings}}\n---\n{apiVersion: k0rdent.mirantis.com/v1beta1, kind: ServiceTemplate, metadata: {name: t}, spec: {}}"),
        ]);
        Assert.Equal("Namespace settings is not previewed: what it would change is not shown", Assert.Single(posted.Ignored));
        Assert.Equal("default", Assert.Single(posted.Templates).Metadata.Namespace);
        var wrong = Assert.Throws<ProblemException>(() => PostedObjects.Read([.. KubernetesYaml.ReadAll(Pages.Replace("[{name: pages, template: t-1}]", "3", StringComparison.Ordinal))]));
        Assert.Equal("objects[0].spec.serviceSpec.services", Assert.Single(wrong.Errors!).Field);
        Assert.Throws<ProblemException>(() => PostedObjects.Read([new JsonObject { ["kind"] = "ServiceTemplate" }]));
    }

    [Fact]
    public void A_posted_Secret_is_as_the_API_server_would_keep_it()
    {
        var posted = PostedObjects.Read([.. KubernetesYaml.ReadAll("{apiVersion: v1, kind: Secret, metadata: {name: keys, namespace: team}, data: {a: MQ==}, stringData: {b: two}}")]);
        var secret = posted.Sources.Source("Secret", new("team", "keys"))!;
        Assert.Equal("""{"a":"MQ==","b":"dHdv"}""", secret.At("data")!.ToJsonString());
        Assert.Null(posted.Sources.Source("Secret", new("other", "keys")));
        Assert.Null(posted.Sources.Source("ConfigMap", new("team", "keys")));
        Assert.Throws<ProblemException>(() => PostedObjects.Read([.. KubernetesYaml.ReadAll("{apiVersion: v1, kind: Secret, metadata: {name: keys}, data: {a: 'no!'}}")]));
    }

    private static IReadOnlyList<DiffTarget> Targets(SelectableCluster[] clusters, string[] present, string posted) => DiffTargets.Of(
        new()
        {
            Clusters = clusters,
            Present = new Dictionary<ObjectKey, CustomResource<Contracts.Clusters.ClusterDeploymentSpec, Contracts.Clusters.ClusterDeploymentStatus>>(),
            Services = PostedObjects.Read([.. present.SelectMany(KubernetesYaml.ReadAll)]).Services,
            SetsOf = _ => [],
        },
        PostedObjects.Read([.. KubernetesYaml.ReadAll(posted)]));

    private static SelectableCluster Cluster(string name, string env) => new(new("team", name), name, new Dictionary<string, string> { ["env"] = env }, false, false);
}
