using Fleet.Cost.Allocations;

namespace Fleet.Cost.Tests.Allocations;

public sealed class AllocationSumTests
{
    [Fact]
    public void Averages_are_weighted_over_the_union_of_the_spans()
    {
        // 2 cores for 12 h and 1 core for 6 h with a gap of 2 h: 30 core-hours over 20 h.
        var first = At(0, 12, 2, 1, 24);
        var second = At(14, 20, 1, 0.5, 6);
        var sum = Sum(first, second);
        Assert.Equal((Examples.Start, Examples.Start.AddHours(20)), (sum.Start, sum.End));
        Assert.Equal(1.5, sum.Cpu.RequestAverage, 12);
        Assert.Equal(0.75, sum.Cpu.UsageAverage, 12);
        Assert.Equal(30, sum.Cpu.Hours);
        Assert.Equal(1.5, sum.CpuCores, 12);
        Assert.Equal(first.TotalCost + second.TotalCost, sum.TotalCost, 12);
    }

    [Fact]
    public void Adding_is_the_same_in_any_order()
    {
        var parts = new[] { At(0, 3, 1, 2, 3), At(2, 9, 4, 1, 28), At(20, 24, 0.1, 0.3, 1) };
        var one = Sum(parts);
        var other = Sum([parts[2], parts[0], parts[1]]);
        Assert.Equal(one.Cpu.UsageAverage, other.Cpu.UsageAverage, 12);
        Assert.Equal(one.TotalCost, other.TotalCost, 12);
        Assert.Equal(one.Properties.Container, other.Properties.Container);
    }

    [Fact]
    public void Peaks_can_not_be_added()
    {
        Assert.NotNull(Sum(At(0, 3, 1, 1, 3)).Peak);
        Assert.Null(Sum(At(0, 3, 1, 1, 3), At(3, 6, 1, 1, 3)).Peak);
    }

    [Fact]
    public void Only_what_all_have_in_common_stays()
    {
        var sum = Sum(Examples.Workloads[3], Examples.Workloads[6]);
        Assert.Equal(("", "namespace2", "", "container4", "deployment2"), (sum.Properties.Cluster, sum.Properties.Namespace, sum.Properties.Pod, sum.Properties.Container, sum.Properties.Controller));
    }

    [Fact]
    public void Another_controller_of_the_same_container_is_the_one_that_sorts_first()
    {
        var one = Examples.Unit("c", "n", "ns", "p", "main", "deployment", "web-b");
        var other = Examples.Unit("c", "n", "ns", "p", "main", "deployment", "web-a");
        Assert.Equal("web-a", Sum(one, other).Properties.Controller);
        Assert.Equal("web-a", Sum(other, one).Properties.Controller);
        Assert.Equal("web-b", Sum(one, other with { Properties = other.Properties with { Controller = "" } }).Properties.Controller);
    }

    [Fact]
    public void Volumes_and_load_balancers_are_added_by_key()
    {
        var balancer = new LoadBalancerShare("shop/web", 2, 3);
        var one = At(0, 12, 1, 1, 1) with { LoadBalancers = new Dictionary<string, LoadBalancerShare> { ["c/shop/web"] = balancer } };
        var sum = Sum(one, one with { Name = "x" });
        Assert.Equal(2, Assert.Single(sum.Volumes).Value.Cost);
        Assert.Equal(balancer with { Cost = 4, Hours = 6 }, Assert.Single(sum.LoadBalancers).Value);
    }

    [Fact]
    public void A_missing_price_marks_the_sum() =>
        Assert.Equal(MissingPrice.Gpu | MissingPrice.Volume, Sum(At(0, 1, 1, 1, 1) with { MissingPrice = MissingPrice.Gpu }, At(1, 2, 1, 1, 1) with { MissingPrice = MissingPrice.Volume }).MissingPrice);

    private static Allocation At(int from, int to, double request, double usage, double hours) => Examples.Unit("c", "n", "ns", "p", "main") with
    {
        Start = Examples.Start.AddHours(from),
        End = Examples.Start.AddHours(to),
        Cpu = new() { RequestAverage = request, UsageAverage = usage, Hours = hours, Cost = hours },
    };

    private static Allocation Sum(params Allocation[] parts) =>
        Assert.Single(new AllocationSet(Examples.Day, parts.Select(part => part with { Name = "sum" })).Allocations.Values);
}
