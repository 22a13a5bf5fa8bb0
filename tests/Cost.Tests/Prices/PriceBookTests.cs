using System.Text.Json;
using Fleet.Contracts;
using Fleet.Contracts.Prices;
using Fleet.Contracts.References;
using Fleet.Cost.Allocations;
using Fleet.Cost.Prices;

namespace Fleet.Cost.Tests.Prices;

public sealed class PriceBookTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 4, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset NewYear = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly PricedNode Node = new()
    {
        Pool = "workers",
        InstanceType = "m5.xlarge",
        Region = "eu-1",
        CpuCores = 4,
        RamBytes = 16 * CostUnits.BytesPerGiB,
        Labels = new Dictionary<string, string> { ["disk"] = "fast" },
    };

    [Theory]
    [InlineData("pool", 5)]
    [InlineData("type", 4)]
    [InlineData("labels", 3)]
    [InlineData("region", 2)]
    [InlineData("spot", 1)]
    [InlineData("any", 0.5)]
    public void The_most_specific_price_is_taken(string most, decimal expected)
    {
        string[] order = ["any", "spot", "region", "labels", "type", "pool"];
        Dictionary<string, NodePrice> rows = new()
        {
            ["any"] = new() { CpuCoreHour = 0.5m },
            ["spot"] = new() { CpuCoreHour = 1, Spot = false },
            ["region"] = new() { CpuCoreHour = 2, Regions = ["eu-1"] },
            ["labels"] = new() { CpuCoreHour = 3, NodeLabels = new() { ["disk"] = "fast" } },
            ["type"] = new() { CpuCoreHour = 4, InstanceTypes = ["m5.large", "m5.xlarge"] },
            ["pool"] = new() { CpuCoreHour = 5, NodePools = ["workers"] },
        };
        var sheet = Sheet("list", new PricePeriod { ValidFrom = NewYear, Nodes = [.. order.TakeWhile(name => name != most).Append(most).Select(name => rows[name])] });
        Assert.Equal((double)expected, new PriceBook([sheet]).OfNode(Node, Now).CpuCoreHour!.Amount);
    }

    [Fact]
    public void What_does_not_fit_is_passed_over()
    {
        NodePrice[] others =
        [
            new() { CpuCoreHour = 9, Spot = true }, new() { CpuCoreHour = 9, Regions = ["us-1"] }, new() { CpuCoreHour = 9, NodeLabels = new() { ["disk"] = "slow" } },
            new() { CpuCoreHour = 9, InstanceTypes = ["m5.large"] }, new() { CpuCoreHour = 9, NodePools = ["system"] },
        ];
        Assert.Null(new PriceBook([Sheet("list", new PricePeriod { ValidFrom = NewYear, Nodes = [.. others] })]).OfNode(Node, Now).CpuCoreHour);
    }

    [Fact]
    public void A_sheet_for_some_clusters_wins_over_one_for_all_then_precedence_then_the_name()
    {
        var everywhere = Sheet("a-everywhere", Cpu(1, new() { InstanceTypes = ["m5.xlarge"] }));
        var here = Sheet("z-here", Cpu(2));
        here.Spec.ClusterSelector = new() { MatchLabels = new() { ["tier"] = "gold" } };
        Assert.Equal("z-here", new PriceBook([everywhere, here]).OfNode(Node, Now).CpuCoreHour!.Sheet);

        // An empty selector finds every cluster and is no more specific than none.
        here.Spec.ClusterSelector = new LabelSelector();
        Assert.Equal("a-everywhere", new PriceBook([everywhere, here]).OfNode(Node, Now).CpuCoreHour!.Sheet);

        var (one, two) = (Sheet("one", Cpu(1)), Sheet("two", Cpu(2)));
        Assert.Equal("one", new PriceBook([two, one]).OfNode(Node, Now).CpuCoreHour!.Sheet);
        two.Spec.Precedence = 1;
        Assert.Equal("two", new PriceBook([two, one]).OfNode(Node, Now).CpuCoreHour!.Sheet);
    }

    [Fact]
    public void Old_days_keep_old_prices()
    {
        var book = new PriceBook([Sheet("list", Cpu(3, from: NewYear.AddMonths(2)), Cpu(1, from: NewYear.AddYears(-1)), Cpu(2, from: NewYear))]);
        Assert.Equal([NewYear.AddYears(-1), NewYear, NewYear.AddMonths(2)], book.Changes);
        Assert.Null(book.OfNode(Node, NewYear.AddYears(-2)).CpuCoreHour);
        Assert.Equal((1, NewYear.AddYears(-1)), At(NewYear.AddTicks(-1)));
        Assert.Equal((2, NewYear), At(NewYear));
        Assert.Equal((3, NewYear.AddMonths(2)), At(Now));

        (double, DateTimeOffset) At(DateTimeOffset time) => (book.OfNode(Node, time).CpuCoreHour!.Amount, book.OfNode(Node, time).CpuCoreHour!.ValidFrom);
    }

    [Fact]
    public void A_missing_price_is_marked_and_never_zero()
    {
        var prices = new PriceBook([Sheet("list", Cpu(1))]).OfNode(Node, Now);
        Assert.Null(prices.RamGiBHour);
        Assert.Equal(MissingPrice.Ram, prices.MissingOf(gpus: 0));
        Assert.Equal(MissingPrice.Ram | MissingPrice.Gpu, prices.MissingOf(gpus: 1));
        Assert.Equal(MissingPrice.Cpu | MissingPrice.Ram, new PriceBook([]).OfNode(Node, Now).MissingOf(gpus: 0));
        var free = new PriceBook([Sheet("list", new PricePeriod { ValidFrom = NewYear, Nodes = [new() { CpuCoreHour = 0, RamGibHour = 0 }] })]).OfNode(Node, Now);
        Assert.Equal(MissingPrice.None, free.MissingOf(gpus: 0));
    }

    [Fact]
    public void Parts_are_looked_up_each_by_itself_in_one_currency()
    {
        var cpu = Sheet("cpu", Cpu(1, new() { NodePools = ["workers"] }));
        var ram = Sheet("ram", new PricePeriod { ValidFrom = NewYear, Nodes = [new() { RamGibHour = 2 }] });
        var foreign = Sheet("foreign", new PricePeriod { ValidFrom = NewYear, Nodes = [new() { RamGibHour = 3, InstanceTypes = ["m5.xlarge"] }] });
        foreign.Spec.Currency = "EUR";
        var prices = new PriceBook([foreign, cpu, ram]).OfNode(Node, Now);
        Assert.Equal((1, "cpu", "USD", 2, "ram", "USD"),
            (prices.CpuCoreHour!.Amount, prices.CpuCoreHour.Sheet, prices.CpuCoreHour.Currency, prices.RamGiBHour!.Amount, prices.RamGiBHour.Sheet, prices.RamGiBHour.Currency));
    }

    [Fact]
    public void A_whole_machines_price_is_divided_with_OpenCosts_proportions_or_the_rows()
    {
        var usual = new PriceBook([Sheet("list", Row(new NodePrice { Hour = 0.192m }))]).OfNode(Node, Now);
        Assert.Equal((.031247101, .004188225), (Math.Round(usual.CpuCoreHour!.Amount, 9), Math.Round(usual.RamGiBHour!.Amount, 9)));
        // 4 cores at 3 and 16 GiB at 1 are 28 parts.
        var own = new PriceBook([Sheet("list", Row(new NodePrice { Hour = 28, CpuCoreHour = 3, RamGibHour = 1 }))]).OfNode(Node, Now);
        Assert.Equal((3, 1), (Math.Round(own.CpuCoreHour!.Amount, 9), Math.Round(own.RamGiBHour!.Amount, 9)));
    }

    [Fact]
    public void A_GPU_has_the_price_of_its_model_and_that_is_taken_off_a_whole_machines()
    {
        var gpu = new GpuPrice { Models = ["A100"], Hour = 2 };
        var node = Node with { GpuModel = "A100", Gpus = 2 };
        var prices = new PriceBook([Sheet("list", new PricePeriod { ValidFrom = NewYear, Gpus = [gpu], Nodes = [new() { Hour = 5 }] })]).OfNode(node, Now);
        Assert.Equal(2, prices.GpuHour!.Amount);
        Assert.Equal(5, prices.Rates.NodeHour(4, 16, 2), 9);
        var parts = new PriceBook([Sheet("list", new PricePeriod { ValidFrom = NewYear, Gpus = [gpu], Nodes = [new() { CpuCoreHour = 1, RamGibHour = 1, GpuHour = 9 }] })]);
        Assert.Equal(2, parts.OfNode(node, Now).GpuHour!.Amount);
        Assert.Equal(9, parts.OfNode(node with { GpuModel = "T4" }, Now).GpuHour!.Amount);
    }

    [Fact]
    public void Spot_machines_and_commitments_have_prices_of_their_own()
    {
        var book = new PriceBook([Sheet("list", Row(
            new() { CpuCoreHour = 1, RamGibHour = 1, Discount = new() { Percent = 30, Kind = "Committed" } }, new() { CpuCoreHour = .2m, RamGibHour = .1m, Spot = true }))]);
        Assert.Equal((1, .3, true), (book.OfNode(Node, Now).CpuCoreHour!.Amount, book.OfNode(Node, Now).Discount, book.OfNode(Node, Now).IsCommitted));
        Assert.Equal((.2, 0, false), (book.OfNode(Node with { IsSpot = true }, Now).CpuCoreHour!.Amount, book.OfNode(Node with { IsSpot = true }, Now).Discount, book.OfNode(Node with { IsSpot = true }, Now).IsCommitted));
    }

    [Fact]
    public void A_machine_of_ones_own_costs_its_purchase_over_its_life_and_its_energy()
    {
        // 7,300 − 0 over 60 months are 0.1667 an hour, 73 a month are 0.1, 400 W with 1.5 at 0.25 are 0.15.
        var own = new OnPremisesPrice { PurchasePrice = 7300, LifetimeMonths = 60, Month = 73, Watts = 400, PowerUsageEffectiveness = 1.5m, EnergyKwh = .25m };
        Assert.Equal(7300 / (60 * 730.0) + .1 + .15, OnPremisesHour.Of(own), 12);
        Assert.Equal(3650 / (60 * 730.0), OnPremisesHour.Of(new() { PurchasePrice = 7300, ResidualValue = 3650, LifetimeMonths = 60 }), 12);
        var prices = new PriceBook([Sheet("list", Row(new NodePrice { OnPremises = own }))]).OfNode(Node, Now);
        Assert.Equal(OnPremisesHour.Of(own), prices.Rates.NodeHour(4, 16, 0), 9);
    }

    [Fact]
    public void Storage_has_the_price_of_its_class_or_of_any()
    {
        var book = new PriceBook([Sheet("list", new PricePeriod { ValidFrom = NewYear, Storage = [new() { GibMonth = .0365m }, new() { StorageClasses = ["ssd"], GibHour = .0002m }] })]);
        Assert.Equal(.0002, book.OfStorage("ssd", Now)!.Amount);
        Assert.Equal(.00005, book.OfStorage("hdd", Now)!.Amount, 12);
        Assert.Null(book.OfStorage("ssd", NewYear.AddDays(-1)));
    }

    [Fact]
    public void Load_balancers_traffic_and_management()
    {
        var book = new PriceBook([Sheet("list", new PricePeriod
        {
            ValidFrom = NewYear,
            LoadBalancers = new() { Hour = .025m },
            Network = new() { InternetGib = .12m, CrossZoneGib = .01m },
            ClusterManagement = new() { Hour = .1m },
        })]);
        Assert.Equal((.025, 0, .12, .01, .1), (book.OfLoadBalancerHour(Now)!.Amount, book.OfLoadBalancerIngress(Now)!.Amount, book.OfInternetEgress(Now)!.Amount, book.OfCrossZoneEgress(Now)!.Amount, book.OfClusterManagement(Now)!.Amount));
        Assert.Null(book.OfCrossRegionEgress(Now));
        Assert.Null(new PriceBook([]).OfLoadBalancerIngress(Now));
    }

    [Fact]
    public void A_sheet_is_read_as_it_is_applied()
    {
        var spec = JsonSerializer.Deserialize(
            """
            {"currency":"EUR","clusterSelector":{"matchLabels":{"site":"paris"}},"periods":[{"validFrom":"2026-01-01T00:00:00Z",
             "nodes":[{"cpuCoreHour":0.0316,"ramGibHour":4e-3,"spot":false,"discount":{"percent":30,"kind":"Committed"}}],
             "gpus":[{"models":["A100"],"hour":1.10}],"storage":[{"gibMonth":0.073}],"network":{"internetGib":0.09},"loadBalancers":{"hour":0.025,"ingressGib":0.008}}]}
            """,
            ContractsJson.Default.PriceSheetSpec)!;
        var book = new PriceBook([new("paris", spec)]);
        var prices = book.OfNode(Node with { GpuModel = "A100", Gpus = 1 }, Now);
        Assert.Equal((.0316, .004, 1.1, .3, true), (prices.CpuCoreHour!.Amount, prices.RamGiBHour!.Amount, prices.GpuHour!.Amount, prices.Discount, prices.IsCommitted));
        Assert.Equal((.0001, .09, .008), (Math.Round(book.OfStorage("any", Now)!.Amount, 12), book.OfInternetEgress(Now)!.Amount, book.OfLoadBalancerIngress(Now)!.Amount));
    }

    private static NamedPriceSheet Sheet(string name, params PricePeriod[] periods) => new(name, new() { Currency = "USD", Periods = [.. periods] });

    private static PricePeriod Row(params NodePrice[] rows) => new() { ValidFrom = NewYear, Nodes = [.. rows] };

    private static PricePeriod Cpu(decimal price, NodePrice? row = null, DateTimeOffset? from = null) =>
        new() { ValidFrom = from ?? NewYear, Nodes = [(row ?? new()) with { CpuCoreHour = price }] };
}
