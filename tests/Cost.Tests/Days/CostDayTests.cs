using Fleet.Cost.Allocations;
using Fleet.Cost.Days;
using Fleet.Cost.Filters;

namespace Fleet.Cost.Tests.Days;

public sealed class CostDayTests
{
    private static readonly Fleet.Cost.Assets.AssetSet Assets = Examples.Nodes with
    {
        ClusterManagement = [new() { Cluster = "cluster1", Start = Examples.Day.Start, End = Examples.Day.End, HourPrice = 0.5 }],
    };

    private static readonly CostDay Day = new(Assets, Examples.WithoutIdle);

    [Fact]
    public void Clusters_are_what_is_paid_for_them()
    {
        var clusters = Day.Clusters().ToDictionary(cost => cost.Cluster);
        // Nodes and the fee; what the examples' workloads pay of volumes, load balancers and traffic has no asset there.
        foreach (var cluster in new[] { "cluster1", "cluster2" })
            Assert.Equal(
                Assets.Nodes.Where(node => node.Cluster == cluster).Sum(node => node.TotalCost) + (cluster == "cluster1" ? 12 : 0)
                + Examples.Workloads.Where(row => row.Properties.Cluster == cluster).Sum(row => row.TotalCost - row.Cpu.TotalCost - row.Gpu.TotalCost - row.Ram.TotalCost),
                clusters[cluster].Total, 9);
        Assert.Equal(12, clusters["cluster1"].Overhead);
    }

    [Fact]
    public void What_it_is_divided_by_does_not_change_the_sum()
    {
        var whole = DayCost.Sum(Day.Clusters());
        var parts = DayCost.Sum(Day.By(row => row.Properties.Namespace));
        // A cluster's fee is nobody's; all of idle is somebody's, since somebody uses each resource in both clusters.
        Assert.Equal(whole.Total - 12, parts.Total, 9);
        Assert.Equal(whole.Direct, parts.Direct, 9);
        Assert.Equal(82, Math.Round(parts.Direct, 9));
        Assert.Equal(whole.Total, Day.Of(AllocationFilter.Everything, _ => true).Total, 9);
    }

    [Fact]
    public void A_filter_changes_no_figure()
    {
        var all = Day.By(row => row.Properties.Namespace).ToDictionary(cost => (cost.Cluster, cost.Name), cost => cost.Total);
        foreach (var cost in Day.By(row => row.Properties.Namespace, AllocationFilter.Parse("namespace:\"namespace2\"")))
            Assert.Equal(all[(cost.Cluster, cost.Name)], cost.Total, 9);
        Assert.Equal(all.Where(cost => cost.Key.Name == "namespace2").Sum(cost => cost.Value), Day.Of(AllocationFilter.Parse("namespace:\"namespace2\""), _ => true).Total, 9);
    }

    [Fact]
    public void Clusters_that_may_not_be_seen_do_not_count()
    {
        var one = Day.Of(AllocationFilter.Everything, cluster => cluster == "cluster1");
        Assert.Equal(Day.Clusters().Single(cost => cost.Cluster == "cluster1").Total, one.Total, 9);
        Assert.True(Day.Of(AllocationFilter.Parse("cluster:\"cluster2\""), cluster => cluster == "cluster1").IsNothing);
    }

    [Fact]
    public void What_has_no_value_is_unallocated_and_stays_visible()
    {
        var apps = Day.By(row => row.Properties.Labels.GetValueOrDefault("app")).ToList();
        Assert.Equal(["app1", "app2"], apps.Select(cost => cost.Name).Where(name => name != AllocationKeys.Unallocated).Distinct().Order());
        Assert.Equal(82, apps.Sum(cost => cost.Direct), 9);
        Assert.Contains(apps, cost => cost.Name == AllocationKeys.Unallocated);
    }

    [Fact]
    public void An_empty_cluster_is_all_idle()
    {
        var empty = new CostDay(Examples.Nodes, new(Examples.Day, []));
        Assert.All(empty.Clusters(), cost => Assert.Equal(cost.Total, cost.Idle));
        Assert.Equal(Examples.Nodes.TotalCost, empty.Clusters().Sum(cost => cost.Total), 9);
        Assert.Empty(empty.By(row => row.Properties.Namespace));
    }

    [Fact]
    public void Efficiency_can_be_added_up()
    {
        var sum = DayCost.Sum(
        [
            new("c", "a") { Compute = 10, Efficient = 1 },
            new("c", "b") { Compute = 30, Efficient = 27 },
        ]);
        Assert.Equal(0.7, sum.Efficiency, 9);
        Assert.Equal(0, new DayCost("c", "a").Efficiency);
    }

    [Fact]
    public void Clusters_that_do_not_add_up_are_named()
    {
        Assert.NotEmpty(new CostDay(new(Examples.Day), Examples.WithoutIdle).Faults);
        var consistent = Examples.Workloads.Select(row => row with { Network = default, LoadBalancerCost = 0, Volumes = new Dictionary<VolumeKey, VolumeShare>() });
        Assert.Empty(new CostDay(Assets, new(Examples.Day, consistent)).Faults);
    }
}
