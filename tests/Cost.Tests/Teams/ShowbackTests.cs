using System.Globalization;
using Fleet.Cost.Allocations;
using Fleet.Cost.Days;
using Fleet.Cost.Teams;

namespace Fleet.Cost.Tests.Teams;

public sealed class ShowbackTests
{
    private static readonly DateOnly October = new(2026, 10, 1);
    private static readonly DateOnly November = new(2026, 11, 1);
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

    [Theory]
    [InlineData(1, 31, 0, -1, 0, null)]
    [InlineData(12, 31, 0, -1, 0, "known from 12 Oct 2026")]
    [InlineData(12, 31, 5, -1, 0, "known from 12 Oct 2026, 5 hours are missing")]
    [InlineData(1, 31, 1, -1, 0, "an hour is missing")]
    // The ledger began at ten o'clock of the first, or of a day in the month, which is named already.
    [InlineData(1, 31, 0, 1, 10, "10 hours are missing")]
    [InlineData(1, 31, 0, 1, 0, null)]
    [InlineData(12, 31, 0, 12, 10, "known from 12 Oct 2026")]
    // The last two days are not there, of which nobody can say that an hour is missing in them.
    [InlineData(1, 29, 0, -1, 0, "48 hours are missing")]
    [InlineData(1, 29, 60, -1, 0, "60 hours are missing")]
    [InlineData(1, 0, 0, -1, 0, "nothing is known of it")]
    public void A_month_that_is_partly_known_says_so(int from, int to, int gaps, int beganDay, int beganHour, string? reason)
    {
        var known = Enumerable.Range(from, Math.Max(0, to - from + 1)).Select(day => new DateOnly(2026, 10, day));
        DateTimeOffset? began = beganDay < 0 ? null : new(2026, 10, beganDay, beganHour, 0, 0, TimeSpan.Zero);
        // Days of other months say nothing of this one.
        Assert.Equal(reason, PriorPeriod.Of(October, November, [.. known, November, October.AddDays(-1)], began, gaps).Reason);
    }

    [Fact]
    public void A_part_of_a_month_is_not_compared_with()
    {
        OwnerCosts before = new([Cost("red", 6, 0)], [Paid("c", 6)]);
        var report = Report(Costs, before, prior: new(October, October.AddDays(11), 0));
        Assert.All(report.Items, item => Assert.Equal((null, null), (item.Before, item.Change)));
        Assert.Equal("known from 12 Oct 2026", report.Prior!.Reason);
        var whole = Report(Costs, before, prior: new(October, October, 0));
        Assert.Equal((66m, null), (whole.Items[0].Change, whole.Prior!.Reason));
        // Known, and there is nothing in it.
        Assert.Equal("nothing is known of it", Report(Costs, null, prior: new(October, October, 0)).Prior!.Reason);
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

    private static Showback Report(OwnerCosts now, OwnerCosts? before, SharedPoolMethod method = SharedPoolMethod.Proportional, double shared = 0, PriorPeriod? prior = null)
    {
        SharedPool[] pools = [new(SharedPool.Overhead, SharedPoolSource.Overhead, method), new("fee", SharedPoolSource.Amount, method) { Amount = shared }];
        return ShowbackFrom.Of(CostDivision.Of(now, pools), before is null ? null : CostDivision.Of(before, pools), prior);
    }

    private static DayCost Cost(string owner, double direct, double idle) => new("c", owner) { Direct = direct, Idle = idle };

    private static DayCost Paid(string cluster, double total) => new(cluster, cluster) { Direct = total };
}
