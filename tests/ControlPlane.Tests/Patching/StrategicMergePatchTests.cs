using System.Text.Json.Nodes;
using Fleet.ControlPlane.Patching;
using Fleet.ControlPlane.Schemas;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.ControlPlane.Tests.Patching;

public sealed class StrategicMergePatchTests
{
    private static readonly Schema s_pod = BuiltInSchemas.Find(new GroupVersionKind("", "v1", "Pod"))!;
    private static readonly Schema s_deployment = BuiltInSchemas.Find(new GroupVersionKind("apps", "v1", "Deployment"))!;

    /// <summary>Pod specs: live, patch, expected.</summary>
    public static TheoryData<string, string, string> PodSpecs => new()
    {
        { """{"containers":[{"name":"a","image":"1","args":["x"]}]}""", """{"containers":[{"name":"a","image":"2"}]}""", """{"containers":[{"name":"a","image":"2","args":["x"]}]}""" },
        { """{"containers":[{"name":"a"}]}""", """{"containers":[{"name":"b"}]}""", """{"containers":[{"name":"b"},{"name":"a"}]}""" },
        { """{"containers":[{"name":"a"},{"name":"b"}]}""", """{"containers":[{"name":"a","$patch":"delete"}]}""", """{"containers":[{"name":"b"}]}""" },
        { """{"containers":[{"name":"a"},{"name":"b"}]}""", """{"containers":[{"$patch":"replace"},{"name":"c"}]}""", """{"containers":[{"name":"c"}]}""" },
        { """{"containers":[{"name":"a"},{"name":"b"}]}""", """{"containers":[{"$patch":"replace","name":"d"}]}""", """{"containers":[{"name":"d"}]}""" },
        { """{"containers":[{"name":"a","args":["x"]}]}""", """{"containers":[{"name":"a","args":["y"]}]}""", """{"containers":[{"name":"a","args":["y"]}]}""" },
        { """{"tolerations":[{"key":"a"}]}""", """{"tolerations":[{"key":"b"}]}""", """{"tolerations":[{"key":"b"}]}""" },
        { """{"containers":[{"name":"a"},{"name":"side"}]}""", """{"$setElementOrder/containers":[{"name":"b"},{"name":"a"}],"containers":[{"name":"b"}]}""", """{"containers":[{"name":"b"},{"name":"a"},{"name":"side"}]}""" },
        { """{"containers":[{"name":"a"},{"name":"b"}]}""", """{"$setElementOrder/containers":[{"name":"b"},{"name":"a"}]}""", """{"containers":[{"name":"b"},{"name":"a"}]}""" },
        { """{"containers":[{"name":"a","env":[{"name":"X","value":"1"},{"name":"Y","value":"2"}]}]}""", """{"containers":[{"name":"a","env":[{"name":"X","value":null,"valueFrom":{"fieldRef":{"fieldPath":"p"}}}]}]}""", """{"containers":[{"name":"a","env":[{"name":"X","valueFrom":{"fieldRef":{"fieldPath":"p"}}},{"name":"Y","value":"2"}]}]}""" },
        { """{"volumes":[{"name":"v","emptyDir":{}}]}""", """{"volumes":[{"name":"v","$retainKeys":["name","secret"],"secret":{"secretName":"s"}}]}""", """{"volumes":[{"name":"v","secret":{"secretName":"s"}}]}""" },
        { """{"nodeSelector":{"a":"1"}}""", """{"nodeSelector":{"$patch":"replace","b":"2"}}""", """{"nodeSelector":{"b":"2"}}""" },
        { """{"securityContext":{"runAsUser":1}}""", """{"securityContext":{"$patch":"delete"}}""", """{"securityContext":{}}""" },
        { """{"hostname":"x"}""", """{"hostname":null,"subdomain":null}""", "{}" },
        { "{}", """{"nodeSelector":{"a":"1","b":null},"containers":[{"name":"a","image":null}]}""", """{"nodeSelector":{"a":"1"},"containers":[{"name":"a"}]}""" },
    };

    [Theory]
    [MemberData(nameof(PodSpecs))]
    public void A_pod_spec_is_patched(string live, string patch, string expected)
    {
        var target = new JsonObject { ["spec"] = JsonNode.Parse(live) };
        var actual = StrategicMergePatch.Apply(target, new JsonObject { ["spec"] = JsonNode.Parse(patch) }, s_pod)["spec"]!;
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), actual), actual.ToJsonString());
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(live), target["spec"]), "the target was changed");
    }

    [Fact]
    public void Scalars_of_a_merged_list_are_added_and_deleted()
    {
        var live = Parse("""{"metadata":{"finalizers":["a","b"]}}""");
        var added = StrategicMergePatch.Apply(live, Parse("""{"metadata":{"finalizers":["c","a"]}}"""), s_pod);
        Assert.Equal(["a", "b", "c"], ((JsonArray)added["metadata"]!["finalizers"]!).Select(f => (string?)f).Order());
        var deleted = StrategicMergePatch.Apply(live, Parse("""{"metadata":{"$deleteFromPrimitiveList/finalizers":["a"]}}"""), s_pod);
        Assert.Equal("""["b"]""", deleted["metadata"]!["finalizers"]!.ToJsonString());
    }

    [Fact]
    public void A_strategy_change_keeps_only_what_retainKeys_names()
    {
        var live = Parse("""{"spec":{"strategy":{"type":"RollingUpdate","rollingUpdate":{"maxSurge":1}}}}""");
        var next = StrategicMergePatch.Apply(live, Parse("""{"spec":{"strategy":{"$retainKeys":["type"],"type":"Recreate"}}}"""), s_deployment);
        Assert.Equal("""{"type":"Recreate"}""", next["spec"]!["strategy"]!.ToJsonString());
    }

    [Theory]
    [InlineData("""{"spec":{"containers":[{"image":"x"}]}}""", "does not contain declared merge key: name")]
    [InlineData("""{"spec":{"$patch":"frob"}}""", "Unknown patch type")]
    [InlineData("""{"spec":{"$retainKeys":["a"],"b":1}}""", "retainKeys")]
    public void A_malformed_patch_is_refused(string patch, string message)
    {
        var refused = Assert.Throws<KubeApiException>(() => StrategicMergePatch.Apply(Parse("""{"spec":{"containers":[]}}"""), Parse(patch), s_pod));
        Assert.Equal(400, refused.Code);
        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Custom_resources_do_not_take_strategic_patches() =>
        Assert.Equal(415, Assert.Throws<KubeApiException>(() => StrategicMergePatch.Apply([], [], null)).Code);

    private static JsonObject Parse(string json) => (JsonObject)JsonNode.Parse(json)!;
}
