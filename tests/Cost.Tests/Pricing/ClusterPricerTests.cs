using Fleet.Contracts.Prices;
using Fleet.Cost.Allocations;
using Fleet.Cost.Prices;
using Fleet.Cost.Pricing;

namespace Fleet.Cost.Tests.Pricing;

/// <summary>An hour of a small cluster, from samples and a price sheet to rows that add up.</summary>
public sealed class ClusterPricerTests
{
    private static readonly QueryWindow Hour = new(Examples.Start, Examples.Start.AddHours(1));

    private static readonly PriceSheetSpec Prices = new()
    {
        Currency = "EUR",
        Periods =
        [
            new()
            {
                ValidFrom = Examples.Start.AddYears(-1),
                Nodes = [new() { CpuCoreHour = .03m, RamGibHour = .004m, GpuHour = 1 }],
                Storage = [new() { GibHour = .0001m }],
                LoadBalancers = new() { Hour = .02m, IngressGib = .01m },
                Network = new() { InternetGib = .1m, CrossZoneGib = .01m, CrossRegionGib = .02m },
                ClusterManagement = new() { Hour = .1m },
            },
        ],
    };

    private static readonly NodeSpan Node = new("n1", new() { CpuCores = 4, RamBytes = 16 * CostUnits.BytesPerGiB }, Hour.Start, Hour.End);

    private static readonly ClusterUsage Usage = new("c1", Hour)
    {
        Nodes = [Node],
        Containers =
        [
            Container("uid-1", "web", "main", cpu: new(1.5, 1, 1.2), ramGiB: 2) with { InternetBytes = CostUnits.BytesPerGiB },
            Container("uid-1", "web", "sidecar", cpu: new(.5, .5, .1), ramGiB: 1),
            Container("uid-2", "db", "main", cpu: new(1, 1, .2), ramGiB: 4) with { End = Hour.Start.AddMinutes(30) },
        ],
        Volumes =
        [
            new("pv-1", 100 * CostUnits.BytesPerGiB, Hour.Start, Hour.End, new Dictionary<string, double> { ["uid-2"] = .5, [AllocationKeys.Unmounted] = .5 }) { ClaimNamespace = "shop", ClaimName = "data" },
            new("pv-2", 10 * CostUnits.BytesPerGiB, Hour.Start, Hour.End, new Dictionary<string, double> { [AllocationKeys.Unmounted] = 1 }),
        ],
        LoadBalancers = [new("shop", "web", Hour.Start, Hour.End, new Dictionary<string, double> { ["uid-1"] = 1 }) { IngressBytes = CostUnits.BytesPerGiB }],
    };

    [Fact]
    public void Everything_that_is_paid_for_is_somebodys_idle_or_overhead()
    {
        var priced = Price(Usage, Prices);
        Assert.True(priced.Balance.Holds, string.Join("; ", priced.Balance.Faults));
        // Node 4 × .03 + 16 × .004, volumes 110 × .0001, balancer .02 + .01, traffic .1, management .1.
        Assert.Equal(.184 + .011 + .03 + .1 + .1, priced.Assets.TotalCost, 9);
        Assert.Equal(.1, priced.Balance.Overhead, 9);
        // Containers take 1.5 + .5 + .5 core-hours and 2 + 1 + 2 GiB-hours.
        Assert.Equal(.184 - 2.5 * .03 - 5 * .004, priced.Balance.Idle, 9);
        Assert.Equal("EUR", priced.Workloads.Currency);
        Assert.Equal(priced.Assets.TotalCost - .1, priced.WithIdle.TotalCost, 9);
    }

    [Fact]
    public void A_container_pays_for_what_it_has_for_as_long_as_it_runs()
    {
        var priced = Price(Usage, Prices);
        var main = priced.Workloads.Allocations["c1/shop/web/uid-1/main"];
        Assert.Equal((1.5, .045, 2 * .004, .1), (main.Cpu.Hours, Round(main.Cpu.Cost), Round(main.Ram.Cost), Round(main.Network.Cost)));
        var db = priced.Workloads.Allocations["c1/shop/db/uid-2/main"];
        Assert.Equal((.5, .015, .008), (db.Cpu.Hours, Round(db.Cpu.Cost), Round(db.Ram.Cost)));
        Assert.Equal((1, .2), (db.Cpu.RequestAverage, db.Cpu.UsageAverage));
    }

