using Fleet.Cost.Allocations;
using Fleet.Cost.Assets;
using Fleet.Cost.Idle;
using Fleet.Cost.Invariant;

namespace Fleet.Cost.Tests.Invariant;

/// <summary>Workloads + idle + overhead = assets.</summary>
public sealed class CostInvariantTests
{
    // Every workload of the example has a volume, a load balancer and traffic for 1 each.
    private static readonly AssetSet Everything = Examples.Nodes with
    {
        Nodes = [Examples.Nodes.Nodes[0], Examples.Node("cluster2", "node1", 50, 40, 10)],
        Disks =
        [
            .. Examples.Workloads.Select(row => new DiskAsset { Cluster = row.Properties.Cluster, Name = row.Volumes.Keys.Single().Name, Cost = 1 }),
            new() { Cluster = "cluster1", Name = "root", AttachedTo = "c1nodes", Cost = 3 },
        ],
        LoadBalancers =
        [
            new() { Cluster = "cluster1", Namespace = "n", Service = "s", Start = Examples.Day.Start, End = Examples.Day.End, RuleHourPrice = .25 },
            new() { Cluster = "cluster2", Namespace = "n", Service = "s", Start = Examples.Day.Start, End = Examples.Day.End, RuleHourPrice = .25 },
        ],
        Networks = [new() { Cluster = "cluster1", Cost = 5, Adjustment = 1 }, new() { Cluster = "cluster2", Cost = 6 }],
        ClusterManagement = [new() { Cluster = "cluster1", Start = Examples.Day.Start, End = Examples.Day.End, HourPrice = .1 }],
    };

    [Fact]
    public void It_holds_when_everything_is_accounted_for()
    {
        var balance = Check(Everything, Examples.WithoutIdle);
        Assert.True(balance.Holds, string.Join("; ", balance.Faults));
        Assert.Equal((82, 72 + 82, 5.4), (balance.Workloads, Math.Round(balance.Idle, 9), Math.Round(balance.Overhead, 9)));
        Assert.Equal(balance.Assets, balance.Workloads + balance.Idle + balance.Overhead, 9);
    }

    [Fact]
    public void Negative_idle_breaks_it()
    {
        var balance = Check(Everything with { Nodes = [Examples.Node("cluster1", "c1nodes", 5, 44, 11), Everything.Nodes[1]] }, Examples.WithoutIdle);
        Assert.False(balance.Holds);
        Assert.Equal(1, balance.Difference, 9);
        Assert.Equal(("cluster1", "cpu", 1.0), (balance.Faults[0].Cluster, balance.Faults[0].Part, Math.Round(balance.Faults[0].Difference, 9)));
        Assert.Equal("cpu", Assert.Single(balance.NegativeIdle).Resource);
    }

    [Fact]
    public void A_surplus_here_does_not_make_up_for_a_gap_there()
    {
        var moved = Everything with
        {
            LoadBalancers = [Everything.LoadBalancers[0] with { RuleHourPrice = .5 }, Everything.LoadBalancers[1] with { RuleHourPrice = 0 }],
        };
        var balance = Check(moved, Examples.WithoutIdle);
        Assert.Equal(0, balance.Difference, 9);
        Assert.Equal(["cluster1 loadBalancers -6", "cluster2 loadBalancers 6"], balance.Faults.Select(fault => FormattableString.Invariant($"{fault.Cluster} {fault.Part} {fault.Difference:0}")));
        Assert.False(balance.Holds);
    }

    [Fact]
    public void A_volume_that_was_left_out_is_found() =>
        Assert.Equal("volumes", Assert.Single(Check(Everything with { Disks = [.. Everything.Disks, new() { Cluster = "cluster2", Name = "forgotten", Cost = 2 }] }, Examples.WithoutIdle).Faults).Part);

    [Theory]
    [InlineData(1e-7, true)]
    [InlineData(1e-3, false)]
    public void Rounding_is_no_fault(double off, bool holds) =>
        Assert.Equal(holds, Check(Everything with { Networks = [Everything.Networks[0], Everything.Networks[1] with { Cost = 6 + off }] }, Examples.WithoutIdle).Holds);

    [Fact]
    public void Currencies_must_be_the_same() =>
        Assert.Throws<ArgumentException>(() => CostInvariant.Check(Everything, new AllocationSet(Examples.Day, [], "EUR"), new([], [])));

    private static CostBalance Check(AssetSet assets, AllocationSet allocations) =>
        CostInvariant.Check(assets, allocations, IdleCalculator.Of(assets, allocations, byNode: false));
}
