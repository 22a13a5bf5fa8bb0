using System.Text.Json.Nodes;
using Fleet.Cost.Packing;
using Fleet.Kubernetes.Objects;
using Fleet.Observability.Recommendations.Surveys;

namespace Fleet.Observability.Tests.Recommendations;

/// <summary>A pod with a disk on n1, which is to go; n2 is in the same zone, n3 in another. All attach at most two disks.</summary>
public sealed class VolumePlacerTests
{
    private const string Csi = "\"csi\":{\"driver\":\"ebs\"}";
    private const string ZoneA = ",\"nodeAffinity\":{\"required\":{\"nodeSelectorTerms\":[{\"matchExpressions\":[{\"key\":\"zone\",\"operator\":\"In\",\"values\":[\"a\"]}]}]}}";
    private const string ZoneB = ",\"nodeAffinity\":{\"required\":{\"nodeSelectorTerms\":[{\"matchExpressions\":[{\"key\":\"zone\",\"operator\":\"In\",\"values\":[\"b\"]}]}]}}";

    [Theory]
    [InlineData(Csi, "", "n2")]
    [InlineData(Csi + ZoneA, "", "n2")]
    [InlineData("\"nfs\":{}", "", "n2")]
    // In the zone of no other node: it can not follow.
    [InlineData(Csi + ZoneB, "", "pod team/web fits on no other node")]
    // The other node of its zone has as many disks as it may.
    [InlineData(Csi + ZoneA, "full", "pod team/web fits on no other node")]
    [InlineData(Csi + ZoneA, "no driver", "pod team/web fits on no other node")]
    [InlineData("\"local\":{\"path\":\"/x\"}" + ZoneA, "", "pod team/web: its disk lies on its node")]
    [InlineData("\"hostPath\":{\"path\":\"/x\"}", "", "pod team/web: its disk lies on its node")]
    [InlineData("\"awsElasticBlockStore\":{}", "", "pod team/web: it has a disk, which may not follow it")]
    [InlineData("", "", "pod team/web: its disk data is not known")]
    [InlineData(Csi, "shared", "shares the disk data with others")]
    public void A_disk_follows_where_it_may_and_keeps_its_pod_where_it_may_not(string source, string what, string expected)
    {
        var volume = source.Length == 0 ? null : SurveyVolume.Of(Object($$"""
            {"metadata":{"name":"pv"},"spec":{"claimRef":{"namespace":"team","name":"data"},"accessModes":["ReadWriteOnce"],{{source}} },"status":{"phase":"Bound"} }
            """));
        var others = what == "full" ? new[] { Pod("x", "n2", "x1", "x2") } : what == "shared" ? [Pod("beside", "n1", "data")] : [];
        var volumes = new[] { volume, Other("x1"), Other("x2") }.OfType<SurveyVolume>();
        var pods = VolumePlacer.Place([Pod("web", "n1", "data"), .. others], volumes).Select(pod => pod.Packing).ToList();
        var proof = NodePacker.Prove([Node("n1", "a", what) with { MonthlyCost = 9 }, Node("n2", "a", what), Node("n3", "c", what)], pods, new() { LeastNodes = 2 });
        if (expected == "n2")
            Assert.Contains(proof.Removable.Single(node => node.Node == "n1").Moves.Single(move => move.Pod == "team/web").To, new[] { "n2", "n3" });
        else
            Assert.Contains(expected, proof.Kept.First(node => node.Node == "n1").Reason, StringComparison.Ordinal);
        if (source.EndsWith(ZoneA, StringComparison.Ordinal) && expected == "n2")
            Assert.Equal("n2", proof.Removable[0].Moves.Single().To);
    }

    [Fact]
    public void What_else_keeps_a_pod_is_not_lifted_by_its_disk()
    {
        var strange = SurveyPod.Of(Object("""
            {"metadata":{"name":"web","namespace":"team","ownerReferences":[{"apiVersion":"apps/v1","kind":"StatefulSet","name":"web","uid":"u","controller":true}]},
             "spec":{"nodeName":"n1","schedulerName":"volcano","containers":[{"name":"app"}],"volumes":[{"name":"d","persistentVolumeClaim":{"claimName":"x1"} }]} }
            """));
        Assert.Contains("volcano", VolumePlacer.Place([strange], [Other("x1")]).Single().Packing.StaysBecause, StringComparison.Ordinal);
    }

    private static SurveyVolume Other(string claim) => SurveyVolume.Of(Object($$"""
        {"metadata":{"name":"{{claim}}"},"spec":{"claimRef":{"namespace":"team","name":"{{claim}}"},"csi":{"driver":"ebs"} },"status":{"phase":"Bound"} }
        """))!;

    private static SurveyPod Pod(string name, string node, params string[] claims) => SurveyPod.Of(Object($$"""
        {"metadata":{"name":"{{name}}","namespace":"team","ownerReferences":[{"apiVersion":"apps/v1","kind":"StatefulSet","name":"{{name}}","uid":"u","controller":true}]},
         "spec":{"nodeName":"{{node}}","containers":[{"name":"app","resources":{"requests":{"cpu":"100m"} } }],"volumes":[{{string.Join(',', claims.Select((claim, index) => $"{{\"name\":\"d{index}\",\"persistentVolumeClaim\":{{\"claimName\":\"{claim}\"}} }}"))}}]},"status":{"phase":"Running"} }
        """));

    private static PackingNode Node(string name, string zone, string what)
    {
        var node = new PackingNode
        {
            Name = name, Labels = new Dictionary<string, string> { ["zone"] = zone }, Allocatable = new Dictionary<string, double> { ["cpu"] = 4, ["memory"] = 8e9, ["pods"] = 110 },
        };
        return VolumePlacer.WithLimits(node, what == "no driver" && name != "n1" ? null : Object($$"""{"metadata":{"name":"{{name}}"},"spec":{"drivers":[{"name":"ebs","allocatable":{"count":2} }]} }"""));
    }

    private static DynamicObject Object(string json) => new((JsonObject)JsonNode.Parse(json)!);
}
