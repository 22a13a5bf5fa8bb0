using System.Text.Json.Nodes;
using Fleet.ControlPlane.Patching;
using Fleet.Kubernetes.Resources;

namespace Fleet.ControlPlane.Tests.Patching;

public sealed class JsonPatchTests
{
    public static TheoryData<string, string, string> Merges => new()
    {
        { """{"a":"b"}""", """{"a":"c"}""", """{"a":"c"}""" },
        { """{"a":"b"}""", """{"b":"c"}""", """{"a":"b","b":"c"}""" },
        { """{"a":"b","b":"c"}""", """{"a":null}""", """{"b":"c"}""" },
        { """{"a":["b"]}""", """{"a":"c"}""", """{"a":"c"}""" },
        { """{"a":{"b":"c"}}""", """{"a":{"b":"d","c":null}}""", """{"a":{"b":"d"}}""" },
        { """{"a":[{"b":"c"}]}""", """{"a":[1]}""", """{"a":[1]}""" },
        { """["a","b"]""", """["c","d"]""", """["c","d"]""" },
        { """{"a":"foo"}""", "null", "null" },
        { """{"e":null}""", """{"a":1}""", """{"e":null,"a":1}""" },
        { "{}", """{"a":{"bb":{"ccc":null}}}""", """{"a":{"bb":{}}}""" },
    };

    [Theory]
    [MemberData(nameof(Merges))]
    public void A_merge_patch_follows_rfc_7386(string target, string patch, string expected) =>
        Same(expected, JsonMergePatch.Apply(JsonNode.Parse(target), JsonNode.Parse(patch)));

    public static TheoryData<string, string, string> Patches => new()
    {
        { """{"a":1}""", """[{"op":"add","path":"/b","value":2}]""", """{"a":1,"b":2}""" },
        { """{"a":[1,3]}""", """[{"op":"add","path":"/a/1","value":2}]""", """{"a":[1,2,3]}""" },
        { """{"a":[1]}""", """[{"op":"add","path":"/a/-","value":{"x":1}}]""", """{"a":[1,{"x":1}]}""" },
        { """{"a":1,"b":2}""", """[{"op":"remove","path":"/b"}]""", """{"a":1}""" },
        { """{"a":[1,2,3]}""", """[{"op":"remove","path":"/a/1"}]""", """{"a":[1,3]}""" },
        { """{"a":1}""", """[{"op":"replace","path":"/a","value":null}]""", """{"a":null}""" },
        { """{"a":{"b":1},"c":{}}""", """[{"op":"move","from":"/a/b","path":"/c/d"}]""", """{"a":{},"c":{"d":1}}""" },
        { """{"a":{"b":1}}""", """[{"op":"copy","from":"/a","path":"/c"}]""", """{"a":{"b":1},"c":{"b":1}}""" },
        { """{"a/b":1,"m~n":2}""", """[{"op":"test","path":"/a~1b","value":1},{"op":"remove","path":"/m~0n"}]""", """{"a/b":1}""" },
        { """{"a":1}""", """[{"op":"test","path":"/a","value":1.0},{"op":"replace","path":"","value":[]}]""", "[]" },
        { """{"a":null}""", """[{"op":"test","path":"/a","value":null},{"op":"test","path":"/b","value":null}]""", """{"a":null}""" },
    };

    [Theory]
    [MemberData(nameof(Patches))]
    public void A_json_patch_follows_rfc_6902(string target, string patch, string expected) =>
        Same(expected, JsonPatch.Apply(JsonNode.Parse(target), JsonNode.Parse(patch)));

    [Theory]
    [InlineData("""[{"op":"remove","path":"/x"}]""", 422)]
    [InlineData("""[{"op":"replace","path":"/x","value":1}]""", 422)]
    [InlineData("""[{"op":"test","path":"/a","value":2}]""", 422)]
    [InlineData("""[{"op":"add","path":"/l/9","value":2}]""", 422)]
    [InlineData("""[{"op":"add","path":"/l/01","value":2}]""", 422)]
    [InlineData("""[{"op":"add","path":"/x/y","value":2}]""", 422)]
    [InlineData("""[{"op":"move","from":"/o","path":"/o/p"}]""", 422)]
    [InlineData("""[{"op":"frob","path":"/a"}]""", 400)]
    [InlineData("""[{"op":"add","path":"a","value":1}]""", 400)]
    [InlineData("""[{"op":"add","path":"/a"}]""", 400)]
    [InlineData("""[{"op":"add"}]""", 400)]
    [InlineData("""{"op":"add"}""", 400)]
    [InlineData("[1]", 400)]
    public void A_patch_that_cannot_be_applied_is_refused(string patch, int code)
    {
        var target = JsonNode.Parse("""{"a":1,"l":[1],"o":{}}""");
        Assert.Equal(code, Assert.Throws<KubeApiException>(() => JsonPatch.Apply(target, JsonNode.Parse(patch))).Code);
        Same("""{"a":1,"l":[1],"o":{}}""", target);
    }

    private static void Same(string expected, JsonNode? actual) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), actual), $"expected {expected}, got {actual?.ToJsonString() ?? "null"}");
}
