using System.Text.Json.Nodes;
using Fleet.Helm.Releases;
using Fleet.Kubernetes.Objects;
using Fleet.StateManager.Drift;
using Fleet.StateManager.Inventory;
using Fleet.StateManager.Patches;
using static Fleet.StateManager.Tests.Drift.Manifests;

namespace Fleet.StateManager.Tests.Patches;

public sealed class KeptFieldsTests
{
    private const string Deployment =
        "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web}, spec: {replicas: 1, template: {spec: {containers: [{name: app, image: a, args: [x]}]}}}}";

    /// <summary>Excluded paths, what is in the cluster, and what an upgrade states of it; null when it cannot state all.</summary>
    public static TheoryData<string, string, string, string?> Cases => new()
    {
        { "as declared", "/spec/replicas", "replicas: 1, template: {spec: {containers: [{name: app, image: a, args: [x]}]}}", "" },
        { "a field", "/spec/replicas", "replicas: 5, template: {spec: {containers: [{name: app, image: a, args: [x]}]}}", """{"spec":{"replicas":5}}""" },
        { "not excluded", "/spec/paused", "replicas: 5, template: {spec: {containers: [{name: app, image: a, args: [x]}]}}", "" },
        { "a field that is gone", "/spec/replicas", "template: {spec: {containers: [{name: app, image: a, args: [x]}]}}", """{"spec":{"replicas":null}}""" },
        {
            "an element that is known by its key", "/spec/template/spec/containers/0/image", "replicas: 1, template: {spec: {containers: [{name: side}, {name: app, image: b, args: [x]}]}}",
            """{"spec":{"template":{"spec":{"containers":[{"name":"app","image":"b"}]}}}}"""
        },
        {
            "a list that is one value", "/spec/template/spec/containers/0/args", "replicas: 1, template: {spec: {containers: [{name: app, image: a, args: [p, q]}]}}",
            """{"spec":{"template":{"spec":{"containers":[{"name":"app","args":["p","q"]}]}}}}"""
        },
        { "an element that is gone", "/spec/template/spec/containers", "replicas: 1, template: {spec: {containers: [{name: other}]}}", null },
    };

    [Theory, MemberData(nameof(Cases))]
    public void What_is_left_to_others_is_stated_as_it_is(string what, string path, string spec, string? expected)
    {
        var rules = DriftSettings.Of(JsonNode.Parse($$$"""{"driftExclusions":[{"paths":["{{{path}}}"]}]}""")).Rules;
        var live = LiveObject.Of(new ReleaseName("apps", "web"), new DynamicObject(Yaml($"{{apiVersion: apps/v1, kind: Deployment, metadata: {{name: web}}, spec: {{{spec}}}}}")), null);
        var kept = KeptFields.Of(rules, [new(Object(Deployment), true, live)], "apps");
        Assert.True(kept.IsComplete == expected is not null, what);
        if (expected is not { Length: > 0 })
        {
            Assert.Empty(kept.Patches);
            return;
        }
        var patch = Yaml(Assert.Single(kept.Patches).Patch);
        Assert.Equal("web", (string?)patch["metadata"]!["name"]);
        Assert.True(JsonNode.DeepEquals(Yaml(expected)["spec"], patch["spec"]), $"{what}: {patch["spec"]?.ToJsonString()}");
    }

    [Fact]
    public void What_can_not_be_seen_yet_may_be_somebody_elses()
    {
        var rules = DriftSettings.Of(JsonNode.Parse("""{"driftExclusions":[{"paths":["/spec/replicas"]}]}""")).Rules;
        Assert.False(KeptFields.Of(rules, [new(Object(Deployment), false, null)], "apps").IsComplete);
        Assert.True(KeptFields.Of(DriftRules.None, [new(Object(Deployment), false, null)], "apps").IsComplete);
    }

    [Fact]
    public void A_release_that_states_fields_of_others_is_made_anew_when_they_are_left_to_nobody()
    {
        var before = DriftSettings.Of(JsonNode.Parse("""{"driftExclusions":[{"paths":["/spec/replicas"]}]}""")).Rules;
        Assert.NotEqual(before.Digest, DriftRules.None.Digest);
        Assert.Equal(before.Digest, DriftSettings.Of(JsonNode.Parse("""{"driftExclusions":[{"paths":["/spec/replicas"]}]}""")).Rules.Digest);
    }
}
