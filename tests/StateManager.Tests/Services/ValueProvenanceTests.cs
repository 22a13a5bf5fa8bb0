using System.Text.Json.Nodes;
using Fleet.StateManager.Services;

namespace Fleet.StateManager.Tests.Services;

public sealed class ValueProvenanceTests
{
    private static readonly ValuesOrigin Settings = new("ConfigMap", "settings", "values.yaml");
    private static readonly ValuesOrigin Keys = new("Secret", "keys", "values.yaml");

    [Fact]
    public void Every_value_says_where_it_is_from_and_what_it_hides()
    {
        var values = ValueProvenance.Of(
            Map("""{"replicas":1,"image":{"name":"nginx","tag":"1.29"},"args":["a"],"empty":{}}"""),
            [
                new(Settings, Map("""{"replicas":2,"image":{"tag":"1.30"}}""")),
                new(Keys, Map("""{"password":"canary"}""")),
                new(ValuesOrigin.Inline, Map("""{"replicas":3,"args":["b","c"],"host.name":"x"}""")),
            ]);
        Assert.Equal(
            [
                "replicas=3 from values over valuesFrom: ConfigMap settings, key values.yaml; Chart",
                "image.name=\"nginx\" from Chart over ",
                "image.tag=\"1.30\" from valuesFrom: ConfigMap settings, key values.yaml over Chart",
                "args=[\"b\",\"c\"] from values over Chart",
                "empty={} from Chart over ",
                "password=\"canary\" from valuesFrom: Secret keys, key values.yaml over ",
                "host\\.name=\"x\" from values over ",
            ],
            values.Select(Text));
    }

    [Fact]
    public void A_null_takes_away_and_a_map_begins_anew_over_a_scalar()
    {
        var values = ValueProvenance.Of(
            Map("""{"resources":{"limits":{"cpu":"1","memory":"1Gi"}},"auth":false}"""),
            [new(ValuesOrigin.Inline, Map("""{"resources":{"limits":null},"auth":{"user":"a"}}"""))]);
        Assert.Equal(["resources.limits=null from values over Chart", "auth.user=\"a\" from values over "], values.Select(Text));
    }

    [Fact]
    public void An_empty_map_takes_nothing_away()
    {
        var values = ValueProvenance.Of(Map("""{"image":{"name":"nginx"}}"""), [new(ValuesOrigin.Inline, Map("""{"image":{}}"""))]);
        Assert.Equal(["image.name=\"nginx\" from Chart over "], values.Select(Text));
    }

    private static string Text(ExplainedValue value) =>
        $"{value.Path}={value.Value?.ToJsonString() ?? "null"} from {Name(value.From)} over {string.Join("; ", value.Over.Select(Name))}";

    private static string Name(ValuesOrigin origin) => origin == ValuesOrigin.Chart ? "Chart" : origin.ToString();

    private static JsonObject Map(string json) => (JsonObject)JsonNode.Parse(json)!;
}
