using System.Text.Json.Nodes;
using Fleet.Helm.Releases;
using Fleet.Kubernetes.Objects;
using Fleet.StateManager.Drift;
using Fleet.StateManager.Inventory;
using static Fleet.StateManager.Tests.Drift.Manifests;

namespace Fleet.StateManager.Tests.Drift;

public sealed class DriftRulesTests
{
    private const string Declared = "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, labels: {a: b}}, spec: {replicas: 1, paused: true}}";
    private const string Replicas = """{"driftExclusions":[{"paths":["/spec/replicas"]}]}""";

    /// <summary>Rules, what there is in the cluster (null: nothing), whether its kind is watched by now, whether an upgrade would take something that was left to others.</summary>
    public static TheoryData<string, string, string?, bool, bool> Cases => new()
    {
        { "no rules: everything is taken", "{}", Live("replicas: 5, paused: true"), true, false },
        { "no rules: nothing has to be seen", "{}", null, false, false },
        { "an excluded field that is as declared", Replicas, Live("replicas: 1, paused: true"), true, false },
        { "an excluded field that somebody changed", Replicas, Live("replicas: 5, paused: true"), true, true },
        { "another field that somebody changed", Replicas, Live("replicas: 1, paused: false"), true, false },
        { "excluded of another kind", """{"driftExclusions":[{"paths":["/spec/replicas"],"target":{"kind":"StatefulSet"}}]}""", Live("replicas: 5, paused: true"), true, false },
        { "an ignored object that somebody changed", """{"driftIgnore":[{"kind":"Deployment"}]}""", Live("replicas: 1, paused: false"), true, true },
        { "an ignored object that is as declared", """{"driftIgnore":[{"kind":"Deployment"}]}""", Live("replicas: 1, paused: true"), true, false },
        { "an object that says so itself", "{}", Live("replicas: 1, paused: false", ", annotations: {projectsveltos.io/driftDetectionIgnore: ok}"), true, true },
        { "nothing there, so nothing of others", Replicas, null, true, false },
        { "rules, and it can not be seen yet", Replicas, null, false, true },
    };

    [Theory, MemberData(nameof(Cases))]
    public void What_is_left_to_others_is_known_before_helm_runs(string what, string config, string? live, bool isKnown, bool expected)
    {
        var rules = DriftSettings.Of(JsonNode.Parse(config)).Rules;
        var seen = new WatchedObject(Object(Declared), isKnown, live is null ? null : LiveObject.Of(new ReleaseName("apps", "web"), new DynamicObject(Yaml(live)), null));
        Assert.True(expected == rules.LeaveToOthers([seen]), what);
    }

    private static string Live(string spec, string metadata = "") =>
        $"{{apiVersion: apps/v1, kind: Deployment, metadata: {{name: web, labels: {{a: b}}{metadata}}}, spec: {{{spec}}}}}";
}
