using System.Text.Json.Nodes;
using Fleet.Kubernetes.Yaml;
using Fleet.StateManager.Reloading;

namespace Fleet.StateManager.Tests.Reloading;

public sealed class ReloadPlannerTests
{
    private const string Pods = "{metadata: {labels: {app: web}}, spec: {containers: [{name: web, image: nginx}]}}";
    private const string OtherPods = "{metadata: {labels: {app: web}}, spec: {containers: [{name: web, image: nginx:2}]}}";

    [Fact]
    public void What_pods_were_begun_with_is_noted_and_no_pod_notices()
    {
        var step = ReloadPlanner.Plan(Workload(Pods), "a");
        Assert.Equal(ReloadAction.Note, step.Action);
        var patch = ReloadPlanner.Patch(step)!;
        Assert.Null(patch["spec"]);
        Assert.Equal(step.Mark, (string?)patch["metadata"]!["annotations"]![ReloadPlanner.Mark]);
        Assert.Equal(ReloadAction.Nothing, ReloadPlanner.Plan(Workload(Pods, step.Mark), "a").Action);
        Assert.Null(ReloadPlanner.Patch(ReloadPlanner.Plan(Workload(Pods, step.Mark), "a")));
    }

    [Theory]
    [InlineData("a", Pods, "Nothing")]
    [InlineData("b", Pods, "Roll")]
    // New pods, which have read what is there now.
    [InlineData("a", OtherPods, "Note")]
    [InlineData("b", OtherPods, "Note")]
    public void Only_other_content_under_the_same_pods_rolls_them(string content, string pods, string action) =>
        Assert.Equal(action, ReloadPlanner.Plan(Workload(pods, ReloadPlanner.Plan(Workload(Pods), "a").Mark), content).Action.ToString());

    [Fact]
    public void A_roll_is_done_once_and_does_not_look_like_somebodys_change()
    {
        var first = ReloadPlanner.Plan(Workload(Pods), "a");
        var roll = ReloadPlanner.Plan(Workload(Pods, first.Mark), "b");
        var patch = ReloadPlanner.Patch(roll)!;
        Assert.Equal("b", (string?)patch["spec"]!["template"]!["metadata"]!["annotations"]![ReloadPlanner.Rolled]);
        var rolled = Workload("{metadata: {labels: {app: web}, annotations: {k0rdent.mirantis.com/reloaded: b}}, spec: {containers: [{name: web, image: nginx}]}}", roll.Mark);
        Assert.Equal(ReloadAction.Nothing, ReloadPlanner.Plan(rolled, "b").Action);
        Assert.Equal(ReloadAction.Roll, ReloadPlanner.Plan(rolled, "c").Action);
    }

    [Fact]
    public void A_mark_that_somebody_has_written_over_is_begun_anew() => Assert.Equal(ReloadAction.Note, ReloadPlanner.Plan(Workload(Pods, "x"), "a").Action);

    [Fact]
    public void Everything_that_pods_mount_or_take_variables_from_is_found_once()
    {
        var template = KubernetesYaml.Parse("""
            spec:
              volumes:
              - {name: a, configMap: {name: files}}
              - {name: b, secret: {secretName: keys}}
              - {name: c, projected: {sources: [{configMap: {name: more}}, {secret: {name: tokens}}, {serviceAccountToken: {path: t}}]}}
              - {name: d, emptyDir: {}}
              initContainers: [{name: i, envFrom: [{configMapRef: {name: files}}, {secretRef: {name: env}}]}]
              containers:
              - name: w
                env: [{name: A, value: b}, {name: B, valueFrom: {secretKeyRef: {name: keys, key: k}}}, {name: C, valueFrom: {configMapKeyRef: {name: one, key: k}}}, {name: D, valueFrom: {fieldRef: {fieldPath: x}}}]
            """);
        Assert.Equal(
            ["ConfigMap apps/files", "ConfigMap apps/more", "ConfigMap apps/one", "Secret apps/env", "Secret apps/keys", "Secret apps/tokens"],
            PodSources.Of(template, "apps").Select(source => source.ToString()));
        Assert.Empty(PodSources.Of(null, "apps"));
    }

    [Theory]
    [InlineData("{reloader: true}", true)]
    [InlineData("{reload: true}", true)]
    [InlineData("{reloader: false}", false)]
    [InlineData("{reload: 'true'}", false)]
    [InlineData("{}", false)]
    public void Both_of_upstreams_names_are_read(string config, bool expected) => Assert.Equal(expected, ReloadSettings.Of(KubernetesYaml.Parse(config)));

    private static JsonObject Workload(string template, string? mark = null)
    {
        var workload = (JsonObject)KubernetesYaml.Parse($"{{metadata: {{name: web}}, spec: {{template: {template}}}}}")!;
        if (mark is not null)
            workload["metadata"]!["annotations"] = new JsonObject { [ReloadPlanner.Mark] = mark };
        return workload;
    }
}
