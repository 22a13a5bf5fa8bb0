using System.Text.Json.Nodes;
using Fleet.ControlPlane.ClusterApi.Faults;
using Fleet.ControlPlane.Machinery;
using Fleet.ControlPlane.Simulation.Objects;

namespace Fleet.ControlPlane.Tests.ClusterApi;

/// <summary>What annotations mean, as pure functions.</summary>
public sealed class FaultAnnotationTests
{
    [Theory]
    [InlineData("2", "xx....")]
    [InlineData("0", "......")]
    [InlineData("50%", ".x.x.x")]
    [InlineData("34%", "..x..x")]
    [InlineData("100%", "xxxxxx")]
    [InlineData("0%", "......")]
    [InlineData("half", "......")]
    [InlineData("-1", "......")]
    [InlineData("200%", "......")]
    public void Fail_machines_takes_the_first_so_many_or_an_even_share(string value, string expected) => Assert.Equal(expected, string.Concat(
        Enumerable.Range(0, expected.Length).Select(i => ProvisioningFaults.MachineFailure(With("fail-machines", value), [], i) is null ? '.' : 'x')));

    [Theory]
    [InlineData("30s", 30, 30)]
    [InlineData("2m/5s", 120, 5)]
    [InlineData("0s", null, null)]
    [InlineData("30s/", null, null)]
    [InlineData("1s/2s/3s", null, null)]
    [InlineData("often", null, null)]
    public void Flap_is_one_time_or_two(string value, int? up, int? down)
    {
        var times = ProvisioningFaults.Flapping(With("flap", value), null);
        Assert.Equal((up, down), ((int?)times?.Up.TotalSeconds, (int?)times?.Down.TotalSeconds));
    }

    [Theory]
    [InlineData(0, true, 30)]
    [InlineData(29, true, 1)]
    [InlineData(30, false, 5)]
    [InlineData(34, false, 1)]
    [InlineData(35, true, 30)]
    public void A_flapping_node_is_up_and_down_in_turns(int second, bool up, int left)
    {
        var since = DateTimeOffset.UnixEpoch;
        Assert.Equal((up, TimeSpan.FromSeconds(left)), NodeFlapping.At(since, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(5), since.AddSeconds(second)));
    }

    [Fact]
    public void A_flapping_node_gets_and_loses_its_condition_and_taints()
    {
        var node = new JsonObject { ["spec"] = new JsonObject { ["taints"] = new JsonArray(new JsonObject { ["key"] = "own", ["effect"] = "NoSchedule" }) } };
        var now = DateTimeOffset.UnixEpoch;

        Assert.True(NodeFlapping.Write(node, up: false, now));
        Assert.True(NodeFlapping.Taint(node, up: false, now));
        Assert.False(NodeFlapping.Taint(node, up: false, now));
        Assert.Equal("Unknown", node.FindCondition("Ready")!.Text("status"));
        Assert.Equal(["own", "node.kubernetes.io/unreachable", "node.kubernetes.io/unreachable"], node.Items("spec", "taints").Select(t => t.Text("key")));
        Assert.True(NodeFlapping.Taint(node, up: true, now));
        Assert.True(NodeFlapping.Write(node, up: true, now));
        Assert.Equal(["own"], node.Items("spec", "taints").Select(t => t.Text("key")));
    }

    [Theory]
    [InlineData("api", "unreachable", ApiFaultMode.Unreachable)]
    [InlineData("api", "hanging", ApiFaultMode.Hanging)]
    [InlineData("api-latency", "250ms", ApiFaultMode.None)]
    public void The_api_fault_may_stand_on_either_object(string annotation, string value, ApiFaultMode mode)
    {
        var expected = new ApiFault(mode, annotation == "api-latency" ? TimeSpan.FromMilliseconds(250) : TimeSpan.Zero);
        Assert.Equal(expected, ApiFaults.Of(With(annotation, value), []));
        Assert.Equal(expected, ApiFaults.Of([], With(annotation, value)));
        Assert.Null(ApiFaults.Of(With(annotation, "sometimes"), []));
    }

