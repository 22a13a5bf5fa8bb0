using System.Text.Json.Nodes;
using Fleet.Kubernetes.Yaml;
using Fleet.StateManager.Previews;
using Fleet.StateManager.ServiceSets;
using Fleet.StateManager.Services;
using Fleet.StateManager.Tests.ServiceSets;

namespace Fleet.StateManager.Tests.Previews;

public sealed class ServiceDifferencesTests
{
    private const string Canary = "canary-4711";

    private static readonly ValuesOrigin Keys = new("Secret", "keys", "values.yaml");

    [Fact]
    public void An_upgrade_shows_what_the_chart_sees_differently()
    {
        var before = Source("""{"replicas":1,"image":{"tag":"1.29"},"gone":true}""", (ValuesOrigin.Inline, """{"replicas":2}"""));
        var after = Source("""{"replicas":1,"image":{"tag":"1.30"}}""", (ValuesOrigin.Inline, """{"replicas":3}"""));
        Assert.Equal(["replicas 2 → 3", "image.tag \"1.29\" → \"1.30\"", "gone true → "], Changes(before, after));
    }

    [Fact]
    public void An_install_shows_what_is_given_and_not_the_charts_own() =>
        Assert.Equal(["replicas  → 3"], Changes(null, Source("""{"replicas":1,"port":80}""", (ValuesOrigin.Inline, """{"replicas":3}"""))));

    [Fact]
    public void Secret_values_show_that_they_change_and_nothing_else()
    {
        var before = Source("""{"password":"","url":""}""", (Keys, $$"""{"password":"{{Canary}}","same":"{{Canary}}"}"""), (ValuesOrigin.Inline, $$"""{"url":"https://{{Canary}}@a"}"""));
        var after = Source("""{"password":"","url":""}""", (Keys, $$"""{"password":"{{Canary}}-2","same":"{{Canary}}"}"""), (ValuesOrigin.Inline, """{"url":"https://a","adminPassword":"inline-canary"}"""));
        var changes = ServiceDifferences.OfValues(before, after);
        Assert.Equal(["password", "url", "adminPassword"], changes.Select(change => change.Path));
        Assert.All(changes, change => Assert.Equal((true, null, null), (change.Secret, change.From, change.To)));
    }

    [Fact]
    public void A_value_that_moves_out_of_a_Secret_is_not_shown_on_its_way()
    {
        var change = Assert.Single(ServiceDifferences.OfValues(Source("{}", (Keys, """{"level":"debug"}""")), Source("{}", (ValuesOrigin.Inline, """{"level":"debug"}"""))));
        Assert.True(change.Secret);
    }

    [Fact]
    public void Objects_come_go_and_change_with_their_secrets_masked()
    {
        var before = Objects($$"""
            {apiVersion: v1, kind: Secret, metadata: {name: s}, stringData: {password: "{{Canary}}"} }
            ---
            {apiVersion: v1, kind: ConfigMap, metadata: {name: c}, data: {url: "a {{Canary}}", open: "1"} }
            ---
            {apiVersion: v1, kind: Service, metadata: {name: gone} }
            """);
        var after = Objects($$"""
            {apiVersion: v1, kind: Secret, metadata: {name: s, namespace: shop}, stringData: {password: "{{Canary}}-2"} }
            ---
            {apiVersion: v1, kind: ConfigMap, metadata: {name: c, annotations: {checksum/secret: "0815"} }, data: {url: "a {{Canary}}-2", open: "2"} }
            ---
            {apiVersion: apps/v1, kind: Deployment, metadata: {name: web} }
            """);
        var (created, changed, removed) = ServiceDifferences.OfObjects(before, after, "shop", []);
        Assert.Equal("Deployment shop/web", $"{Assert.Single(created).Kind} {created[0].Namespace}/{created[0].Name}");
        Assert.Equal("gone", Assert.Single(removed).Name);
        Assert.Equal(
            ["s stringData.password secret", "c data.url secret", "c data.open \"1\" → \"2\"", "c metadata.annotations.checksum/secret secret"],
            changed.SelectMany(item => item.Fields, (item, field) => $"{item.Name} {field.Path} {(field.Secret ? "secret" : $"{field.From?.ToJsonString()} → {field.To?.ToJsonString()}")}"));
        Assert.DoesNotContain(Canary, string.Concat(changed.SelectMany(item => item.Fields).Select(field => $"{field.From}{field.To}")), StringComparison.Ordinal);
    }

    private static List<string> Changes(ServiceSource.Found? before, ServiceSource.Found after) =>
        [.. ServiceDifferences.OfValues(before, after).Select(change => $"{change.Path} {change.From?.ToJsonString()} → {change.To?.ToJsonString()}")];

    private static ServiceSource.Found Source(string chart, params (ValuesOrigin Origin, string Json)[] layers)
    {
        List<ValuesLayer> all = [.. layers.Select(layer => new ValuesLayer(layer.Origin, Map(layer.Json)))];
        var found = Given.Source();
        return found with
        {
            Chart = found.Chart with { Content = found.Chart.Content with { Values = Map(chart) } },
            Values = ServiceValues.Merge(all),
            Layers = all,
            Secrets = [.. all.Where(layer => layer.Origin.IsSecret).SelectMany(layer => ServiceValues.Texts(layer.Values))],
        };
    }

    private static List<JsonObject> Objects(string yaml) => [.. KubernetesYaml.ReadAll(yaml)];

    private static JsonObject Map(string json) => (JsonObject)JsonNode.Parse(json)!;
}
