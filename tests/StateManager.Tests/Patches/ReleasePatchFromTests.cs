using System.Text.Json.Nodes;
using Fleet.Helm.Patches;
using Fleet.Kubernetes.Yaml;
using Fleet.StateManager.Patches;

namespace Fleet.StateManager.Tests.Patches;

public sealed class ReleasePatchFromTests
{
    [Theory]
    [InlineData("{patches: {}}", "provider.config.patches is not a list")]
    [InlineData("{patches: [web]}", "provider.config.patches[0] is not a map")]
    [InlineData("{patches: [{patch: '{}', target: {}}, {target: {}}]}", "provider.config.patches[1].patch is no text")]
    [InlineData("{patches: [{patch: {spec: {}}}]}", "provider.config.patches[0].patch is no text")]
    [InlineData("{patches: [{patch: ' '}]}", "provider.config.patches[0].patch is no text")]
    [InlineData("{patches: [{patch: '{}', target: all}]}", "provider.config.patches[0].target is not a map")]
    [InlineData("{patches: [{patch: '{}', target: {kind: [a]}}]}", "provider.config.patches[0].target has a field of the wrong type")]
    [InlineData("{patches: [{patch: '{a: [', target: {}}]}", "provider.config.patches[0].patch is no YAML")]
    [InlineData("{patches: [{patch: 'text', target: {}}]}", "provider.config.patches[0].patch is neither a map")]
    [InlineData("{patches: [{patch: '{spec: {}}'}]}", "provider.config.patches[0]: a strategic merge needs a target, or apiVersion, kind and metadata.name")]
    [InlineData("{patches: [{patch: '[{op: remove, path: /a}]'}]}", "provider.config.patches[0]: a list of operations needs a target")]
    [InlineData("{patches: [{patch: '[{op: delete, path: /a}]', target: {}}]}", "provider.config.patches[0].patch: operation 0 has no op of add, remove")]
    [InlineData("{patches: [{patch: '[{op: test, path: /a}, {op: remove, path: a}]', target: {}}]}", "provider.config.patches[0].patch: operation 1 has no path")]
    [InlineData("{patches: [{patch: '{}', target: {name: '('}}]}", "provider.config.patches[0].target.name is no regular expression")]
    [InlineData("{patches: [{patch: '{}', target: {labelSelector: 'a b'}}]}", "provider.config.patches[0].target.labelSelector is no selector")]
    public void What_is_no_patch_is_named(string config, string problem) =>
        Assert.StartsWith(problem, Assert.Throws<PatchException>(() => All(config)).Message, StringComparison.Ordinal);

    [Fact]
    public void Nothing_stated_is_no_patch() => Assert.Equal([], All("{priority: 1}"));

    [Fact]
    public void Expressions_match_as_a_whole_and_what_states_no_namespace_is_in_that_of_the_release()
    {
        Assert.Equal("""{"kind":"^(?:Deployment|DaemonSet)$","name":"^(?:web.*)$","labelSelector":"app=web"}""", Target("{kind: Deployment|DaemonSet, name: web.*, labelSelector: app=web}"));
        Assert.Equal("""{"namespace":"^(?:(?:ap.s)|default)$"}""", Target("{namespace: ap.s}"));
        Assert.Equal("""{"namespace":"^(?:other)$"}""", Target("{namespace: other}"));
        Assert.Equal("{}", Target("{}"));
    }

    [Fact]
    public void A_merge_that_names_its_object_is_for_that_one_only()
    {
        var patch = Assert.Single(All("{patches: [{patch: '{apiVersion: apps/v1, kind: Deployment, metadata: {name: a.b}, spec: {replicas: 2}}'}]}"));
        Assert.Equal("""{"group":"^(?:apps)$","version":"^(?:v1)$","kind":"^(?:Deployment)$","name":"^(?:a\\.b)$"}""", patch.Target.ToJsonString());
        Assert.Equal(2, (int?)JsonNode.Parse(patch.Patch)!["spec"]!["replicas"]);
    }

    [Fact]
    public void A_merge_with_a_target_need_not_name_anything()
    {
        var patch = JsonNode.Parse(Assert.Single(All("{patches: [{target: {kind: Deployment}, patch: '{metadata: {labels: {a: b}}}'}]}")).Patch)!;
        Assert.Equal(("v1", "Patch", "patch", "b"), ((string?)patch["apiVersion"], (string?)patch["kind"], (string?)patch["metadata"]!["name"], (string?)patch["metadata"]!["labels"]!["a"]));
    }

    private static string Target(string target) => Assert.Single(All($"{{patches: [{{target: {target}, patch: '{{}}'}}]}}")).Target.ToJsonString().Replace("\\u002B", "+", StringComparison.Ordinal);

    private static IReadOnlyList<ReleasePatch> All(string config) => [.. PatchSettings.Of(KubernetesYaml.Parse(config)).Select(patch => ReleasePatchFrom.Of(patch, "apps"))];
}
