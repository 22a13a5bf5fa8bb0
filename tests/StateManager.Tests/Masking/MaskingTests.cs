using System.Text;
using System.Text.Json.Nodes;
using Fleet.Helm.Errors;
using Fleet.Kubernetes.Yaml;
using Fleet.StateManager.Inventory;
using Fleet.StateManager.Masking;
using Fleet.StateManager.ServiceSets;
using Fleet.StateManager.Services;
using Fleet.StateManager.Tests.ServiceSets;

namespace Fleet.StateManager.Tests.Masking;

/// <summary>What comes from a Secret, or lands in one, is never shown.</summary>
public sealed class MaskingTests
{
    private const string Canary = "canary-4711";

    private static readonly string Encoded = Convert.ToBase64String(Encoding.UTF8.GetBytes(Canary));

    [Fact]
    public void Secrets_are_masked_whole_and_what_they_hold_everywhere_else()
    {
        var objects = KubernetesYaml.ReadAll($$"""
            {kind: Secret, metadata: {name: generated}, data: {password: {{Encoded}}, short: "MQ=="}, stringData: {user: "admin-of-all"} }
            ---
            {kind: ConfigMap, metadata: {name: settings}, data: {url: "postgres://admin-of-all:{{Canary}}@db", plain: "stays", "{{Canary}}": x, encoded: "{{Encoded}}"} }
            ---
            {kind: Deployment, metadata: {name: web}, spec: {template: {spec: {containers: [{args: ["--token={{Canary}}"], env: [{name: A, value: "{{Canary}}"}]}]} } } }
            """).ToList();
        var shown = ManifestMask.Apply(objects, ManifestMask.Of([], objects));
        Assert.Equal("""{"password":"***","short":"***"}""", shown[0]["data"]!.ToJsonString());
        Assert.Equal("***", (string?)shown[0]["stringData"]!["user"]);
        Assert.Equal("postgres://***:***@db", (string?)shown[1]["data"]!["url"]);
        Assert.Equal(("stays", "***"), ((string?)shown[1]["data"]!["plain"], (string?)shown[1]["data"]!["encoded"]));
        Assert.Equal("--token=***", (string?)shown[2]["spec"]!["template"]!["spec"]!["containers"]![0]!["args"]![0]);
        Assert.Contains(Canary, objects[1].ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Values_from_a_Secret_and_texts_of_one_in_other_values_are_not_shown()
    {
        var view = ValueViewsFrom.Of(Given.Source() with
        {
            Secrets = [Canary],
            Layers =
            [
                Layer(new("Secret", "keys", "values.yaml"), $$"""{"password":"{{Canary}}","port":8080}"""),
                Layer(ValuesOrigin.Inline, $$"""{"url":"https://u:{{Canary}}@host","list":[{"deep":"{{Canary}}"}],"name":"web"}"""),
            ],
        });
        Assert.Equal(["password", "port", "url", "list"], view.Values.Where(value => value.Secret).Select(value => value.Path));
        Assert.All(view.Values.Where(value => value.Secret), value => Assert.Null(value.Value));
        Assert.Equal("web", (string?)Assert.Single(view.Values, value => value.Path == "name").Value);
        Assert.Equal(["Chart", "Secret", "Values"], view.Layers.Select(layer => layer.Kind));
    }

    [Fact]
    public void Of_a_recorded_revision_everything_is_secret_that_may_have_been()
    {
        var manifest = Record("""{"password":"old-canary","gone":"gone-canary","open":"plain","moved":"moved-canary"}""");
        var source = Given.Source() with
        {
            Secrets = ["new-canary"],
            Layers =
            [
                Layer(new("Secret", "keys", "values.yaml"), """{"password":"new-canary","moved":"x"}"""),
                Layer(ValuesOrigin.Inline, """{"open":"other","moved":"inline"}"""),
            ],
        };
        Assert.Equal(["gone-canary", "moved-canary", "new-canary", "old-canary"], RevisionSecrets.Of(source, manifest).Order());
        // Nobody can say: all of them.
        foreach (var unknown in new ServiceSource?[] { null, new ServiceSource.Blocked("the Secret is gone", true) })
            Assert.Equal(["gone-canary", "moved-canary", "old-canary", "plain"], RevisionSecrets.Of(unknown, manifest).Order());
    }

    [Fact]
    public void A_mask_hides_the_longer_of_two_texts_whole() => Assert.Equal("***", ManifestMask.Text(JsonValue.Create("secret-and-more"), new SecretMask(["secret", "secret-and-more"]))!.ToString());

    private static ValuesLayer Layer(ValuesOrigin origin, string json) => new(origin, (JsonObject)JsonNode.Parse(json)!);

    private static ReleaseManifest Record(string values) =>
        ReleaseManifest.Read(Encoding.UTF8.GetBytes(Convert.ToBase64String(Encoding.UTF8.GetBytes($$"""{"manifest":"","config":{{values}},"chart":{"values":{"x":1} } }"""))));
}
