using Fleet.Cost.Allocations;

namespace Fleet.Cost.Tests.Allocations;

/// <summary>Worked example V6.</summary>
public sealed class EfficiencyTests
{
    [Theory]
    [InlineData(1.0, .01, 1.0)]
    [InlineData(1.0, 2.2, 2.2)]
    [InlineData(0, 2.2, 2.2)]
    [InlineData(1.0, 0, 1.0)]
    [InlineData(0, 0, 0)]
    [InlineData(double.NaN, .5, .5)]
    [InlineData(.5, double.NaN, .5)]
    [InlineData(double.NaN, double.NaN, 0)]
    [InlineData(-1, double.PositiveInfinity, 0)]
    public void V6_the_greater_of_request_and_usage_is_paid_for(double request, double usage, double billed) => Assert.Equal(billed, ComputeAmount.Billed(request, usage));

    [Fact]
    public void V6_total_efficiency_is_30_percent_and_idle_does_not_change_it()
    {
        (double Cpu, double Ram)[] used = [(.2, 10), (.1, 20), (.1, 10), (.2, 20)];
        var parts = used.Select((usage, index) => Of($"a{index}", .5, usage.Cpu, 50, usage.Ram)).ToList();
        Assert.Equal(.30, Sum(parts).TotalEfficiency, 12);
        Assert.Equal(.30, Sum([.. parts, Examples.Idle("c", "", 3, 9)]).TotalEfficiency, 12);
    }

    [Theory]
    [InlineData(0, 0, 1, 0)]
    [InlineData(0, .5, 1, 1)]
    [InlineData(0, .5, 0, 0)]
    [InlineData(.5, 1, 1, 2)]
    public void Efficiency_may_exceed_one_and_needs_a_request_to_be_a_ratio(double request, double usage, double cost, double efficiency) =>
        Assert.Equal(efficiency, new ComputeAmount { RequestAverage = request, UsageAverage = usage, Cost = cost }.Efficiency);

    [Fact]
    public void What_costs_nothing_has_no_efficiency() =>
        Assert.Equal(0, (Of("a", .5, .5, 50, 50) with { Cpu = default, Ram = default }).TotalEfficiency);

    [Fact]
    public void A_container_costs_its_unit_hours_at_the_price_of_its_node()
    {
        var cpu = ComputeAmount.Of(allocated: 1.5, requested: 2, used: 1.2, hours: 3, pricePerUnitHour: .5);
        Assert.Equal((6, 3, 2, 1.2), (cpu.Hours, cpu.Cost, cpu.RequestAverage, cpu.UsageAverage));
    }

    private static Allocation Of(string name, double cpuRequest, double cpuUsage, double ramRequest, double ramUsage) => new()
    {
        Name = name,
        Start = Examples.Day.Start,
        End = Examples.Day.End,
        Window = Examples.Day,
        Cpu = new() { RequestAverage = cpuRequest, UsageAverage = cpuUsage, Cost = 1 },
        Ram = new() { RequestAverage = ramRequest * CostUnits.BytesPerMiB, UsageAverage = ramUsage * CostUnits.BytesPerMiB, Cost = 1 },
    };

    private static Allocation Sum(IEnumerable<Allocation> parts) => Assert.Single(new AllocationSet(Examples.Day, parts.Select(part => part with { Name = "sum" })).Allocations.Values);
}
