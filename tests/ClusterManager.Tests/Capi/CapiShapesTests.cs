using System.Text.Json.Nodes;
using Fleet.ClusterManager.Capi;
using Fleet.Contracts.Clusters;
using Fleet.Contracts.Conditions;

namespace Fleet.ClusterManager.Tests.Capi;

/// <summary>Statuses as Cluster API and its providers write them, in each version of the contract.</summary>
public class CapiShapesTests
{
    private static JsonObject Json(string json) => (JsonObject)JsonNode.Parse(json)!;

    public static TheoryData<string, string, ConditionStatus> Clusters => new()
    {
        {
            "API v1beta2, ready",
            """{"status":{"initialization":{"infrastructureProvisioned":true,"controlPlaneInitialized":true},"conditions":[{"type":"Available","status":"True","reason":"Available","message":""},{"type":"InfrastructureReady","status":"True","reason":"Ready","message":""},{"type":"ControlPlaneInitialized","status":"True","reason":"Initialized","message":""},{"type":"ControlPlaneAvailable","status":"True","reason":"Available","message":""},{"type":"WorkersAvailable","status":"True","reason":"Available","message":""},{"type":"RemoteConnectionProbe","status":"True","reason":"ProbeSucceeded","message":""},{"type":"RollingOut","status":"False","reason":"NotRollingOut","message":""},{"type":"Deleting","status":"False","reason":"NotDeleting","message":""}],"deprecated":{"v1beta1":{"conditions":[{"type":"Ready","status":"True"}]}},"phase":"Provisioned"}}""",
            ConditionStatus.True
        },
        {
            "API v1beta2, workers missing",
            """{"status":{"conditions":[{"type":"InfrastructureReady","status":"True","reason":"Ready","message":""},{"type":"ControlPlaneAvailable","status":"True","reason":"Available","message":""},{"type":"WorkersAvailable","status":"False","reason":"NotAvailable","message":"* MachineDeployment md-0: 0 available replicas, at least 2 required"}]}}""",
            ConditionStatus.False
        },
        {
            "API v1beta1 with both kinds of conditions: the new ones win",
            """{"status":{"infrastructureReady":true,"controlPlaneReady":true,"conditions":[{"type":"Ready","status":"False","severity":"Info","reason":"ScalingUp"},{"type":"ControlPlaneReady","status":"False","severity":"Info"}],"v1beta2":{"conditions":[{"type":"InfrastructureReady","status":"True","reason":"Ready","message":""},{"type":"ControlPlaneAvailable","status":"True","reason":"Available","message":""}]}}}""",
            ConditionStatus.True
        },
        {
            "API v1beta1, old conditions only, ready",
            """{"status":{"infrastructureReady":true,"controlPlaneReady":true,"conditions":[{"type":"Ready","status":"True"},{"type":"ControlPlaneInitialized","status":"True"},{"type":"ControlPlaneReady","status":"True"},{"type":"InfrastructureReady","status":"True"}],"phase":"Provisioned"}}""",
            ConditionStatus.True
        },
        {
            "API v1beta1, infrastructure failing",
            """{"status":{"conditions":[{"type":"Ready","status":"False","severity":"Error","reason":"VpcReconciliationFailed","message":"3 of 8 completed"},{"type":"InfrastructureReady","status":"False","severity":"Error","reason":"VpcReconciliationFailed","message":"3 of 8 completed"}],"phase":"Provisioning"}}""",
            ConditionStatus.False
        },
        { "flags of v1beta1 only, ready", """{"status":{"infrastructureReady":true,"controlPlaneReady":true}}""", ConditionStatus.True },
        { "flags of v1beta1 only, not ready", """{"status":{"infrastructureReady":true,"controlPlaneReady":false}}""", ConditionStatus.False },
        { "flags of v1beta2 only, ready", """{"status":{"initialization":{"infrastructureProvisioned":true,"controlPlaneInitialized":true}}}""", ConditionStatus.True },
        { "half a status is not known", """{"status":{"initialization":{"infrastructureProvisioned":true}}}""", ConditionStatus.Unknown },
        { "no status", "{}", ConditionStatus.Unknown },
        {
            "Unknown of the API stays so",
            """{"status":{"conditions":[{"type":"InfrastructureReady","status":"True","reason":"Ready","message":""},{"type":"ControlPlaneAvailable","status":"Unknown","reason":"ConnectionDown","message":"Last successful probe at 2026-01-01T00:00:00Z"}]}}""",
            ConditionStatus.Unknown
        },
    };

    [Theory, MemberData(nameof(Clusters))]
    public void Clusters_of_every_contract_are_understood(string name, string json, ConditionStatus expected)
    {
        var cluster = new CapiCluster { Key = new("org", "web"), Conditions = CapiConditions.OfCluster(Json(json)) };
        Assert.True(expected == CapiSummary.Of(cluster).Status, $"{name}: {CapiSummary.Of(cluster).Message}");
    }

