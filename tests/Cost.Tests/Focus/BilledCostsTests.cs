using Fleet.Cost.Allocations;
using Fleet.Cost.Focus.Bills;
using Fleet.Cost.Idle;
using Fleet.Cost.Invariant;
using Fleet.Cost.Prices;
using Fleet.Cost.Pricing;

namespace Fleet.Cost.Tests.Focus;

/// <summary>Costs as they are billed: assets and those who use them change together.</summary>
public sealed class BilledCostsTests
{
    private const double GiB = 1024 * 1024 * 1024;

    private static readonly DateTimeOffset Day = new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_bill_below_the_list_price_lowers_nodes_workloads_and_idle_by_the_same_part()
    {
        var priced = Price(Day, Day.AddHours(24));
        var (assets, rows) = BilledCosts.Of(priced.Assets, priced.Workloads, [Nodes(Day, priced, -0.25), Volumes(Day, priced, 0.1)]);

        Assert.Equal(priced.Assets.Nodes.Sum(node => node.TotalCost) * 0.75, assets.Nodes.Sum(node => node.TotalCost), 9);
        var (before, row) = (Web(priced.Workloads), Web(rows));
        Assert.Equal((before.Cpu.Cost, before.Ram.Cost), (row.Cpu.Cost, row.Ram.Cost));
        Assert.Equal(-0.25 * before.Cpu.Cost, row.Cpu.CostAdjustment, 9);
        Assert.Equal(-0.25 * before.Ram.Cost, row.Ram.CostAdjustment, 9);
        Assert.Equal(0.1 * before.VolumeCost, row.VolumeCostAdjustment, 9);
        Assert.Equal(row.VolumeCostAdjustment, row.Volumes.Values.Sum(share => share.Adjustment), 9);

        foreach (var byNode in new[] { false, true })
        {
            var idle = IdleCalculator.Of(assets, rows, byNode);
            var balance = CostInvariant.Check(assets, rows, idle);
            Assert.True(balance.Holds, string.Join("; ", balance.Faults));
            Assert.Equal(assets.TotalCost, balance.Workloads + balance.Idle + balance.Overhead, 6);
            // Idle is lowered too, and says by how much.
            var (left, listed) = (idle.Allocations.Single(), IdleCalculator.Of(priced.Assets, priced.Workloads, byNode).Allocations.Single());
            Assert.Equal(listed.Cpu.Cost, left.Cpu.Cost, 9);
            Assert.Equal(-0.25 * listed.Cpu.Cost, left.Cpu.CostAdjustment, 9);
        }
    }

    [Fact]
    public void Hours_of_a_day_have_the_rate_of_the_day_and_other_days_have_none()
    {
        var morning = Price(Day, Day.AddHours(6));
        // The cluster was there for a part of the day only: its hours bear all of the bill.
        var (assets, _) = BilledCosts.Of(morning.Assets, morning.Workloads, [new(DateOnly.FromDateTime(Day.Date), "c", AdjustedPart.Nodes, 10, 5)]);
        Assert.Equal(morning.Assets.Nodes.Sum(node => node.TotalCost) * 1.5, assets.Nodes.Sum(node => node.TotalCost), 9);
        Assert.Equal(morning.Assets.Disks.Sum(disk => disk.TotalCost), assets.Disks.Sum(disk => disk.TotalCost), 9);

        var same = BilledCosts.Of(morning.Assets, morning.Workloads, [new(DateOnly.FromDateTime(Day.Date).AddDays(1), "c", AdjustedPart.Nodes, 10, 5), new(DateOnly.FromDateTime(Day.Date), "other", AdjustedPart.Nodes, 10, 5)]);
        Assert.Equal(morning.Assets.TotalCost, same.Assets.TotalCost, 9);
    }

