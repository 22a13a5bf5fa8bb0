using Fleet.Cost.Prices;
using Fleet.Cost.Pricing;
using Fleet.Observability.Ledger;
using Fleet.Testing.Grains;

namespace Fleet.Observability.Tests.Ledger;

public sealed class LedgerBalanceTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly PriceBook Prices = new([new("sheet", new() { Currency = "EUR", Periods = [new() { ValidFrom = Noon.AddYears(-1), Nodes = [new() { CpuCoreHour = 0.5m, RamGibHour = 0 }] }] })]);

    [Fact]
    public void What_adds_up_is_told_with_its_sums()
    {
        var balance = LedgerBalance.Of(Batch(1, 3))!;
        Assert.True(balance.Holds);
        Assert.Equal((4d, 2d, 2d, 0d, 0d, "EUR"), (balance.Assets, balance.Workloads, balance.Idle, balance.Overhead, balance.Difference, balance.Currency));
    }

    [Fact]
    public void Workloads_that_cost_more_than_their_node_are_a_fault_with_its_hour_node_and_cause()
    {
        var balance = LedgerBalance.Of(Batch(1, 6))!;
        Assert.False(balance.Holds);
        Assert.True(balance.HasNegativeIdle);
        Assert.Contains(balance.Faults, fault => fault.StartsWith("2026-11-01 13:00 node n: workloads cost 1 more cpu", StringComparison.Ordinal));
        Assert.Equal(1, balance.Difference, 9);
    }

    [Fact]
    public void Without_hours_there_is_nothing_to_check() => Assert.Null(LedgerBalance.Of(new("uid", "team/a", Noon, [], [], []) { Owner = KnownOwner.OfCosts("team", "a") }));

    /// <summary>Hours in which so many cores of a node of four are requested.</summary>
    private static LedgerBatch Batch(params double[] requests) => new("uid", "team/a", Noon.AddHours(requests.Length), [.. requests.Select((request, at) => Price(Noon.AddHours(at), request))], [], []) { Owner = KnownOwner.OfCosts("team", "a") };

    private static PricedCluster Price(DateTimeOffset hour, double request) => ClusterPricer.Price(
        new("team/a", new(hour, hour.AddHours(1)))
        {
            Nodes = [new("n", new() { CpuCores = 4 }, hour, hour.AddHours(1))],
            Containers = [new("web", new() { Namespace = "shop", Pod = "web", Container = "app", Node = "n" }, hour, hour.AddHours(1)) { Cpu = new(request, request, 0) }],
        },
        Prices);
}
