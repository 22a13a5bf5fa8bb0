using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.Kubernetes.Yaml;

namespace Fleet.Kubernetes.Tests.Yaml;

public sealed class KubernetesYamlTests
{
    [Theory]
    [InlineData("a: \"yes\"", """{"a":"yes"}""")]
    [InlineData("a: yes", """{"a":true}""")]
    [InlineData("a: on", """{"a":true}""")]
    [InlineData("a: 'on'", """{"a":"on"}""")]
    [InlineData("a: n", """{"a":false}""")]
    [InlineData("a: 12", """{"a":12}""")]
    [InlineData("a: -12", """{"a":-12}""")]
    [InlineData("a: \"12\"", """{"a":"12"}""")]
    [InlineData("a: 0644", """{"a":420}""")]
    [InlineData("a: 0o644", """{"a":420}""")]
    [InlineData("a: 0x1F", """{"a":31}""")]
    [InlineData("a: 0899", """{"a":899}""")]
    [InlineData("a: 1_000", """{"a":1000}""")]
    [InlineData("a: 9223372036854775807", """{"a":9223372036854775807}""")]
    [InlineData("a: 18446744073709551615", """{"a":18446744073709551615}""")]
    [InlineData("a: 184467440737095516150", """{"a":184467440737095516150}""")]
    [InlineData("a: 1.5", """{"a":1.5}""")]
    [InlineData("a: 1e3", """{"a":1000}""")]
    [InlineData("a: 1.2.3", """{"a":"1.2.3"}""")]
    [InlineData("a: 500m", """{"a":"500m"}""")]
    [InlineData("a: 10:30", """{"a":"10:30"}""")]
    [InlineData("a: 2026-01-02", """{"a":"2026-01-02"}""")]
    [InlineData("a: 2026-01-02T03:04:05Z", """{"a":"2026-01-02T03:04:05Z"}""")]
    [InlineData("a: ~", """{"a":null}""")]
    [InlineData("a:", """{"a":null}""")]
    [InlineData("a: ''", """{"a":""}""")]
    [InlineData("a: !!str 12", """{"a":"12"}""")]
    [InlineData("a: ! 12", """{"a":"12"}""")]
    [InlineData("1: x\ntrue: y", """{"1":"x","true":true}""")]
    [InlineData("a: [1, two, {b: c}]", """{"a":[1,"two",{"b":"c"}]}""")]
    [InlineData("a: |\n  x\n  y\n", """{"a":"x\ny\n"}""")]
    [InlineData("a: >-\n  x\n  y\n", """{"a":"x y"}""")]
    [InlineData("a: &x {b: 1}\nc: *x", """{"a":{"b":1},"c":{"b":1}}""")]
    [InlineData("a: &x {b: 1, d: 2}\nc: {<<: *x, b: 3}", """{"a":{"b":1,"d":2},"c":{"b":3,"d":2}}""")]
    [InlineData("- 1\n- a: b\n", """[1,{"a":"b"}]""")]
    public void Parse_means_what_kubectl_reads(string yaml, string json)
        => Assert.Equal(JsonNode.Parse(json)!.ToJsonString(), KubernetesYaml.Parse(yaml)!.ToJsonString());

    [Fact]
    public void ReadAll_skips_empty_documents_and_comments()
    {
        var all = KubernetesYaml.ReadAll("# head\n---\n---\na: 1\n---\n# nothing\n---\nb: 2\n...\n").ToList();
        Assert.Equal(["{\"a\":1}", "{\"b\":2}"], all.Select(x => x.ToJsonString()));
        Assert.Empty(KubernetesYaml.ReadAll(""));
        Assert.Null(KubernetesYaml.Parse(""));
    }

    [Fact]
    public void ReadAll_reads_json_objects_in_a_row()
        => Assert.Equal(2, KubernetesYaml.ReadAll("{\"a\":\t1}\n{\"b\": {\"c\": null}}").Count());