    [Fact]
    public void Metrics_fail_as_the_annotations_say()
    {
        Assert.Equal(MetricsFaultMode.Off, ApiFaults.Of(With("metrics", "off"), [])!.Metrics!.Mode);
        Assert.Equal(MetricsFaultMode.Malformed, ApiFaults.Of([], With("metrics", "malformed"))!.Metrics!.Mode);
        Assert.Equal(TimeSpan.FromMinutes(-90), ApiFaults.Of(With("clock-skew", "-90m"), [])!.Metrics!.ClockSkew);
        Assert.Equal(TimeSpan.FromHours(2), ApiFaults.Of(With("clock-skew", "2h"), [])!.Metrics!.ClockSkew);
        Assert.Equal(TimeSpan.FromMinutes(10), ApiFaults.Of(With("counter-resets", "10m"), [])!.Metrics!.ResetEvery);
        Assert.Equal(TimeSpan.FromSeconds(5), ApiFaults.Of(With("metrics-latency", "5s"), [])!.Metrics!.Latency);
        // Of nothing, the cluster's API itself included.
        foreach (var (annotation, value) in new[] { ("metrics", "sometimes"), ("clock-skew", "late"), ("clock-skew", "--1h"), ("counter-resets", "0s"), ("metrics-latency", "-1s") })
        {
            Assert.Null(ApiFaults.Of(With(annotation, value), []));
            Assert.Single(ProvisioningFaults.Problems(With(annotation, value)));
        }
    }

    [Fact]
    public void The_infrastructure_objects_own_annotation_comes_before_the_clusters()
    {
        Assert.Equal(3, ProvisioningFaults.MachineQuota(With("machine-quota", "3"), With("machine-quota", "9")));
        Assert.Equal(9, ProvisioningFaults.MachineQuota([], With("machine-quota", "9")));
        Assert.Equal("mine", ProvisioningFaults.Failure(With("fail", "mine"), "R", With("fail", "theirs"))!.Value.Message);
    }

    [Fact]
    public void A_terminal_failure_outlives_its_annotation()
    {
        var failed = new JsonObject { ["status"] = new JsonObject { ["failureReason"] = "NoSuchImage", ["failureMessage"] = "gone" } };
        Assert.Equal(new Failure("NoSuchImage", "gone", Terminal: true), ProvisioningFaults.Failure(failed, "R"));
    }

    [Fact]
    public void Values_that_mean_nothing_are_named_with_an_example()
    {
        var obj = new JsonObject();
        foreach (var (annotation, value) in new[] { ("slow", "soon"), ("machine-quota", "many"), ("flap", "often"), ("credentials", "old"), ("api", "down"), ("api-latency", "1"), ("fail-machines", "half") })
            obj.Ensure("metadata", "annotations")[$"simulation.fleet.dev/{annotation}"] = value;

        var problems = ProvisioningFaults.Problems(obj);

        Assert.Equal(7, problems.Count);
        Assert.Contains("annotation simulation.fleet.dev/slow: \"soon\" has no effect; it should be like 20s, 500ms or 1h", problems);
        Assert.Empty(ProvisioningFaults.Problems(With("slow", "20s")));
    }

    [Theory]
    [InlineData("expired", "ExpiredToken: the credentials of Identity x have expired")]
    [InlineData("denied", "AccessDenied: the credentials of Identity x do not allow this")]
    [InlineData("fine", null)]
    public void Credentials_are_refused_in_the_clouds_words(string value, string? message) =>
        Assert.Equal(message, CredentialFaults.Of("Identity x", null, new JsonObject(), With("credentials", value))?.Message);

    private static JsonObject With(string annotation, string value) =>
        new() { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [$"simulation.fleet.dev/{annotation}"] = value } } };
}