    [Fact]
    public void A_pods_volumes_and_load_balancers_are_its_containers_in_equal_parts()
    {
        var rows = Price(Usage, Prices).Workloads.Allocations;
        Assert.Equal((.015, .015), (Round(rows["c1/shop/web/uid-1/main"].LoadBalancerCost), Round(rows["c1/shop/web/uid-1/sidecar"].LoadBalancers["c1/shop/web"].Cost)));
        Assert.Equal(.005, rows["c1/shop/db/uid-2/main"].VolumeCost, 9);
        // The half of the time that nobody mounted it is the namespace's, and a volume without a claim the cluster's.
        Assert.Equal((AllocationKind.Unmounted, .005), (rows["c1/shop/__unmounted__"].Kind, Round(rows["c1/shop/__unmounted__"].VolumeCost)));
        Assert.Equal(.001, rows["c1/__unmounted__/__unmounted__"].VolumeCost, 9);
    }

    [Fact]
    public void What_belongs_to_a_pod_that_was_not_seen_is_nobodys()
    {
        var priced = Price(Usage with { Containers = [.. Usage.Containers.Take(2)] }, Prices);
        Assert.Equal(.01, priced.Workloads.Allocations["c1/shop/__unmounted__"].VolumeCost, 9);
        Assert.True(priced.Balance.Holds);
    }

    [Fact]
    public void Rows_without_a_price_are_marked_and_the_others_are_not()
    {
        var onlyCpu = new PriceSheetSpec { Currency = "EUR", Periods = [new() { ValidFrom = Examples.Start, Nodes = [new() { CpuCoreHour = 1 }] }] };
        var rows = Price(Usage, onlyCpu).Workloads.Allocations;
        Assert.Equal(MissingPrice.Ram | MissingPrice.LoadBalancer | MissingPrice.Network, rows["c1/shop/web/uid-1/main"].MissingPrice);
        Assert.Equal(MissingPrice.Ram | MissingPrice.Volume, rows["c1/shop/db/uid-2/main"].MissingPrice);
        Assert.Equal(1.5, rows["c1/shop/web/uid-1/main"].Cpu.Cost);
        Assert.All(Price(Usage, Prices).Workloads.Allocations.Values, row => Assert.Equal(MissingPrice.None, row.MissingPrice));
    }

    [Fact]
    public void A_container_on_a_node_that_nobody_knows_has_no_price_and_makes_no_negative_idle()
    {
        var lost = Usage.Containers[0] with { Properties = Usage.Containers[0].Properties with { Node = "gone" } };
        var priced = Price(Usage with { Containers = [lost, .. Usage.Containers.Skip(1)] }, Prices);
        Assert.Equal(MissingPrice.Cpu | MissingPrice.Ram, priced.Workloads.Allocations["c1/shop/web/uid-1/main"].MissingPrice);
        Assert.True(priced.Balance.Holds);
    }

    [Fact]
    public void A_discount_is_the_machines_and_its_containers()
    {
        var discounted = Prices with { Periods = [Prices.Periods[0] with { Nodes = [Prices.Periods[0].Nodes![0] with { Discount = new() { Percent = 25 } }] }] };
        var priced = Price(Usage, discounted);
        Assert.True(priced.Balance.Holds);
        Assert.Equal(.75 * .184, priced.Assets.Nodes[0].TotalCost, 9);
        Assert.Equal(.75 * .045, priced.Workloads.Allocations["c1/shop/web/uid-1/main"].Cpu.Cost, 9);
    }

    [Fact]
    public void A_price_that_changes_within_the_hour_counts_from_the_next()
    {
        var changed = Prices with { Periods = [Prices.Periods[0], Prices.Periods[0] with { ValidFrom = Hour.Start.AddMinutes(30), Nodes = [new() { CpuCoreHour = 9, RamGibHour = 9 }] }] };
        Assert.Equal(.184, Price(Usage, changed).Assets.Nodes[0].TotalCost, 9);
        var next = Usage with { Window = new(Hour.End, Hour.End.AddHours(1)), Nodes = [Node with { Start = Hour.End, End = Hour.End.AddHours(1) }], Containers = [], Volumes = [], LoadBalancers = [] };
        Assert.Equal(180, Price(next, changed).Assets.Nodes[0].TotalCost, 9);
    }

