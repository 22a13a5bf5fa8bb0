using System.Text.Json.Nodes;
using Fleet.StateManager.Drift;

namespace Fleet.StateManager.Tests.Drift;

public sealed class DriftSettingsTests
{
    private const string Web = "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, labels: {app: web, tier: back}, annotations: {team: blue}}}";

    [Theory]
    [InlineData(null, "Continuous")]
    [InlineData("{}", "Continuous")]
    [InlineData("""{"syncMode":""}""", "Continuous")]
    [InlineData("""{"syncMode":"OneTime"}""", "OneTime")]
    [InlineData("""{"syncMode":"ContinuousWithDriftDetection"}""", "ContinuousWithDriftDetection")]
    [InlineData("""{"syncMode":"DryRun"}""", "DryRun")]
    public void The_mode_is_upstreams_default_unless_stated(string? config, string mode)
    {
        var settings = Of(config);
        Assert.Equal(mode, settings.Mode.ToString());
        Assert.Null(settings.Problem);
    }

    [Theory]
    [InlineData("""{"syncMode":"Onetime"}""", "provider.config.syncMode is none of")]
    [InlineData("""{"syncMode":1}""", "provider.config.syncMode is none of")]
    [InlineData("""{"driftIgnore":{}}""", "provider.config.driftIgnore is not a list")]
    [InlineData("""{"driftIgnore":["web"]}""", "provider.config.driftIgnore[0] is not a map")]
    [InlineData("""{"driftIgnore":[{"kind":1}]}""", "provider.config.driftIgnore[0] has a field of the wrong type")]
    [InlineData("""{"driftIgnore":[{"name":"("}]}""", "provider.config.driftIgnore[0].name is no regular expression")]
    [InlineData("""{"driftIgnore":[{"labelSelector":"a b"}]}""", "provider.config.driftIgnore[0].labelSelector is no selector")]
    [InlineData("""{"driftExclusions":[{}]}""", "provider.config.driftExclusions[0].paths is not a list")]
    [InlineData("""{"driftExclusions":[{"paths":["spec.replicas"]}]}""", "provider.config.driftExclusions[0].paths has an entry that is no JSON pointer")]
    [InlineData("""{"driftExclusions":[{"paths":["/a"],"target":"all"}]}""", "provider.config.driftExclusions[0].target is not a map")]
    public void What_cannot_be_read_is_named(string config, string problem) => Assert.StartsWith(problem, Of(config).Problem, StringComparison.Ordinal);

    [Theory]
    [InlineData("{}", true)]
    [InlineData("""{"kind":"Deployment","group":"apps","version":"v1","name":"web","namespace":"apps"}""", true)]
    [InlineData("""{"target":{"kind":"Deployment"}}""", true)]
    [InlineData("""{"target":{"kind":"Service"}}""", false)]
    [InlineData("""{"name":"we"}""", false)]
    [InlineData("""{"name":"w.*"}""", true)]
    [InlineData("""{"name":"a|web"}""", true)]
    [InlineData("""{"namespace":"other"}""", false)]
    [InlineData("""{"labelSelector":"app=web,tier in (back, front)"}""", true)]
    [InlineData("""{"labelSelector":"app==web,!legacy,tier"}""", true)]
    [InlineData("""{"labelSelector":"app!=web"}""", false)]
    [InlineData("""{"labelSelector":"tier notin (back)"}""", false)]
    [InlineData("""{"labelSelector":"zone notin (x),zone!=y"}""", true)]
    [InlineData("""{"labelSelector":"zone"}""", false)]
    [InlineData("""{"annotationSelector":"team=blue"}""", true)]
    [InlineData("""{"annotationSelector":"team=red"}""", false)]
    public void Objects_are_ignored_by_selector(string selector, bool ignored) =>
        Assert.Equal(ignored, Of($$"""{"driftIgnore":[{{selector}}]}""").Rules.Ignores(Manifests.Object(Web), Manifests.Yaml(Web), null));

    [Fact]
    public void Objects_are_ignored_by_upstreams_annotation_in_the_manifest_or_in_the_cluster()
    {
        var plain = Manifests.Yaml(Web);
        var marked = Manifests.Yaml("{metadata: {annotations: {projectsveltos.io/driftDetectionIgnore: ok}}}");
        Assert.True(DriftRules.None.Ignores(Manifests.Object(Web), marked, plain));
        Assert.True(DriftRules.None.Ignores(Manifests.Object(Web), plain, marked));
        Assert.False(DriftRules.None.Ignores(Manifests.Object(Web), plain, plain));
    }

    [Fact]
    public void Paths_are_excluded_for_their_target_only()
    {
        var rules = Of("""
            {"driftExclusions":[{"paths":["/spec/replicas"]},{"paths":["/metadata/annotations/a~1b~0c"],"target":{"kind":"Deployment"}},{"paths":["/x"],"target":{"kind":"Service"}}]}
            """).Rules;
        Assert.Equal(["spec.replicas", "metadata.annotations.a/b~c"], rules.ExclusionsFor(Manifests.Object(Web), Manifests.Yaml(Web)).Select(p => string.Join('.', p)));
    }

    [Fact]
    public void The_same_words_are_the_same_rules()
    {
        const string config = """{"driftExclusions":[{"paths":["/spec/replicas"]}]}""";
        Assert.Equal(Of(config).Rules, Of(config).Rules);
        Assert.NotEqual(Of(config).Rules, Of("{}").Rules);
    }

    private static DriftSettings Of(string? config) => DriftSettings.Of(config is null ? null : JsonNode.Parse(config));
}
