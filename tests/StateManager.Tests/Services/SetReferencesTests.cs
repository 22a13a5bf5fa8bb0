using System.Text.Json.Nodes;
using Fleet.Contracts.Services;
using Fleet.Kubernetes.Objects;
using Fleet.StateManager.Policies;
using Fleet.StateManager.Services;

namespace Fleet.StateManager.Tests.Services;

public sealed class SetReferencesTests
{
    [Fact]
    public void Every_object_that_a_set_is_made_of_is_known_once()
    {
        var set = Set("""
            {"policyRefs":[{"kind":"ConfigMap","name":"a"},{"kind":"Secret","name":"b","namespace":"kcm-system"}],
             "templateResourceRefs":[{"identifier":"x","resource":{"apiVersion":"v1","kind":"Secret","name":"c"}},{"identifier":"y","resource":{"apiVersion":"apps/v1","kind":"Deployment","name":"d"}}]}
            """);
        set.Spec.Services = [new() { Name = "s", ValuesFrom = [new() { Kind = "ConfigMap", Name = "v" }, new() { Kind = "ConfigMap", Name = "a" }] }];
        Assert.Equal(["ConfigMap team/a", "Secret kcm-system/b", "Secret team/c", "ConfigMap team/v"], SetReferences.Sources(set));
    }

    [Theory]
    [InlineData("""{"policyRefs":"all of them"}""")]
    [InlineData("""["policyRefs"]""")]
    [InlineData("null")]
    public void Settings_of_another_shape_name_nothing(string config) => Assert.Empty(SetReferences.Sources(Set(config)));

    [Fact]
    public void Names_of_releases_fit_and_differ()
    {
        Assert.Equal("web-policies", PolicyRelease.Of(new("team", "web")).Name);
        var (one, two) = (PolicyRelease.Of(new("team", new string('a', 200))).Name, PolicyRelease.Of(new("team", new string('a', 199) + "b")).Name);
        Assert.Equal((53, 53), (one.Length, two.Length));
        Assert.NotEqual(one, two);
    }

    [Fact]
    public void The_texts_of_a_secret_are_those_behind_its_encoding() =>
        Assert.Equal(["plain", "secret", "not base64!"], SecretTexts.Of((JsonObject)JsonNode.Parse("""{"stringData":{"a":"plain"},"data":{"b":"c2VjcmV0","c":"not base64!","d":"YQ=="}}""")!));

    private static CustomResource<ServiceSetSpec, ServiceSetStatus> Set(string config) => new()
    {
        Metadata = new() { Name = "web", Namespace = "team" },
        Spec = new() { Provider = new() { Config = JsonNode.Parse(config) } },
    };
}
