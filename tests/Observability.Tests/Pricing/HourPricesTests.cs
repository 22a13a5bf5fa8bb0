using Fleet.Cost.Allocations;
using Fleet.Cost.Prices;
using Fleet.Cost.Pricing;
using Fleet.Kubernetes.Objects;
using Fleet.Observability.Clusters;
using Fleet.Observability.Hours;
using Fleet.Observability.Objects;
using Fleet.Observability.Pricing;

namespace Fleet.Observability.Tests.Pricing;

public sealed class HourPricesTests
{
    private const double GiB = 1024 * 1024 * 1024;

    private static readonly DateTimeOffset Noon = new(2026, 11, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly PriceBook Prices = new(
    [
        new("sheet", new()
        {
            Currency = "EUR",
            Periods =
            [
                new()
                {
                    ValidFrom = Noon.AddYears(-1),
                    Nodes = [new() { CpuCoreHour = 0.03m, RamGibHour = 0.004m, GpuHour = 0.9m }],
                    Storage = [new() { GibHour = 0.0001m }],
                    LoadBalancers = new() { Hour = 0.025m },
                    ClusterManagement = new() { Hour = 0.1m },
                },
            ],
        }),
    ]);

    [Fact]
    public void Usage_is_the_average_of_the_time_in_which_it_was_measured_and_the_greater_is_paid_at_each_moment()
    {
        var book = new HourBook(TimeSpan.FromMinutes(3), TimeSpan.FromDays(7));
        var seen = Snapshot([Pod("a", request: 2, ram: 4 * GiB)], []);
        for (var minute = 0; minute <= 60; minute++)
            book.Look(seen, [], minute <= 30 ? new() { [new("a", "app")] = new(3, 0) } : new Dictionary<ContainerKey, Usage>(), Noon.AddMinutes(minute));
        var row = Price(book.Hours.First()).Workloads.Allocations.Values.Single();
        Assert.Equal(0.5 * 3 * 0.03 + 0.5 * 2 * 0.03, row.Cpu.Cost, 9);
        Assert.Equal((2d, 3d), (row.Cpu.RequestAverage, row.Cpu.UsageAverage));
        Assert.Equal(4 * 0.004, row.Ram.Cost, 9);
        Assert.Equal(("deployment", "shop", "payments", "a"), (row.Properties.ControllerKind, row.Properties.Controller, row.Properties.Labels["team"], row.Properties.Labels["name"]));
        Assert.Equal(["web"], row.Properties.Services);
    }

    [Fact]
    public void A_part_of_an_hour_costs_a_part_of_the_fee()
    {
        var book = new HourBook(TimeSpan.FromHours(2), TimeSpan.FromDays(7));
        book.Look(Snapshot([], []), [], new Dictionary<ContainerKey, Usage>(), Noon);
        book.Look(Snapshot([], []), [], new Dictionary<ContainerKey, Usage>(), Noon.AddMinutes(15));
        Assert.Equal(0.025, Price(book.Hours.Single()).Assets.ClusterManagement.Single().Cost, 9);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void Workloads_and_idle_and_overhead_are_what_the_assets_cost(int seed)
    {
        var random = new Random(seed);
        var book = new HourBook(TimeSpan.FromMinutes(3), TimeSpan.FromDays(7));
        for (var minute = 0; minute <= 180; minute++)
        {
            var pods = Enumerable.Range(0, 20).Where(_ => random.Next(4) > 0)
                .Select(i => Pod($"p{i}", request: 0.1 * (i % 3), ram: GiB * (i % 2), claim: i % 5 == 0 ? "data" : i % 7 == 0 ? "other" : null, started: -100 + i * 12)).ToList();
            var usage = pods.Where(_ => random.Next(3) > 0).ToDictionary(pod => new ContainerKey(pod.Uid, "app"), _ => new Usage(random.NextDouble() / 4, random.NextDouble() * GiB));
            book.Look(Snapshot(pods, [Volume("pv", "data"), Volume("pv2", "other"), Volume("lost", null)], withBalancer: true), [], usage, Noon.AddMinutes(minute));
        }
        foreach (var priced in book.Hours.Select(Price))
        {
            Assert.True(priced.Balance.Holds, string.Join("; ", priced.Balance.Faults));
            Assert.True(priced.Balance.Assets > 0);
            Assert.Contains(priced.Workloads.Allocations.Values, row => row.Kind == AllocationKind.Unmounted);
        }
    }

    private static PricedCluster Price(ClusterHour hour) => HourPrices.Price(hour, "team/prod", Prices, new PodMetadata(
        [new("ns", "team", Texts.Of(new Dictionary<string, string> { ["team"] = "payments", ["name"] = "namespace" }), Texts.None)],
        [new("svc", new("team", "web"), Texts.Of(new Dictionary<string, string> { ["app"] = "shop" }), true, "192.0.2.1", 1, Noon.AddDays(-1))]));

    private static ClusterSnapshot Snapshot(IReadOnlyList<PodRow> pods, IReadOnlyList<VolumeRow> volumes, bool withBalancer = false) => new()
    {
        Nodes = [new() { Uid = "n", Name = "n", Cores = 64, RamBytes = 256 * GiB, Created = Noon.AddDays(-9) }],
        Pods = pods,
        Volumes = volumes,
        Services = withBalancer ? [new("svc", new("team", "web"), Texts.Of(new Dictionary<string, string> { ["name"] = "p3" }), true, "192.0.2.1", 1, Noon.AddDays(-1))] : [],
    };

    private static VolumeRow Volume(string name, string? claim) =>
        new(name, name, "fast", 10 * GiB, claim is null ? null : new ObjectKey("team", claim), "", "Bound", Noon.AddDays(-2));

    private static PodRow Pod(string name, double request = 0, double ram = 0, string? claim = null, double started = -600) => new()
    {
        Uid = name,
        Key = new ObjectKey("team", name),
        Node = "n",
        ControllerKind = "deployment",
        Controller = "shop",
        Labels = Texts.Of(new Dictionary<string, string> { ["app"] = "shop", ["name"] = name }),
        Containers = Sequence<ContainerRow>.Of([new("app", request, ram, 0, Noon.AddMinutes(started), null, 0)]),
        Claims = Sequence<string>.Of(claim is null ? [] : [claim]),
    };
}
