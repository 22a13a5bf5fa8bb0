using System.Text.Json.Nodes;
using Fleet.Kubernetes.Objects;
using Fleet.Observability.Recommendations;
using Fleet.Observability.Recommendations.Applying;

namespace Fleet.Observability.Tests.Recommendations;

public sealed class NodeScalingTests
{
    [Theory]
    [InlineData("", null)]
    [InlineData("node=other", "no Machine of Cluster API is this node: its pool is changed where it is made")]
    [InlineData("after=n2", "its pods have room only once n2 has gone")]
    [InlineData("after=gone", null)]
    [InlineData("pools", "its workers are not of one MachineDeployment, so that their number does not say which pool becomes smaller")]
    [InlineData("otherpool", "its workers are not of one MachineDeployment, so that their number does not say which pool becomes smaller")]
    [InlineData("autoscaled", "an autoscaler sets the number of its workers, and should find out by itself")]
    [InlineData("noconfig", "its config does not say workersNumber")]
    [InlineData("replicas=4", "its config says 3 workers, and it has another number of them now")]
    [InlineData("deleting", "the cluster is being deleted, or only a dry run")]
    public void One_worker_less_is_this_node_less_or_it_is_for_people(string what, string? reason)
    {
        var cluster = Object($$"""{"metadata":{"name":"web","namespace":"team","uid":"u","generation":7{{(what == "deleting" ? ",\"deletionTimestamp\":\"2026-11-22T11:00:00Z\"" : "")}}},"spec":{"config":{{{(what == "noconfig" ? "" : "\"workersNumber\":3")}} } } }""");
        var replicas = what == "replicas=4" ? 4 : 3;
        var pool = Object($$"""{"metadata":{"name":"md","annotations":{{{(what == "autoscaled" ? "\"cluster.x-k8s.io/cluster-api-autoscaler-node-group-max-size\":\"5\"" : "")}} } },"spec":{"replicas":{{replicas}}},"status":{"replicas":3} }""");
        var machines = Enumerable.Range(1, 3).Select(number => Object(
            $$"""{"metadata":{"name":"m{{number}}","uid":"m{{number}}","labels":{"cluster.x-k8s.io/deployment-name":"{{(what == "otherpool" ? "x" : "md")}}"} },"status":{"nodeRef":{"name":"n{{number}}"} } }""")).ToList();
        var (found, why) = NodeScaling.Of(
            what == "node=other" ? "other" : "n1", what.StartsWith("after=", StringComparison.Ordinal) ? [what[6..]] : [], cluster, what == "pools" ? [pool, pool] : [pool], machines);
        Assert.Equal(reason, why);
        if (reason is not null)
            return;
        Assert.Equal("m1", found!.Machine.Key.Name);
        Assert.Equal(
            """[{"op":"test","path":"/metadata/uid","value":"u"},{"op":"test","path":"/metadata/generation","value":7},{"op":"test","path":"/spec/config/workersNumber","value":3},{"op":"replace","path":"/spec/config/workersNumber","value":2}]""",
            found.Patch().ToJsonString());
        Assert.Equal("""{"metadata":{"uid":"m1","annotations":{"cluster.x-k8s.io/delete-machine":"true"}}}""", found.Mark("true").ToJsonString());
    }

    [Theory]
    [InlineData("""{"replicas":0,"x":1}""", null)]
    [InlineData("""{"replicas":1,"x":1}""", "it would not have 0 replicas")]
    [InlineData("""{"replicas":0,"x":2}""", "more of it than its replicas would change")]
    public void Fewer_pods_are_proven_by_rendering(string spec, string? reason)
    {
        var wanted = new WantedReplicas("Deployment", "shop", "web", 0);
        Assert.Equal(reason, wanted.Against([Rendered("""{"replicas":2,"x":1}"""), Other(1)], [Rendered(spec), Other(1)]));
        Assert.Equal("ConfigMap c would change as well", wanted.Against([Rendered("""{"replicas":2,"x":1}"""), Other(1)], [Rendered("""{"replicas":0,"x":1}"""), Other(2)]));
        Assert.Equal("the chart does not render it", wanted.Against([Other(1)], [Other(1)]));
        var values = (JsonObject)JsonNode.Parse("""{"db":{"replicaCount":1},"replicaCount":2,"replicas":"2","minReplicas":1.5,"web":{"replicas":2}}""")!;
        Assert.Equal(
            ["replicaCount", "web.replicas", "db.replicaCount"],
            wanted.Candidates(values, Object("""{"metadata":{"name":"web"},"spec":{"replicas":2} }""")).Select(path => string.Join('.', path)));

        static JsonObject Rendered(string spec) => (JsonObject)JsonNode.Parse($$"""{"kind":"Deployment","metadata":{"name":"web","namespace":"shop"},"spec":{{spec}}}""")!;
        static JsonObject Other(int number) => (JsonObject)JsonNode.Parse($$"""{"kind":"ConfigMap","metadata":{"name":"c"},"data":{"a":"{{number}}"} }""")!;
    }

    [Theory]
    [InlineData("rightsizing", "Deployment", "values")]
    [InlineData("rightsizing", "Job", "manual")]
    [InlineData("abandonedWorkload", "StatefulSet", "values")]
    [InlineData("underusedNode", "Node", "cluster")]
    [InlineData("nightScaleDown", "Deployment", "manual")]
    [InlineData("minReplicas", "HorizontalPodAutoscaler", "values")]
    [InlineData("unmountedVolume", "PersistentVolume", "manual")]
    public void Each_kind_says_how_it_can_be_followed(string kind, string objectKind, string way)
    {
        Assert.Contains(kind, RecommendationKinds.All);
        Assert.Equal(way, ApplyWays.Of(kind, objectKind));
    }

    private static DynamicObject Object(string json) => new((JsonObject)JsonNode.Parse(json)!);
}
