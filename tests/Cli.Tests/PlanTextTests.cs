using System.Text.Json.Nodes;
using Fleet.Cli.Commands.Plans;
using Fleet.Contracts.Upgrades;

namespace Fleet.Cli.Tests;

public class PlanTextTests
{
    private static readonly ClusterUpgradePlan Upgrade = new()
    {
        Namespace = "org",
        Name = "web",
        From = new("aws-1", "aws-0.1.0"),
        To = new("aws-2", "aws-0.2.0"),
        HasChanges = true,
        Summary = "would change 1, replace 1 object; roll 3 control plane machines of web-cp",
        Changed =
        [
            new()
            {
                ApiVersion = "controlplane.cluster.x-k8s.io/v1beta2", Kind = "KubeadmControlPlane", Name = "web-cp",
                Fields = [new() { Path = "spec.version", From = "v1.33.1", To = "v1.34.0" }, new() { Path = "spec.users[name=root].passwd", Secret = true }],
            },
        ],
        Replaced = [new() { ApiVersion = "x/v1", Kind = "AWSMachineTemplate", Name = "web-b", Replaces = "web-a", Fields = [new() { Path = "spec.size", To = JsonValue.Create(8) }] }],
        Rollouts =
        [
            new() { Kind = "KubeadmControlPlane", Name = "web-cp", Role = "ControlPlane", Machines = 3, MachinesWanted = 3, Rolls = true, MaxSurge = "1", Reasons = ["version v1.33.1 → v1.34.0"] },
            new() { Kind = "MachineDeployment", Name = "web-md", Role = "Workers", Machines = 2, MachinesWanted = 5, AfterControlPlane = true, Reasons = ["replicas 2 → 5"] },
        ],
    };

    [Fact]
    public void A_plan_reads_from_objects_to_machines_to_its_sum() => Assert.Equal(
        """
        Cluster org/web: aws-1 (chart aws-0.1.0) → aws-2 (chart aws-0.2.0)

        Change in place:
          ~ KubeadmControlPlane web-cp
              spec.version                  v1.33.1 → v1.34.0
              spec.users[name=root].passwd  (changes; not shown)

        Replace (the old object stays until no machine uses it):
          ± AWSMachineTemplate web-a → web-b
              spec.size  (none) → 8

        Machines:
          1. control plane web-cp: 3 machines replaced, 1 more at a time
               version v1.33.1 → v1.34.0
          2. workers web-md: 2 → 5 machines, after the control plane
               replicas 2 → 5

        Plan: would change 1, replace 1 object; roll 3 control plane machines of web-cp.

        """, Text(Upgrade));

    [Fact]
    public void An_object_whose_content_stays_is_said_so() => Assert.Contains(
        "± AWSMachineTemplate web-a → web-b  (only the name changes)",
        Text(Upgrade with { Replaced = [new() { ApiVersion = "x/v1", Kind = "AWSMachineTemplate", Name = "web-b", Replaces = "web-a" }] }), StringComparison.Ordinal);

    [Fact]
    public void What_stands_against_it_comes_last_and_takes_the_place_of_the_sum()
    {
        var text = Text(Upgrade with { Blockers = [new(PlanRules.ControlPlaneSkipsMinor, "one at a time")] });
        Assert.EndsWith("This would not be done as it is:\n  ! ControlPlaneSkipsMinor: one at a time\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Plan:", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_said_to_be_nothing() => Assert.Contains(
        "Nothing would change.", Text(new() { Namespace = "org", Name = "web", From = new("a", null), To = new("a", null) }), StringComparison.Ordinal);

    [Fact]
    public void Values_of_set_are_read_as_YAML_reads_them()
    {
        var set = PlanCommand.ReadSet(["workersNumber=5", "worker.instanceType=m5.large", "publicIP=true", "bastion=null"])!;
        Assert.Equal("""{"workersNumber":5,"worker.instanceType":"m5.large","publicIP":true,"bastion":null}""", set.ToJsonString());
        Assert.Throws<Output.CommandException>(() => PlanCommand.ReadSet(["workersNumber"]));
    }

    private static string Text(ClusterUpgradePlan plan)
    {
        using var text = new StringWriter { NewLine = "\n" };
        PlanText.Write(text, plan);
        return text.ToString();
    }
}