    [Fact]
    public void Prices_in_another_currency_are_not_taken()
    {
        var dollars = new PriceSheetSpec { Currency = "USD", Precedence = -1, Periods = [new() { ValidFrom = Examples.Start, Storage = [new() { StorageClasses = [""], GibHour = 7 }] }] };
        var euros = Prices with { Periods = [Prices.Periods[0] with { Storage = null }] };
        var priced = ClusterPricer.Price(Usage, new PriceBook([new("usd", dollars), new("eur", euros)]));
        Assert.Equal(("EUR", MissingPrice.Volume, 0.0), (priced.Assets.Currency, priced.Assets.Disks[0].MissingPrice, priced.Assets.Disks[0].Cost));
    }

    [Fact]
    public void A_container_that_restarted_pays_for_the_time_that_it_ran()
    {
        var restarted = Price(Usage with { Containers = [Usage.Containers[0] with { RunningHours = .5 }, .. Usage.Containers.Skip(1)] }, Prices).Workloads.Allocations["c1/shop/web/uid-1/main"];
        Assert.Equal((.75, .5, .6), (restarted.Cpu.Hours, restarted.Cpu.RequestAverage, restarted.Cpu.UsageAverage));
        Assert.Equal(1.2, restarted.Cpu.Efficiency, 9);
    }

    [Fact]
    public void What_is_sent_nobody_knows_where_has_the_price_of_egress_or_marks_the_row()
    {
        // 1 GiB of the 3 went to the internet, for 0.09; of the rest is not known where it went.
        var sending = Usage with { Containers = [Usage.Containers[0] with { TransferBytes = 3 * CostUnits.BytesPerGiB, InternetBytes = CostUnits.BytesPerGiB }, .. Usage.Containers.Skip(1)] };
        var priced = Price(sending, Prices with { Periods = [Prices.Periods[0] with { Network = new() { InternetGib = .09m, EgressGib = .02m } }] });
        var row = priced.Workloads.Allocations["c1/shop/web/uid-1/main"];
        Assert.Equal((.13, .09, MissingPrice.None), (Round(row.Network.Cost), Round(row.Network.InternetCost), row.MissingPrice));
        Assert.Equal((.13, 3 * CostUnits.BytesPerGiB), (Round(priced.Assets.Networks.Single().TotalCost), priced.Assets.Networks.Single().EgressBytes));
        Assert.True(priced.Balance.Holds);

        var unpriced = Price(sending, Prices with { Periods = [Prices.Periods[0] with { Network = new() { InternetGib = .09m } }] }).Workloads.Allocations["c1/shop/web/uid-1/main"];
        Assert.Equal((.09, MissingPrice.Network), (Round(unpriced.Network.Cost), unpriced.MissingPrice));
        // Free is a price.
        var free = Price(sending, Prices with { Periods = [Prices.Periods[0] with { Network = new() { InternetGib = 0, EgressGib = 0 } }] }).Workloads.Allocations["c1/shop/web/uid-1/main"];
        Assert.Equal((0.0, MissingPrice.None), (free.Network.Cost, free.MissingPrice));
    }

    private static ContainerSpan Container(string pod, string name, string container, ResourceUse cpu, double ramGiB) =>
        new(pod, new() { Namespace = "shop", Pod = name, Container = container, Node = "n1" }, Hour.Start, Hour.End)
        {
            Cpu = cpu,
            Ram = new(ramGiB * CostUnits.BytesPerGiB, ramGiB * CostUnits.BytesPerGiB, ramGiB * CostUnits.BytesPerGiB / 2),
        };

    private static PricedCluster Price(ClusterUsage usage, PriceSheetSpec prices) => ClusterPricer.Price(usage, new PriceBook([new("list", prices)]));

    private static double Round(double value) => Math.Round(value, 9);
}
