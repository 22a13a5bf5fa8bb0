using System.Text.Json.Nodes;
using Fleet.ControlPlane.ClusterApi.Defaults;
using Fleet.Kubernetes.Yaml;

namespace Fleet.ControlPlane.Tests.ClusterApi;

/// <summary>The defaults of Cluster API's own webhooks: what a user leaves out, and what comes of it.</summary>
public sealed class ClusterApiDefaultsTests
{
    [Theory]
    [InlineData("MachineDeployment", "{clusterName: c, template: {spec: {version: 1.33.1}}}", """
        {clusterName: c, replicas: 1, rollout: {strategy: {type: RollingUpdate, rollingUpdate: {maxSurge: 1, maxUnavailable: 0}}},
         selector: {matchLabels: {cluster.x-k8s.io/deployment-name: it, cluster.x-k8s.io/cluster-name: c}},
         template: {metadata: {labels: {cluster.x-k8s.io/deployment-name: it, cluster.x-k8s.io/cluster-name: c}}, spec: {version: v1.33.1}}}
        """)]
    [InlineData("MachineDeployment", "{clusterName: c, replicas: 0, rollout: {strategy: {type: OnDelete}}, selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {}}}", """
        {clusterName: c, replicas: 0, rollout: {strategy: {type: OnDelete}}, selector: {matchLabels: {a: b, cluster.x-k8s.io/cluster-name: c}},
         template: {metadata: {labels: {a: b, cluster.x-k8s.io/cluster-name: c}}, spec: {}}}
        """)]
    [InlineData("MachineSet", "{clusterName: c, replicas: 2, template: {spec: {}}}", """
        {clusterName: c, replicas: 2, selector: {matchLabels: {cluster.x-k8s.io/set-name: it, cluster.x-k8s.io/cluster-name: c}},
         template: {metadata: {labels: {cluster.x-k8s.io/set-name: it, cluster.x-k8s.io/cluster-name: c}}, spec: {}}}
        """)]
    [InlineData("MachinePool", "{clusterName: c, template: {spec: {version: v1.33.1}}}", "{clusterName: c, replicas: 1, template: {spec: {version: v1.33.1}}}")]
    [InlineData("Machine", "{clusterName: c, version: 1.33.1}", "{clusterName: c, version: v1.33.1}")]
    [InlineData("MachineHealthCheck", "{clusterName: c, selector: {matchLabels: {a: b}}}", "{clusterName: c, selector: {matchLabels: {a: b, cluster.x-k8s.io/cluster-name: c}}}")]
    public void What_is_left_out_is_filled_in(string kind, string spec, string expected)
    {
        var obj = KubernetesYaml.Parse($"metadata: {{name: it}}\nspec: {spec}\n")!.AsObject();

        ClusterApiDefaults.Apply(kind, obj, null);

        Assert.True(JsonNode.DeepEquals(KubernetesYaml.Parse(expected), obj["spec"]), obj["spec"]!.ToJsonString());
        Assert.Equal("c", (string?)obj["metadata"]!["labels"]!["cluster.x-k8s.io/cluster-name"]);
    }

    [Fact]
    public void A_size_that_somebody_else_set_is_kept_when_an_update_leaves_it_out()
    {
        var obj = KubernetesYaml.Parse("metadata: {name: it}\nspec: {clusterName: c, template: {spec: {}}}\n")!.AsObject();
        ClusterApiDefaults.Apply("MachineDeployment", obj, KubernetesYaml.Parse("spec: {replicas: 7}")!.AsObject());
        Assert.Equal(7, (int)obj["spec"]!["replicas"]!);
    }
}
