using System.Text.Json.Nodes;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using static Fleet.Integration.Tests.StateManager.ServiceManifests;
using static Fleet.Integration.Tests.StateManager.StateManagerEnvironment;

namespace Fleet.Integration.Tests.StateManager;

/// <summary>Services of a cluster whose Cluster API objects are in a region.</summary>
public sealed class RegionalServicesTests(StateManagerEnvironment environment) : IClassFixture<StateManagerEnvironment>
{
    private static readonly ResourceKind Deployments = new("k0rdent.mirantis.com", "v1beta1", "ClusterDeployment", "clusterdeployments", true);

    [Fact]
    public async Task Values_read_the_cluster_in_its_region_and_a_region_that_is_away_is_told()
    {
        var region = await environment.AddClusterAsync("region");
        var kubeconfig = await environment.KubeconfigAsync("region");
        await environment.ApplyAsync(Json("""{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"kcm-system"}}"""));
        await environment.ApplyAsync(Address("not a kubeconfig"));
        await environment.ApplyAsync(Json("""{"apiVersion":"k0rdent.mirantis.com/v1beta1","kind":"Region","metadata":{"name":"eu"},"spec":{"kubeConfig":{"name":"eu-kubeconfig","key":"value"}}}"""));
        await environment.AddClusterAsync("far");
        await environment.ApplyAsync(Template());
        await environment.ApplyAsync(Json("""{"apiVersion":"k0rdent.mirantis.com/v1beta1","kind":"ClusterDeployment","metadata":{"name":"far","namespace":"team-a"},"spec":{"template":"none"}}"""));
        var far = (await environment.Management.Dynamic(Deployments).GetAsync(new(Namespace, "far"), default))!;
        far.Root["status"] = new JsonObject { ["region"] = "eu" };
        await environment.Management.Dynamic(Deployments).UpdateStatusAsync(far, default);
        await MakeClusterAsync(region);

        await environment.ApplyAsync(Set("far", "far", Service("web", "replicaCount: {{ .Cluster.spec.replicas }}\nnameOverride: {{ .InfrastructureProvider.spec.zone }}")));
        await environment.StatusAsync("far", status => ((status?["services"] as JsonArray)?[0]?["failureMessage"]?.ToString() ?? "").StartsWith("the cluster's objects can not be read now: Region eu: ", StringComparison.Ordinal), "tells of its region");

        await environment.ApplyAsync(Address(kubeconfig));
        await environment.TouchSetAsync("far");
        await environment.ServiceAsync("far", "web", "Deployed");
        var values = await environment.ValuesAsync("far", "web");
        Assert.Equal((2, "eu-1"), ((int)values["replicaCount"]!, (string)values["nameOverride"]!));
        await environment.DeleteSetAsync("far");
    }

    private static JsonObject Address(string kubeconfig)
    {
        var secret = Source("Secret", "eu-kubeconfig", ("value", kubeconfig));
        secret["metadata"]!["namespace"] = "kcm-system";
        return secret;
    }

    private static async Task MakeClusterAsync(IKubernetesClient region)
    {
        await ApplyAsync(region, """{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"team-a"}}""");
        foreach (var (group, version, kind, plural) in new[] { ("cluster.x-k8s.io", "v1beta1", "Cluster", "clusters"), ("infrastructure.cluster.x-k8s.io", "v1beta2", "AWSCluster", "awsclusters") })
            await ApplyAsync(region, $$$"""
                {"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition","metadata":{"name":"{{{plural}}}.{{{group}}}"},
                 "spec":{"group":"{{{group}}}","scope":"Namespaced","names":{"kind":"{{{kind}}}","plural":"{{{plural}}}","singular":"{{{kind.ToLowerInvariant()}}}","listKind":"{{{kind}}}List"},
                  "versions":[{"name":"{{{version}}}","served":true,"storage":true,"schema":{"openAPIV3Schema":{"type":"object","x-kubernetes-preserve-unknown-fields":true} } }] } }
                """);
        await ApplyAsync(region, """{"apiVersion":"infrastructure.cluster.x-k8s.io/v1beta2","kind":"AWSCluster","metadata":{"name":"far","namespace":"team-a"},"spec":{"zone":"eu-1"}}""");
        await ApplyAsync(region, """
            {"apiVersion":"cluster.x-k8s.io/v1beta1","kind":"Cluster","metadata":{"name":"far","namespace":"team-a"},
             "spec":{"replicas":2,"infrastructureRef":{"apiVersion":"infrastructure.cluster.x-k8s.io/v1beta2","kind":"AWSCluster","name":"far"} } }
            """);
    }

    private static async Task ApplyAsync(IKubernetesClient client, string json)
    {
        var manifest = Json(json);
        var wanted = GroupVersionKind.Parse((string)manifest["apiVersion"]!, (string)manifest["kind"]!);
        var kind = await EventuallyAsync(async () => await client.FindKindAsync(wanted, default), found => found is not null, $"kind {wanted}");
        await client.Dynamic(kind!).ApplyAsync(manifest, new ApplyOptions("test") { Force = true }, default);
    }
}
