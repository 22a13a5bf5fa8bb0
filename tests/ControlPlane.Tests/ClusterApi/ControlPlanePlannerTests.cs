using System.Text.Json.Nodes;
using Fleet.ControlPlane.ClusterApi.Core;

namespace Fleet.ControlPlane.Tests.ClusterApi;

public sealed class ControlPlanePlannerTests
{
    /// <summary>
    /// Machines in a row of words, oldest first: a name, then what it is not or is besides: <c>old</c> (differs), <c>ver</c> (differs in version only), <c>bad</c> (not ready),
    /// <c>del</c> (going), <c>new</c> (no node), <c>mark</c>, <c>fix</c> (to be remediated), <c>@a</c> (failure domain).
    /// </summary>
    public static TheoryData<string, int, string, string, string> Steps => new()
    {
        { "the first alone", 3, "", "", "Create" },
        { "no second before the first has a node", 3, "", "a:new", "None" },
        { "then one", 3, "", "a", "Create" },
        { "not while one is not ready", 3, "", "a b:bad", "None waits b is not ready" },
        { "not while one goes", 3, "", "a b c:del", "None waits c is being deleted" },
        { "in by the oldest", 1, "", "a b c", "Delete a" },
        { "in by the marked one first", 1, "", "a b:mark c", "Delete b" },
        { "in by the broken one first", 1, "", "a b:bad c", "Delete b" },
        { "in where most are", 3, "", "a:@x b:@y c:@z d:@z", "Delete c" },
        { "a rollout goes out first", 3, "", "a:old b:old c:old", "Create" },
        { "and in when the new one is ready", 3, "", "a:old b:old c:old d", "Delete a" },
        { "not before", 3, "", "a:old b:old c:old d:bad", "None waits d is not ready" },
        { "a broken old one goes although it is broken", 3, "", "a:old b:old,bad c:old d", "Delete b" },
        { "one that is not as wanted and broken goes back", 3, "", "a b c d:old,bad", "Delete d" },
        { "one of a single one", 1, "", "a:old", "Create" },
        { "maxSurge 0 goes in first", 3, "rollout: {strategy: {rollingUpdate: {maxSurge: 0}}}", "a:old b:old c:old", "Delete a" },
        { "and out then", 3, "rollout: {strategy: {rollingUpdate: {maxSurge: 0}}}", "b:old c:old", "Create" },
        { "maxSurge 0 of the older contract", 3, "rolloutStrategy: {rollingUpdate: {maxSurge: 0}}", "a:old b:old c:old", "Delete a" },
        { "maxSurge 0 with one would leave none", 1, "rollout: {strategy: {rollingUpdate: {maxSurge: 0}}}", "a:old", "Create" },
        { "k0s: delete first", 3, "updateStrategy: RecreateDeleteFirst", "a:old b:old c:old", "Delete a" },
        { "k0s: in place", 3, "updateStrategy: InPlace", "a b:ver c:ver", "ChangeVersion b" },
        { "k0s: in place waits", 3, "updateStrategy: InPlace", "a:bad b:ver c:ver", "None waits a is not ready" },
        { "k0s: other changes replace", 3, "updateStrategy: InPlace", "a:old b:ver c:ver", "Create" },
        { "to be remediated", 3, "", "a b:bad,fix c", "Delete b" },
        { "not while another is broken too", 3, "", "a:bad b:bad,fix c", "None waits a is not ready" },
        { "never the only one", 1, "", "a:bad,fix", "None" },
        { "nothing to do", 3, "", "a b c", "None" },
    };

    [Theory, MemberData(nameof(Steps))]
    public void One_step_at_a_time(string name, int replicas, string spec, string machines, string expected)
    {
        var controlPlane = Kubernetes.Yaml.KubernetesYaml.Parse($"spec:\n  replicas: {replicas}\n  {spec}\n")!.AsObject();
        var step = ControlPlanePlanner.Plan(controlPlane, [.. machines.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Machine)], []);

        var text = step.Action == ControlPlaneAction.None
            ? step.Waits is null ? "None" : $"None waits {step.Waits["Machine ".Length..]}"
            : $"{step.Action} {step.Machine.Name}".TrimEnd();
        Assert.True(expected == text, $"{name}: {text}");
    }

    [Theory]
    [InlineData("", "x")]
    [InlineData("a:@x", "y")]
    [InlineData("a:@x b:@y", "z")]
    [InlineData("a:@x b:@y c:@z,old", "z")]
    public void A_new_machine_goes_where_the_fewest_are(string machines, string domain)
    {
        var controlPlane = new JsonObject { ["spec"] = new JsonObject { ["replicas"] = 3 } };
        Assert.Equal(domain, ControlPlanePlanner.Plan(controlPlane, [.. machines.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Machine)], ["x", "y", "z"]).FailureDomain);
    }

    [Theory]
    [InlineData("v1.9.0 v1.10.0", "v1.9.0")]
    [InlineData("v1.33.2+k0s.0 1.33.1", "1.33.1")]
    [InlineData("v1.34.0 nonsense", "nonsense")]
    [InlineData("", null)]
    public void The_lowest_version_is_by_number(string versions, string? lowest) =>
        Assert.Equal(lowest, KubernetesVersions.Lowest(versions.Split(' ', StringSplitOptions.RemoveEmptyEntries)));

    private static ControlPlaneMachine Machine(string text, int index)
    {
        var parts = text.Split(':', ',');
        bool Is(string word) => parts.Skip(1).Contains(word);
        var machine = new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["name"] = parts[0],
                ["creationTimestamp"] = $"2026-01-01T00:00:{index:00}Z",
                ["annotations"] = Is("mark") ? new JsonObject { ["cluster.x-k8s.io/delete-machine"] = "" } : new JsonObject(),
            },
            ["spec"] = new JsonObject { ["failureDomain"] = parts.Skip(1).FirstOrDefault(p => p.StartsWith('@'))?[1..] },
            ["status"] = new JsonObject
            {
                ["nodeRef"] = Is("new") ? null : new JsonObject { ["name"] = parts[0] },
                ["conditions"] = new JsonArray(
                    new JsonObject { ["type"] = "Ready", ["status"] = Is("bad") || Is("new") ? "False" : "True" },
                    new JsonObject { ["type"] = "OwnerRemediated", ["status"] = Is("fix") ? "False" : "True" }),
            },
        };
        if (Is("del"))
            machine["metadata"]!["deletionTimestamp"] = "2026-01-01T00:01:00Z";
        return new(machine, Is("old") || Is("ver") ? "differs" : null, Is("ver"));
    }
}