    [Theory]
    [InlineData("a: 1\na: 2", 1, 2, "twice")]
    [InlineData("{\"a\": 1,\n \"a\": 2}", 1, 2, "twice")]
    [InlineData("a: 1\n---\n- x\n", 2, 3, "mapping")]
    [InlineData("a: 1\n---\nb: [1\n", 2, 4, "structure")]
    [InlineData("a: b\n\tc: d\n", 1, 2, "syntax")]
    [InlineData("a: *nope", 1, 1, "anchor")]
    [InlineData("a: .inf", 1, 1, "JSON")]
    [InlineData("a: !!int x", 1, 1, "tag")]
    [InlineData("a: !custom x", 1, 1, "tag")]
    [InlineData("? [a, b]\n: c", 1, 1, "scalar")]
    public void ReadAll_reports_document_and_line(string yaml, int document, int line, string words)
    {
        var error = Assert.Throws<KubernetesYamlException>(() => KubernetesYaml.ReadAll(yaml));
        Assert.Equal((document, line), (error.Document, (int)error.Line));
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Errors_do_not_quote_the_input()
    {
        var error = Assert.Throws<KubernetesYamlException>(() => KubernetesYaml.Parse("token: \"s3cr3t\n"));
        Assert.DoesNotContain("s3cr3t", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_alias_bomb_is_refused_before_it_costs_anything()
    {
        var bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (var i = 1; i < 12; i++)
            bomb.Append('a').Append(i).Append(": &a").Append(i).Append(" [").AppendJoin(", ", Enumerable.Repeat($"*a{i - 1}", 10)).Append("]\n");
        var error = Assert.Throws<KubernetesYamlException>(() => KubernetesYaml.Parse(bomb.ToString()));
        Assert.Contains("aliases", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Depth_and_size_are_bounded()
    {
        Assert.Contains("deeper", Assert.Throws<KubernetesYamlException>(() => KubernetesYaml.Parse(new string('[', 5000))).Message, StringComparison.Ordinal);
        Assert.Contains("deeper", Assert.Throws<KubernetesYamlException>(() => KubernetesYaml.Parse("{\"a\":" + new string('[', 5000))).Message, StringComparison.Ordinal);
        Assert.Throws<KubernetesYamlException>(() => KubernetesYaml.Parse("a: 12345", new() { MaxCharacters = 5 }));
        Assert.Throws<KubernetesYamlException>(() => KubernetesYaml.Parse("a: [1,2,3]", new() { MaxNodes = 4 }));
    }

    [Fact]
    public void The_last_duplicate_wins_when_asked_for()
        => Assert.Equal("""{"b":1,"a":2}""", KubernetesYaml.Parse("a: 1\nb: 1\na: 2", new() { LastDuplicateWins = true })!.ToJsonString());

    [Theory]
    [InlineData("yes")]
    [InlineData("0644")]
    [InlineData("1e3")]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("a: b")]
    [InlineData("# not a comment")]
    [InlineData("- x")]
    [InlineData("*x")]
    [InlineData("&x")]
    [InlineData("!x")]
    [InlineData("%x")]
    [InlineData("@x")]
    [InlineData("`x`")]
    [InlineData("{{ .Values.x }}")]
    [InlineData("[x")]
    [InlineData(" lead")]
    [InlineData("trail ")]
    [InlineData("line\nline\n")]
    [InlineData("line\nline")]
    [InlineData("line\n\n  indented\nline\n")]
    [InlineData(" lead\nline\n")]
    [InlineData("\nlead\n")]
    [InlineData("trail \nline\n")]
    [InlineData("two\n\n")]
    [InlineData("tab\tinside\nline")]
    [InlineData("crlf\r\nline")]
    [InlineData("ünïcode 😀\nline")]
    [InlineData("'quoted'")]
    [InlineData("\"quoted\"")]
    [InlineData("2026-01-02")]
    [InlineData("12:30:45")]
    [InlineData("---")]
    [InlineData("--- a\n--- b\n")]
    [InlineData("<<")]
    [InlineData("~")]
    [InlineData("back\\slash")]
    public void Write_then_Parse_gives_the_same_string(string text)
    {
        var node = new JsonObject { ["k"] = text, ["l"] = new JsonArray(text, new JsonObject { ["m"] = text }) };
        var yaml = KubernetesYaml.Write(node);
        Assert.Equal(node.ToJsonString(), KubernetesYaml.Parse(yaml)!.ToJsonString());
        var asKey = new JsonObject { [text] = 1 };
        Assert.Equal(asKey.ToJsonString(), KubernetesYaml.Parse(KubernetesYaml.Write(asKey))!.ToJsonString());
        var alone = JsonValue.Create(text);
        Assert.Equal(alone.ToJsonString(), KubernetesYaml.Parse(KubernetesYaml.Write(alone))!.ToJsonString());
    }

    [Fact]
    public void Write_is_block_style_in_the_order_of_the_object()
    {
        var node = JsonNode.Parse("""
            {"apiVersion":"v1","metadata":{"name":"x","labels":{}},"list":["a",{"b":1}],"none":null,"flag":true,"text":"l1\nl2\n","number":1.50}
            """);
        Assert.Equal("""
            apiVersion: v1
            metadata:
              name: x
              labels: {}
            list:
            - a
            - b: 1
            none: null
            flag: true
            text: |
              l1
              l2
            number: 1.50

            """.ReplaceLineEndings("\n"), KubernetesYaml.Write(node));
    }

    [Fact]
    public void WriteAll_separates_documents()
        => Assert.Equal("a: 1\n---\nb: 2\n", KubernetesYaml.WriteAll([JsonNode.Parse("""{"a":1}""")!, JsonNode.Parse("""{"b":2}""")!]));

    [Fact]
    public void Random_objects_survive_a_round_trip()
    {
        var random = new Random(20261120);
        for (var i = 0; i < 300; i++)
        {
            var node = RandomNode(random, 4);
            var yaml = KubernetesYaml.Write(node);
            Assert.True(JsonNode.DeepEquals(node, KubernetesYaml.Parse(yaml)), $"{node?.ToJsonString(JsonSerializerOptions.Web)}\n{yaml}");
        }
    }

    private static JsonNode? RandomNode(Random random, int depth) => random.Next(depth > 0 ? 8 : 5) switch
    {
        0 => null,
        1 => JsonValue.Create(random.NextInt64()),
        2 => JsonValue.Create(random.Next(2) == 0),
        3 or 4 => JsonValue.Create(RandomText(random)),
        5 => new JsonArray([.. Enumerable.Range(0, random.Next(4)).Select(_ => RandomNode(random, depth - 1))]),
        _ => new JsonObject(Enumerable.Range(0, random.Next(5)).Select(n => KeyValuePair.Create(n + RandomText(random), RandomNode(random, depth - 1)))),
    };

    private static string RandomText(Random random)
    {
        const string Alphabet = "ab yn01.:-#'\"\n\t{}[],&*!|>%@`é\\~_";
        return string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => Alphabet[random.Next(Alphabet.Length)]));
    }
}