    [Theory]
    // Terminal failures of the v1beta1 contract, where each version keeps them.
    [InlineData("""{"status":{"ready":false,"failureReason":"CreateError","failureMessage":"failed to create AWSMachine instance: InsufficientInstanceCapacity","conditions":[{"type":"Ready","status":"False","severity":"Info","reason":"Creating"}]}}""", "CreateError: failed to create AWSMachine instance: InsufficientInstanceCapacity", true)]
    [InlineData("""{"status":{"deprecated":{"v1beta1":{"failureReason":"UpdateError","failureMessage":"node is gone"}}}}""", "UpdateError: node is gone", true)]
    // The error of an old condition goes before what the new ones wait for.
    [InlineData("""{"status":{"conditions":[{"type":"Ready","status":"False","reason":"Waiting","message":"waiting"}],"deprecated":{"v1beta1":{"conditions":[{"type":"InstanceReady","status":"False","severity":"Error","reason":"InstanceProvisionFailed","message":"VcpuLimitExceeded"}]}}}}""", "VcpuLimitExceeded", true)]
    [InlineData("""{"status":{"ready":false,"conditions":[{"type":"Ready","status":"False","severity":"Error","reason":"InstanceProvisionFailed","message":"UnauthorizedOperation"},{"type":"SecurityGroupsReady","status":"True"}]}}""", "UnauthorizedOperation", true)]
    [InlineData("""{"status":{"conditions":[{"type":"Ready","status":"False","severity":"Info","reason":"WaitingForBootstrapData","message":"1 of 2 completed"},{"type":"InstanceReady","status":"False","severity":"Info","reason":"WaitingForBootstrapData"}]}}""", "1 of 2 completed", false)]
    [InlineData("""{"status":{"initialization":{"provisioned":false}}}""", "not ready yet", false)]
    [InlineData("""{"status":{"ready":false}}""", "not ready yet", false)]
    [InlineData("""{"status":{"ready":true}}""", null, false)]
    [InlineData("""{"status":{"initialization":{"provisioned":true},"conditions":[{"type":"Ready","status":"True"},{"type":"ScalingUp","status":"False","message":"x"}]}}""", null, false)]
    [InlineData("""{}""", null, false)]
    public void A_providers_own_words_come_first(string json, string? message, bool isError)
    {
        var fault = CapiConditions.FaultOf(Json(json));
        Assert.Equal((message, isError), (fault?.Message, fault?.IsError ?? false));
    }

    [Theory]
    [InlineData("""{"status":{"controlPlane":{"desiredReplicas":3},"workers":{"desiredReplicas":2}}}""", """{"spec":{"machineTemplate":{}}}""", 5)]
    // A hosted control plane has replicas and no nodes.
    [InlineData("""{"status":{"controlPlane":{"desiredReplicas":3},"workers":{"desiredReplicas":2}}}""", """{"spec":{"replicas":3}}""", 2)]
    [InlineData("""{"status":{"workers":{"desiredReplicas":2}}}""", """{"spec":{}}""", 2)]
    [InlineData("""{"status":{"v1beta2":{"controlPlane":{"desiredReplicas":1},"workers":{"desiredReplicas":0}}}}""", """{"spec":{"machineTemplate":{}}}""", 1)]
    [InlineData("""{"status":{"controlPlane":{"desiredReplicas":3}}}""", """{"spec":{"infrastructureTemplate":{}}}""", 3)]
    [InlineData("""{"status":{"phase":"Provisioned"}}""", """{"spec":{"machineTemplate":{}}}""", null)]
    public void Wanted_nodes_are_those_that_machines_make(string cluster, string controlPlane, int? expected) =>
        Assert.Equal(expected, CapiReplicas.Wanted(Json(cluster), Json(controlPlane)));

    [Fact]
    public void Without_counters_replicas_are_added_up() => Assert.Equal(
        6, CapiReplicas.Wanted(Json("""{"spec":{"replicas":3,"machineTemplate":{}}}"""), [Json("""{"spec":{"replicas":2}}"""), Json("""{"spec":{}}""")]));

    [Fact]
    public void One_fault_of_many_machines_is_told_once_and_errors_first()
    {
        CapiPart Part(string kind, string name, string message, bool error = false) => new(kind, new("org", name), message, error);
        var text = CapiFaults.Text(
        [
            Part("KubeadmConfig", "k", "waiting for the cluster"),
            .. Enumerable.Range(1, 5).Select(i => Part("AWSMachine", $"m{i}", "VcpuLimitExceeded", error: true)),
        ]);
        Assert.Equal("AWSMachine m1, m2, m3 and 2 more: VcpuLimitExceeded; KubeadmConfig k: waiting for the cluster", text);
    }

    [Fact]
    public void A_cloud_that_talks_too_much_is_cut() =>
        Assert.True(CapiFaults.Text([.. Enumerable.Range(0, 9).Select(i => new CapiPart("AWSMachine", new("org", $"m{i}"), $"{i}" + new string('x', 5000)))])!.Length <= CapiFaults.LongestText);

    [Theory]
    [InlineData("", "Infrastructure")]
    [InlineData("InfrastructureReady", "ControlPlane")]
    [InlineData("InfrastructureReady ControlPlaneInitialized", "ControlPlane")]
    [InlineData("InfrastructureReady ControlPlaneAvailable", "Workers")]
    public void The_phase_is_the_first_part_that_is_not_done(string done, string expected) =>
        Assert.Equal(expected, CapiSummary.PhaseOf(new()
        {
            Key = new("org", "web"), Conditions = [.. done.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(type => new CapiCondition(type, ConditionStatus.True, "", ""))],
        }));

    [Fact]
    public void A_cluster_that_is_being_deleted_by_somebody_else_is_not_ready() =>
        Assert.Equal(
            (ClusterDeploymentConditions.CapiClusterSummary, ConditionStatus.False),
            (CapiSummary.Of(new() { Key = new("org", "web"), BeingDeleted = true }).Type, CapiSummary.Of(new() { Key = new("org", "web"), BeingDeleted = true }).Status));
}
