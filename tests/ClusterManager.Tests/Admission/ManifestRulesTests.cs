using System.Text.Json.Nodes;
using Fleet.ClusterManager.Admission;
using Fleet.Contracts;

namespace Fleet.ClusterManager.Tests.Admission;

public class ManifestRulesTests
{
    private static IEnumerable<string> Check(string kind, string spec, string? old = null, string name = "web") =>
        ManifestRules.Check(FleetApi.Group, kind, Object(spec, name), old is null ? null : Object(old, name)).Select(problem => $"{problem.Field}: {problem.Message}");

    private static JsonObject Object(string spec, string name) =>
        new() { ["metadata"] = new JsonObject { ["name"] = name }, ["spec"] = JsonNode.Parse(spec) };

    [Theory]
    [InlineData("""{"template":"not-there-yet","credential":"neither"}""")]
    [InlineData("""{"template":"t","config":null}""")]
    [InlineData("""{"template":"t","config":{"workersNumber":0}}""")]
    [InlineData("""{"template":"t","serviceSpec":{"services":[{"name":"a","template":"x.1","dependsOn":[{"name":"b"}]},{"name":"b","template":"x"}]}}""")]
    public void What_is_only_not_there_yet_is_accepted(string spec) => Assert.Empty(Check("ClusterDeployment", spec));

    [Theory]
    [InlineData("""{"template":"t","config":[1]}""", "spec.config: must be an object with the values of the cluster chart, not a list")]
    [InlineData("""{"template":"t","config":{"workersNumber":-1}}""", "spec.config.workersNumber: must not be negative, but is -1")]
    [InlineData(
        """{"template":"t","serviceSpec":{"services":[{"name":"a","template":"x","dependsOn":[{"name":"b"}]}]}}""",
        "spec.serviceSpec.services[0].dependsOn: dependency b of service a is not defined as a service")]
    [InlineData(
        """{"template":"t","serviceSpec":{"services":[{"name":"a","template":"x","dependsOn":[{"name":"b"}]},{"name":"b","template":"x","dependsOn":[{"name":"a"}]}]}}""",
        "spec.serviceSpec.services: dependency cycle detected at a")]
    public void What_is_wrong_by_itself_is_refused(string spec, string problem) => Assert.Equal([problem], Check("ClusterDeployment", spec));

    [Fact]
    public void All_problems_are_told_at_once() =>
        Assert.Equal(2, Check("ClusterDeployment", """{"template":"t","config":{"workersNumber":-1},"serviceSpec":{"services":[{"name":"A_b","template":"x"}]}}""").Count());

    [Fact]
    public void Names_must_fit_what_is_named_after_them()
    {
        Assert.Single(Check("ClusterDeployment", """{"template":"t"}""", name: new string('a', 54)));
        Assert.Single(Check("ClusterDeployment", """{"template":"t"}""", name: "a.b"));
    }

    [Fact]
    public void Templates_do_not_change()
    {
        const string Chart = """{"helm":{"chartSpec":{"chart":"c","version":"1"}}}""";
        Assert.Empty(Check("ClusterTemplate", Chart, Chart));
        Assert.Equal(["spec: Spec is immutable"], Check("ClusterTemplate", Chart.Replace("\"1\"", "\"2\"", StringComparison.Ordinal), Chart));
    }

    [Fact]
    public void A_service_template_is_of_one_sort() =>
        Assert.Equal(["spec: One of Helm, Kustomize, or Resources must be specified."], Check("ServiceTemplate", "{}"));

    [Fact]
    public void What_was_set_once_stays()
    {
        const string Reference = "\"identityRef\":{\"apiVersion\":\"v1\",\"kind\":\"Secret\",\"name\":\"s\"}";
        Assert.Empty(Check("Credential", $$"""{{{Reference}},"region":"eu"}""", $$"""{{{Reference}}}"""));
        Assert.Equal(["spec.region: Region is immutable"], Check("Credential", $$"""{{{Reference}}}""", $$"""{{{Reference}},"region":"eu"}"""));
        Assert.Equal(
            ["spec.serviceSpec.provider.name: StateManagementProvider name is immutable once set"],
            Check("ClusterDeployment", """{"template":"t","serviceSpec":{"provider":{"name":"b"}}}""", """{"template":"t","serviceSpec":{"provider":{"name":"a"}}}"""));
        Assert.Equal(
            ["spec.dataSource: spec.dataSource cannot be added or removed after creation"],
            Check("ClusterDeployment", """{"template":"t","dataSource":"d"}""", """{"template":"t"}"""));
    }

    [Fact]
    public void A_credential_must_say_what_it_refers_to() =>
        Assert.Equal(["spec.identityRef.apiVersion: is required", "spec.identityRef.kind: is required"], Check("Credential", """{"identityRef":{"name":"x"}}"""));

    [Fact]
    public void What_is_being_deleted_is_never_held_up()
    {
        var leaving = Object("""{"template":"t","config":[1]}""", "web");
        leaving["metadata"]!["deletionTimestamp"] = "2026-01-01T00:00:00Z";
        Assert.Empty(ManifestRules.Check(FleetApi.Group, "ClusterDeployment", leaving, null));
    }
}
