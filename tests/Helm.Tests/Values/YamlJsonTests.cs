using System.Text.Json.Nodes;
using Fleet.Kubernetes.Yaml;
using Fleet.Helm.Values;

namespace Fleet.Helm.Tests.Values;

public sealed class YamlJsonTests
{
    [Fact]
    public void What_is_written_is_the_same_as_JSON_and_as_YAML()
    {
        var node = new JsonObject
        {
            ["plain"] = "a+b/c==<>&'",
            ["quoted \"key\""] = "back\\slash \"quote\" {{ braces }} # : - ",
            ["lines"] = "one\ntwo\r\n\ttab\u0085\u2028\u2029\ufeff\u007f\0",
            ["unicode"] = "äöü 日本語 🚀",
            ["number"] = JsonNode.Parse("12345678901234567890"),
            ["fraction"] = JsonNode.Parse("1e400"),
            ["list"] = new JsonArray(1, "x", null, true, new JsonObject(), new JsonArray()),
        };
        var text = YamlJson.Text(node);
        Assert.DoesNotContain('\n', text);
        Assert.Contains("a+b/c==<>&'", text, StringComparison.Ordinal);
        Assert.Contains("🚀", text, StringComparison.Ordinal);
        Assert.True(JsonNode.DeepEquals(node, JsonNode.Parse(text)), text);
        // A remark before it keeps our reader from taking it for JSON.
        node.Remove("fraction");
        var yaml = KubernetesYaml.Parse("# YAML\n" + YamlJson.Text(node));
        Assert.True(JsonNode.DeepEquals(node, yaml), yaml!.ToJsonString());
    }

    [Fact]
    public void Half_a_character_is_replaced() => Assert.Equal("{\"a\":\"\ufffd\"}", YamlJson.Text(new JsonObject { ["a"] = "\ud83d" }));
}