    [Fact]
    public void Several_days_bear_what_each_of_them_is_billed_and_a_credit_makes_nothing_cost_less_than_nothing()
    {
        var days = Price(Day, Day.AddDays(3));
        var list = days.Assets.Nodes.Sum(node => node.TotalCost);
        var (assets, rows) = BilledCosts.Of(days.Assets, days.Workloads, [Of(Day, 2), Of(Day.AddDays(1), -1), Of(Day.AddDays(7), 50)]);
        Assert.Equal(list + 1, assets.Nodes.Sum(node => node.TotalCost), 9);
        Assert.True(CostInvariant.Check(assets, rows, IdleCalculator.Of(assets, rows, byNode: false)).Holds);

        var free = BilledCosts.Of(days.Assets, days.Workloads, [Of(Day, -1000)]);
        Assert.Equal(0, free.Assets.Nodes.Sum(node => node.TotalCost), 9);

        BillAdjustment Of(DateTimeOffset day, double amount) => new(DateOnly.FromDateTime(day.Date), "c", AdjustedPart.Nodes, list / 3, amount);
    }

    [Fact]
    public void Adjustments_are_of_clusters_days_and_kinds_and_what_cannot_be_added_to_anything_is_told()
    {
        var (first, second) = (DateOnly.FromDateTime(Day.Date), DateOnly.FromDateTime(Day.Date).AddDays(1));
        ListedAsset[] listed = [new("c", "Node", "a", "i-0001", first, 10), new("c", "Node", "b", "i-0002", first, 10), new("c", "Node", "unknown", "", first, 5), new("c", "PersistentVolume", "pv", "vol-1", first, 1)];
        Reconciliation found = new(
            "EUR",
            [
                new("i-0001", "c", "Node", "a", ["EC2"], [new(first, 10, 8), new(second, 0, 3)]), new("i-0002", "c", "Node", "b", ["EC2"], [new(first, 10, 9)]),
                new("vol-1", "c", "PersistentVolume", "pv", ["EBS"], [new(first, 1, 1)]),
            ],
            [], []);
        Assert.Equal([new BillAdjustment(first, "c", AdjustedPart.Nodes, 25, -3)], BillAdjustment.Of(found, listed, out var unapplied));
        Assert.Equal(3, unapplied);
    }

    private static BillAdjustment Nodes(DateTimeOffset day, PricedCluster priced, double part) =>
        new(DateOnly.FromDateTime(day.Date), "c", AdjustedPart.Nodes, priced.Assets.Nodes.Sum(node => node.TotalCost), priced.Assets.Nodes.Sum(node => node.TotalCost) * part);

    private static BillAdjustment Volumes(DateTimeOffset day, PricedCluster priced, double part) =>
        new(DateOnly.FromDateTime(day.Date), "c", AdjustedPart.Volumes, priced.Assets.Disks.Sum(disk => disk.TotalCost), priced.Assets.Disks.Sum(disk => disk.TotalCost) * part);

    private static Allocation Web(AllocationSet rows) => rows.Allocations.Values.Single(row => row.Properties.Pod == "web");

    private static PricedCluster Price(DateTimeOffset start, DateTimeOffset end) => ClusterPricer.Price(
        new("c", new(start, end))
        {
            Nodes = [new("n", new() { CpuCores = 8, RamBytes = 32 * GiB, Gpus = 1 }, start, end)],
            Containers = [new("web", new() { Namespace = "shop", Pod = "web", Container = "app", Node = "n" }, start, end) { Cpu = new(2, 2, 1), Ram = new(4 * GiB, 4 * GiB, GiB), Gpu = new(0.5, 0.5, 0) }],
            Volumes = [new("pv", 10 * GiB, start, end, new Dictionary<string, double> { ["web"] = 1 })],
        },
        new PriceBook([new("list", new()
        {
            Currency = "EUR",
            Periods = [new() { ValidFrom = Day.AddYears(-1), Nodes = [new() { CpuCoreHour = 0.03m, RamGibHour = 0.004m, GpuHour = 0.5m, Discount = new() { Percent = 10 } }], Storage = [new() { GibHour = 0.0001m }] }],
        })]));
}
