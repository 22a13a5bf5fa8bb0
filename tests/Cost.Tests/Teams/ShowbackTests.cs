using System.Globalization;
using Fleet.Cost.Allocations;
using Fleet.Cost.Days;
using Fleet.Cost.Teams;

namespace Fleet.Cost.Tests.Teams;

public sealed class ShowbackTests
{
    private static readonly OwnerCosts Costs = new([Cost("red", 60, 6), Cost("blue", 20, 2), Cost(AllocationKeys.Unallocated, 20, 2)], [Paid("c", 120)]);

    [Theory]
    [InlineData(SharedPoolMethod.Proportional, 0, "red 72 blue 24 __unallocated__ 24")]
    [InlineData(SharedPoolMethod.Proportional, 100, "red 132 blue 44 __unallocated__ 44")]
    [InlineData(SharedPoolMethod.Even, 0, "red 69.33 blue 25.33 __unallocated__ 25.34")]
    public void All_that_is_paid_for_is_somebodys_and_what_is_nobodys_stays_visible(SharedPoolMethod method, double shared, string expected)
    {
        var report = Report(Costs, null, method, shared);
        Assert.Equal(expected, string.Join(' ', report.Items.Select(item => $"{item.Owner} {item.Total.ToString("0.##", CultureInfo.InvariantCulture)}")));
        Assert.Equal(120 + (decimal)shared, report.Total);
        Assert.Equal(report.Items[^1].Total, report.Unallocated);
        Assert.Equal(1, report.Items.Sum(item => item.Share), 9);
    }

    [Fact]
    public void Who_is_gone_is_still_compared_and_who_is_new_was_nothing()
    {
        var report = Report(new([Cost("new", 10, 0)], [Paid("c", 10)]), new([Cost("gone", 30, 0)], [Paid("c", 30)]));
        Assert.Equal([("new", 10m, 0m, 10m), ("gone", 0m, 30m, -30m)], report.Items.Select(item => (item.Owner, item.Total, item.Before!.Value, item.Change!.Value)));
        Assert.All(Report(Costs, null).Items, item => Assert.Null(item.Change));
    }

    [Fact]
    public void With_nobody_to_share_with_no_money_goes_missing()
    {
        Assert.Equal([(AllocationKeys.Shared, 50m)], Report(new([], [Paid("c", 50)]), null, SharedPoolMethod.Even).Items.Select(item => (item.Owner, item.Total)));
        var report = Report(new([Cost("free", 0, 0)], [Paid("c", 50)]), null);
        Assert.Equal((50m, 50m), (report.Total, report.Undivided));
    }

    [Fact]
    public void What_a_cluster_costs_beyond_its_workloads_is_borne_on_it()
    {
        var report = Report(new([Cost("a", 10, 2) with { Overhead = 5 }, Cost("b", 90, 0) with { Cluster = "d" }], [Paid("c", 27), Paid("d", 90)]), null);
        Assert.Equal([("b", 0m, 90m), ("a", 15m, 27m)], report.Items.Select(item => (item.Owner, item.Shared, item.Total)));
    }

    private static Showback Report(OwnerCosts now, OwnerCosts? before, SharedPoolMethod method = SharedPoolMethod.Proportional, double shared = 0)
    {
        SharedPool[] pools = [new(SharedPool.Overhead, SharedPoolSource.Overhead, method), new("fee", SharedPoolSource.Amount, method) { Amount = shared }];
        return ShowbackFrom.Of(CostDivision.Of(now, pools), before is null ? null : CostDivision.Of(before, pools));
    }

    private static DayCost Cost(string owner, double direct, double idle) => new("c", owner) { Direct = direct, Idle = idle };

    private static DayCost Paid(string cluster, double total) => new(cluster, cluster) { Direct = total };
}
