using System.Text.Json.Nodes;
using Fleet.Kubernetes.Objects;
using Fleet.Observability.Recommendations.Surveys;

namespace Fleet.Observability.Tests.Recommendations;

public sealed class PodPlacingTests
{
    public static TheoryData<string, string> Stay => new()
    {
        { """ "volumes":[{"name":"d","persistentVolumeClaim":{"claimName":"d"}}] """, "a disk" },
        { """ "volumes":[{"name":"d","ephemeral":{}}] """, "a disk" },
        { """ "volumes":[{"name":"d","hostPath":{"path":"/x"}}] """, "files of its node" },
        { """ "affinity":{"podAntiAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":[{"topologyKey":"kubernetes.io/hostname"}]}} """, "beside certain pods" },
        { """ "affinity":{"podAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":[{"topologyKey":"zone"}]}} """, "beside certain pods" },
        { """ "affinity":{"nodeAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":{"nodeSelectorTerms":[{"matchFields":[{"key":"metadata.name"}]}]}}} """, "names its node" },
        { """ "topologySpreadConstraints":[{"whenUnsatisfiable":"DoNotSchedule"}] """, "spread" },
        { """ "schedulerName":"volcano" """, "volcano" },
        { """ "resourceClaims":[{"name":"gpu"}] """, "devices" },
    };

    [Theory, MemberData(nameof(Stay))]
    public void What_the_packer_does_not_look_at_keeps_a_pod_where_it_is(string spec, string reason) =>
        Assert.Contains(reason, PodPlacing.Of(Pod(spec), "deployment").StaysBecause, StringComparison.Ordinal);

    [Theory]
    [InlineData(""" "volumes":[{"name":"d","emptyDir":{}}] """)]
    [InlineData(""" "affinity":{"podAntiAffinity":{"preferredDuringSchedulingIgnoredDuringExecution":[{}]}} """)]
    [InlineData(""" "topologySpreadConstraints":[{"whenUnsatisfiable":"ScheduleAnyway"}] """)]
    [InlineData(""" "schedulerName":"default-scheduler" """)]
    public void What_only_prefers_does_not(string spec) => Assert.Null(PodPlacing.Of(Pod(spec), "deployment").StaysBecause);

    [Fact]
    public void Pods_that_nothing_makes_anew_stay_and_those_of_the_node_go_with_it()
    {
        Assert.NotNull(PodPlacing.Of(Pod(""), "").StaysBecause);
        Assert.NotNull(PodPlacing.Of(Pod(""), "job").StaysBecause);
        Assert.True(PodPlacing.Of(Pod(""), "daemonset").IsOfNode);
        var pod = Pod("");
        pod.Root["metadata"]!["ownerReferences"] = new JsonArray(new JsonObject { ["kind"] = "Node", ["controller"] = true, ["name"] = "n", ["apiVersion"] = "v1", ["uid"] = "u" });
        Assert.True(PodPlacing.Of(new(pod.Root), "").IsOfNode);
        pod = Pod("");
        pod.Root["metadata"]!["annotations"] = new JsonObject { ["cluster-autoscaler.kubernetes.io/safe-to-evict"] = "false" };
        Assert.NotNull(PodPlacing.Of(new(pod.Root), "deployment").StaysBecause);
    }

    /// <summary>As the scheduler counts: the largest init container, with the sidecars that run already, or all that run together.</summary>
    [Fact]
    public void Requests_are_what_the_scheduler_counts()
    {
        var pod = PodPlacing.Of(Pod("""
            "initContainers":[{"name":"sidecar","restartPolicy":"Always","resources":{"requests":{"cpu":"100m"}}},{"name":"init","resources":{"requests":{"cpu":"2","memory":"1Gi"}}}],
            "overhead":{"cpu":"10m"}
            """), "deployment");
        Assert.Equal(2.11, pod.Requests["cpu"], 9);
        Assert.Equal(1024.0 * 1024 * 1024, pod.Requests["memory"]);
    }

    [Fact]
    public void Selectors_affinity_and_tolerations_are_read()
    {
        var pod = PodPlacing.Of(Pod("""
            "nodeSelector":{"disk":"ssd"},"tolerations":[{"key":"team","operator":"Exists"}],
            "affinity":{"nodeAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":{"nodeSelectorTerms":[{"matchExpressions":[{"key":"zone","operator":"In","values":["a"]}]}]}}}
            """), "deployment");
        Assert.Null(pod.StaysBecause);
        Assert.Equal(("ssd", "team", "zone"), (pod.NodeSelector["disk"], pod.Tolerations[0].Key, pod.Affinity[0][0].Key));
    }

    private static DynamicObject Pod(string more) => new(JsonNode.Parse(
        """{"metadata":{"name":"p","namespace":"team"},"spec":{"nodeName":"n","containers":[{"name":"app","resources":{"requests":{"cpu":"250m","memory":"64Mi"}}}]"""
        + (more.Trim().Length > 0 ? "," + more : "") + "}}")!.AsObject());
}
