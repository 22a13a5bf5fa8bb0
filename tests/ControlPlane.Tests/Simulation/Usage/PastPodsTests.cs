using System.Text.Json.Nodes;
using Fleet.ControlPlane.Simulation.Objects;
using Fleet.ControlPlane.Simulation.Usage;

namespace Fleet.ControlPlane.Tests.Simulation.Usage;

/// <summary>What a pod's usage is told from, and the pods that were there before the cluster was.</summary>
public sealed class PastPodsTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("leak/6h", UsagePattern.Leak, 6.0)]
    [InlineData("leak", UsagePattern.Leak, null)]
    [InlineData("over-requesting", UsagePattern.OverRequesting, null)]
    [InlineData("idle", UsagePattern.Idle, null)]
    public void An_annotation_names_the_pattern(string text, UsagePattern pattern, double? hours) =>
        Assert.Equal((pattern, hours is { } h ? TimeSpan.FromHours(h) : null), PodLoads.Read(text));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Idle")]
    [InlineData("daily/6h")]
    [InlineData("leak/soon")]
    [InlineData("leak/6h/7h")]
    public void An_annotation_that_means_nothing_counts_as_none(string? text) => Assert.Null(PodLoads.Read(text));

    [Fact]
    public void The_pods_annotation_comes_before_its_namespaces()
    {
        var pod = Annotated("Pod", "p", "batch");
        var space = Annotated("Namespace", "n", "idle");
        Assert.Equal(UsagePattern.Batch, PodLoads.Pattern(pod, space, "w").Pattern);
        pod["metadata"]!["annotations"] = null;
        Assert.Equal(UsagePattern.Idle, PodLoads.Pattern(pod, space, "w").Pattern);
        Assert.Equal(UsagePatterns.Of("n", "w"), PodLoads.Pattern(pod, null, "w").Pattern);
    }

    [Theory]
    [InlineData("ReplicaSet", "web-7d9f8", "7d9f8", "web")]
    [InlineData("ReplicaSet", "web-7d9f8", "other", "web-7d9f8")]
    [InlineData("Job", "report-29384756", null, "report")]
    [InlineData("Job", "report-2", null, "report-2")]
    [InlineData("StatefulSet", "db", null, "db")]
    [InlineData(null, "", null, "p")]
    public void The_workload_is_told_from_the_pod(string? kind, string owner, string? hash, string workload)
    {
        var pod = new JsonObject { ["metadata"] = new JsonObject { ["name"] = "p", ["labels"] = new JsonObject { ["pod-template-hash"] = hash } } };
        if (kind is not null)
            pod["metadata"]!["ownerReferences"] = new JsonArray(new JsonObject { ["kind"] = kind, ["name"] = owner, ["controller"] = true });
        Assert.Equal(workload, WorkloadName.Of(pod));
    }

    [Fact]
    public async Task A_cluster_of_today_had_pods_35_days_ago_always_the_same_ones()
    {
        await using var harness = await SimulationHarness.StartAsync();
        var api = await harness.ClusterAsync();
        await SimulationHarness.ApplyAsync(api, """
            apiVersion: v1
            kind: Namespace
            metadata: {name: shop, annotations: {simulation.fleet.dev/usage: over-requesting}}
            ---
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web, namespace: shop}
            spec:
              replicas: 3
              selector: {matchLabels: {app: web}}
              template: {metadata: {labels: {app: web}}, spec: {containers: [{name: nginx, image: "nginx:1", resources: {requests: {cpu: 500m, memory: 1Gi}}}]}}
            """);
        // Where the pods of today run, those of the past ran: they have to be placed before.
        await harness.UntilAsync(() => api.List(CoreKinds.Pod, "shop").Count(pod => pod.Text("spec", "nodeName") is { Length: > 0 }) == 3, "every pod is placed");
        var from = Now.AddDays(-35);
        var pods = PastPods.Of(api, from, Now).ToList();
        var web = pods.Where(p => p.Workload == ("Deployment", "web")).ToList();

        Assert.Equal(pods.Select(p => p.Pod.Uid()), PastPods.Of(api, from, Now).Select(p => p.Pod.Uid()));
        Assert.Equal(pods.Count, pods.Select(p => p.Pod.Uid()).Distinct().Count());
        // In pieces it is the same: a pod that lives through the seam is in both.
        var seam = Now.AddDays(-10);
        Assert.Equal(pods.Select(p => p.Pod.Uid()).ToHashSet(), PastPods.Of(api, from, seam).Concat(PastPods.Of(api, seam, Now)).Select(p => p.Pod.Uid()).ToHashSet());
        for (var time = from; time < Now; time = time.AddHours(1))
            Assert.Equal(3, web.Count(p => p.Started <= time && p.Ended > time));
        Assert.True(web.Count > 3, "released anew at least once");
        Assert.All(web, p => Assert.Equal(UsagePattern.OverRequesting, p.Containers[0].Load.Pattern));
        Assert.All(pods, p => Assert.Contains(p.Pod.Text("spec", "nodeName"), api.List(CoreKinds.Node).Select(n => n.NameOf())));
        Assert.DoesNotContain(web, p => p.Pod.Text("spec", "nodeName") == "work-0");
        Assert.Equal(3, pods.Where(p => p.Workload.Name == "kube-proxy" && p.Started <= from && p.Ended > from).Select(p => p.Pod.Text("spec", "nodeName")).Distinct().Count());
        var row = web[0].Containers[0].Between(web[0].Started, web[0].Started.AddHours(1), web[0].Started.AddHours(2));
        Assert.InRange(row.CpuSeconds, 3_600 * 0.5 * 0.005, 3_600 * 0.5 * 0.12);
    }

    private static JsonObject Annotated(string kind, string name, string usage) => new()
    {
        ["kind"] = kind,
        ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = "n", ["annotations"] = new JsonObject { ["simulation.fleet.dev/usage"] = usage } },
    };
}
