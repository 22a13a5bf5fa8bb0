using Fleet.Cost.Allocations;
using Fleet.Cost.Idle;

namespace Fleet.Cost.Tests.Idle;

/// <summary>The numbers of OpenCost's own example: nodes of 100 in each cluster, of which 48 and 28 are allocated.</summary>
public sealed class IdleCalculatorTests
{
    [Fact]
    public void Idle_of_a_cluster_is_what_its_nodes_cost_less_its_workloads_for_each_resource()
    {
        var idle = IdleCalculator.Of(Examples.Nodes, Examples.WithoutIdle, byNode: false);
        Assert.Empty(idle.Faults);
        Assert.Equal(
            ["cluster1/__idle__ 44 4 24", "cluster2/__idle__ 44 4 34"],
            idle.Allocations.Select(row => FormattableString.Invariant($"{row.Name} {row.Cpu.TotalCost:0.######} {row.Gpu.TotalCost:0.######} {row.Ram.TotalCost:0.######}")));
    }

    [Fact]
    public void Idle_of_a_node_is_likewise_and_adds_up_to_the_clusters()
    {
        var idle = IdleCalculator.Of(Examples.Nodes, Examples.WithoutIdle, byNode: true);
        Assert.Equal(
            ["cluster1/c1nodes/__idle__ 44 4 24", "cluster2/node1/__idle__ 18 0 13", "cluster2/node2/__idle__ 18 0 13", "cluster2/node3/__idle__ 8 8 8"],
            idle.Allocations.Select(row => FormattableString.Invariant($"{row.Name} {row.Cpu.TotalCost:0.######} {row.Gpu.TotalCost:0.######} {row.Ram.TotalCost:0.######}")));
        // GPUs that run where no GPU is: a fault of node1 and node2, each of 2, not a negative cost.
        Assert.Equal([("node1", "gpu", -2.0), ("node2", "gpu", -2.0)], idle.Faults.Select(fault => (fault.Node, fault.Resource, fault.Amount)));
    }

    [Fact]
    public void A_node_without_workloads_is_idle_as_a_whole()
    {
        var assets = Examples.Nodes with { Nodes = [Examples.Node("empty", "n", 3, 4, 5)] };
        var row = Assert.Single(IdleCalculator.Of(assets, new(Examples.Day, []), byNode: true).Allocations);
        Assert.Equal((3, 5, 4), (row.Cpu.Cost, row.Gpu.Cost, row.Ram.Cost));
    }

    [Fact]
    public void Negative_idle_is_a_fault_with_its_cause_and_never_a_cost()
    {
        var assets = Examples.Nodes with { Nodes = [Examples.Node("cluster1", "c1nodes", 5, 44, 11), .. Examples.Nodes.Nodes.Skip(1)] };
        var idle = IdleCalculator.Of(assets, Examples.WithoutIdle, byNode: false);
        var fault = Assert.Single(idle.Faults);
        Assert.Equal(("cluster1", "cpu", 5, 6), (fault.Cluster, fault.Resource, fault.AssetCost, fault.AllocatedCost));
        Assert.Equal("the workloads use more than the nodes have, or are priced otherwise than the nodes", fault.Cause);
        Assert.Equal(0, idle.Allocations[0].Cpu.Cost);
    }

    [Fact]
    public void A_container_that_is_counted_twice_is_named()
    {
        var assets = Examples.Nodes with { Nodes = [Examples.Node("cluster1", "c1nodes", 6.5, 44, 11), .. Examples.Nodes.Nodes.Skip(1)] };
        var doubled = new AllocationSet(Examples.Day, [.. Examples.Workloads, Examples.Workloads[1] with { Name = "again" }]);
        Assert.Equal("container namespace1/pod-abc/container2 is counted 2 times", Assert.Single(IdleCalculator.Of(assets, doubled, byNode: false).Faults).Cause);
    }

    [Fact]
    public void Workloads_of_a_cluster_whose_nodes_nobody_knows_are_a_fault()
    {
        var assets = Examples.Nodes with { Nodes = [Examples.Nodes.Nodes[0]] };
        var idle = IdleCalculator.Of(assets, Examples.WithoutIdle, byNode: false);
        Assert.Equal([("cluster2", "cpu"), ("cluster2", "gpu"), ("cluster2", "ram")], idle.Faults.Select(fault => (fault.Cluster, fault.Resource)));
        Assert.StartsWith("no node is known there", idle.Faults[0].Cause, StringComparison.Ordinal);
    }

    [Fact]
    public void Windows_must_be_the_same() =>
        Assert.Throws<ArgumentException>(() => IdleCalculator.Of(Examples.Nodes, new(new QueryWindow(Examples.Start, Examples.Start.AddHours(1)), []), byNode: false));
}
