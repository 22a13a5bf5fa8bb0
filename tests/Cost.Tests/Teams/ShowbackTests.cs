using Fleet.Cost.Allocations;
using Fleet.Cost.Days;
using Fleet.Cost.Sharing;
using Fleet.Cost.Teams;

namespace Fleet.Cost.Tests.Teams;

public sealed class ShowbackTests
{
    private static readonly OwnerCosts Costs = new([Cost("red", 60, 6), Cost("blue", 20, 2), Cost(AllocationKeys.Unallocated, 20, 2)], 120, 0);

    [Theory]
    [InlineData(ShareSplit.Weighted, 0, "red 72 blue 24 __unallocated__ 24")]
    [InlineData(ShareSplit.Weighted, 100, "red 132 blue 44 __unallocated__ 44")]
    [InlineData(ShareSplit.Even, 0, "red 69.33 blue 25.33 __unallocated__ 25.33")]
    public void All_that_is_paid_for_is_somebodys_and_what_is_nobodys_stays_visible(ShareSplit split, double shared, string expected)
    {
        var report = ShowbackFrom.Of(Costs with { Fixed = shared }, null, split);
        Assert.Equal(expected, string.Join(' ', report.Items.Select(item => $"{item.Owner} {item.Total.ToString("0.##", System.Globalization.CultureInfo.InvariantCulture)}")));
        Assert.Equal(120 + shared, report.Total, 9);
        Assert.Equal(report.Items[^1].Total, report.Unallocated);
        Assert.Equal(1, report.Items.Sum(item => item.Share), 9);
    }

    [Fact]
    public void Who_is_gone_is_still_compared_and_who_is_new_was_nothing()
    {
        var report = ShowbackFrom.Of(new([Cost("new", 10, 0)], 10, 0), new([Cost("gone", 30, 0)], 30, 0), ShareSplit.Weighted);
        Assert.Equal([("new", 10.0, 0.0, 10.0), ("gone", 0.0, 30.0, -30.0)], report.Items.Select(item => (item.Owner, item.Total, item.Before!.Value, item.Change!.Value)));
        Assert.All(ShowbackFrom.Of(Costs, null, ShareSplit.Weighted).Items, item => Assert.Null(item.Change));
    }

    [Fact]
    public void With_nobody_to_share_with_no_money_goes_missing()
    {
        Assert.Equal([(AllocationKeys.Shared, 50.0)], ShowbackFrom.Of(new([], 50, 0), null, ShareSplit.Even).Items.Select(item => (item.Owner, item.Total)));
        Assert.Equal(50, ShowbackFrom.Of(new([Cost("free", 0, 0)], 50, 0), null, ShareSplit.Weighted).Total);
    }

    [Fact]
    public void What_a_cluster_costs_beyond_its_workloads_is_its_own()
    {
        var report = ShowbackFrom.Of(new([Cost("a", 10, 2) with { Overhead = 5 }, Cost("b", 90, 0)], 107, 0), null, ShareSplit.Weighted);
        Assert.Equal([("b", 0.0, 90.0), ("a", 5.0, 17.0)], report.Items.Select(item => (item.Owner, item.Shared, item.Total)));
    }

    private static DayCost Cost(string owner, double direct, double idle) => new("c", owner) { Direct = direct, Idle = idle };
}
