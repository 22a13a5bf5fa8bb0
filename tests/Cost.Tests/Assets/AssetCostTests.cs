using Fleet.Cost.Assets;

namespace Fleet.Cost.Tests.Assets;

public sealed class AssetCostTests
{
    [Fact]
    public void V5_a_discount_and_then_the_bills_adjustment()
    {
        var cost = AdjustedCost.Of(cost: 10, discount: .2, rate: .75);
        Assert.Equal((8.00, -2.00, 6.00), (cost.Discounted, cost.Adjustment, cost.Total));
    }

    [Theory]
    [InlineData(100, -10, .9)]
    [InlineData(450, -300, 1 / 3.0)]
    [InlineData(100, 50, 1.5)]
    [InlineData(100, 0, 1)]
    [InlineData(0, 0, 0)]
    [InlineData(100, -100, 0)]
    public void The_adjustment_of_a_machine_is_spread_over_its_resources(double cost, double adjustment, double rate) =>
        Assert.Equal(rate, (Examples.Node("c", "n", cost / 2, cost / 4, cost / 4) with { Adjustment = adjustment }).AdjustmentRate, 12);

    [Fact]
    public void Resources_of_a_machine_add_up_to_its_bill()
    {
        var node = Examples.Node("c", "n", 10, 20, 30) with { Discount = .2, Adjustment = -7 };
        Assert.Equal(8 + 16 + 30 - 7, node.TotalCost, 12);
        Assert.Equal(node.TotalCost, node.AdjustedCpu.Total + node.AdjustedRam.Total + node.AdjustedGpu.Total, 12);
    }

    [Fact]
    public void V5_a_machines_price_is_divided_and_the_proportions_stay()
    {
        var rates = new NodeRates(CpuCoreHour: 30, RamGiBHour: 10, GpuHour: 30).DividedFrom(35, cores: 1, ramGiB: 1, gpus: 1);
        Assert.Equal((15, 15, 5), (rates.GpuHour, rates.CpuCoreHour, rates.RamGiBHour));
    }

    [Fact]
    public void V5_a_machine_of_4_cores_and_16_GiB_at_0_192_an_hour()
    {
        Assert.Equal(7.460703, NodeRates.Default.CpuCoreHour / NodeRates.Default.RamGiBHour, 6);
        var rates = NodeRates.Default.DividedFrom(.192, cores: 4, ramGiB: 16, gpus: 0);
        Assert.Equal((.031247101, .004188225), (Math.Round(rates.CpuCoreHour, 9), Math.Round(rates.RamGiBHour, 9)));
        Assert.Equal(.192, rates.NodeHour(4, 16, 0), 12);
    }

    [Fact]
    public void A_machine_without_parts_has_no_rates() => Assert.Equal(default, NodeRates.Default.DividedFrom(1, 0, 0, 0));

    [Fact]
    public void V5_monthly_prices_are_of_730_hours()
    {
        Assert.Equal(.027397, 20 / CostUnits.HoursPerMonth, 6);
        Assert.Equal(5.103137, 4 / CostUnits.HoursPerMonth / CostUnits.BytesPerGiB * 1e12, 6);
        Assert.Equal(1.369863, 500 / CostUnits.HoursPerMonth * 2, 6);
        Assert.Equal(.000137, .1 / CostUnits.HoursPerMonth, 6);
    }

    [Fact]
    public void Every_asset_is_billed_for_components_that_add_up_to_its_cost()
    {
        var node = Examples.Node("c", "n", 2.4, 1.2, 4.8) with { CpuCoreHours = 96, RamByteHours = 24 * 16 * CostUnits.BytesPerGiB, GpuHours = 24 };
        Assert.Equal([("cpu", 4, "cores", 24, .025), ("ram", 16, "GiB", 24, .003125), ("gpu", 1, "GPUs", 24, .2)],
            node.Components.Select(part => (part.Name, part.Amount, part.Unit, part.DurationHours!.Value, Math.Round(part.Rate, 9))));
        Assert.Equal(node.TotalCost, node.Components.Sum(part => part.TotalCost), 12);

        var disk = new DiskAsset { Cluster = "c", Name = "d", Start = Examples.Day.Start, End = Examples.Day.End, ByteHours = 240 * CostUnits.BytesPerGiB, Cost = 5 };
        Assert.Equal(disk.TotalCost, disk.Components.Sum(part => part.TotalCost), 12);
        Assert.Equal(.005479452, DiskAsset.CostOf(100 * CostUnits.BytesPerGiB, 1, .00005479452), 9);
    }

    [Fact]
    public void A_load_balancer_costs_its_rules_by_the_hour_and_what_comes_in()
    {
        var balancer = new LoadBalancerAsset
        {
            Cluster = "c",
            Namespace = "shop",
            Service = "web",
            Start = Examples.Day.Start,
            End = Examples.Day.End,
            Rules = 2,
            RuleHourPrice = .025,
            IngressBytes = 100 * CostUnits.BytesPerGiB,
            IngressGiBPrice = .008,
            Adjustment = -.5,
        };
        Assert.Equal(2 * 24 * .025 + 100 * .008, balancer.Cost, 12);
        Assert.Equal(balancer.Cost - .5, balancer.TotalCost, 12);
        Assert.Equal(2.4, new ClusterManagementAsset { Cluster = "c", Start = Examples.Day.Start, End = Examples.Day.End, HourPrice = .1 }.Components.Sum(part => part.TotalCost), 12);
        Assert.Equal(3, new NetworkAsset { Cluster = "c", EgressBytes = 5 * CostUnits.BytesPerGiB, Cost = 3 }.Components.Sum(part => part.TotalCost), 12);
    }
}
