using System.Globalization;
using Fleet.Cost.Days;
using Fleet.Cost.Teams;

namespace Fleet.Cost.Tests.Teams;

public sealed class CostDivisionTests
{
    /// <summary>Two clusters: c with red 60 + 6 idle, blue 20 + 2, an ingress 10 + 2, and 20 beyond; d with red 30 and 15 beyond, of which 5 are idle that nothing could take.</summary>
    private static readonly OwnerCosts Costs = new(
        [Cost("c", "red", 60, 6), Cost("c", "blue", 20, 2), Cost("c", "__shared__:ingress", 10, 2), Cost("d", "red", 30, 0)],
        [new("c", "c") { Direct = 90, Idle = 10, Overhead = 20 }, new("d", "d") { Direct = 30, Idle = 5, Overhead = 10 }]);

    public static TheoryData<string, SharedPool[], string> Rows => new()
    {
        { "a cluster's own is borne on it, by cost", [Ingress(SharedPoolMethod.Proportional)], "c/blue 20+2 ingress 3 overhead 5, c/red 60+6 ingress 9 overhead 15, d/red 30+0 overhead 15" },
        { "evenly on the cluster", [Ingress(SharedPoolMethod.Even)], "c/blue 20+2 ingress 6 overhead 5, c/red 60+6 ingress 6 overhead 15, d/red 30+0 overhead 15" },
        { "by cost in the fleet", [Ingress(SharedPoolMethod.Proportional) with { AmongFleet = true }], "c/blue 20+2 ingress 2.18 overhead 5, c/red 60+6 ingress 6.55 overhead 15, d/red 30+0 ingress 3.27 overhead 15" },
        { "evenly in the fleet: red is one, on two clusters", [Ingress(SharedPoolMethod.Even) with { AmongFleet = true }], "c/blue 20+2 ingress 6 overhead 5, c/red 60+6 ingress 4 overhead 15, d/red 30+0 ingress 2 overhead 15" },
        { "by percentages, also to who has no costs", [Fixed(Ingress(SharedPoolMethod.Fixed), ("blue", 50), ("green", 50))], "c/blue 20+2 ingress 6 overhead 5, c/green 0+0 ingress 6, c/red 60+6 overhead 15, d/red 30+0 overhead 15" },
        { "what percentages leave stays visible", [Fixed(Ingress(SharedPoolMethod.Fixed), ("blue", 25))], "c/__shared__ 0+0 ingress 9, c/blue 20+2 ingress 3 overhead 5, c/red 60+6 overhead 15, d/red 30+0 overhead 15" },
        { "a pool that is no longer there", [], "c/__shared__ 0+0 ingress 12, c/blue 20+2 overhead 5, c/red 60+6 overhead 15, d/red 30+0 overhead 15" },
        { "idle evenly, with that of nobody", [Ingress(SharedPoolMethod.Proportional), new("idle", SharedPoolSource.Idle, SharedPoolMethod.Even)], "c/blue 20+0 idle 5 ingress 2.5 overhead 5, c/red 60+0 idle 5 ingress 7.5 overhead 15, d/red 30+0 idle 5 overhead 10" },
        { "overhead in the fleet", [Ingress(SharedPoolMethod.Proportional), new("fees", SharedPoolSource.Overhead, SharedPoolMethod.Even) { AmongFleet = true }], "c/blue 20+2 fees 17.5 ingress 3, c/red 60+6 fees 11.67 ingress 9, d/red 30+0 fees 5.83" },
        { "a monthly sum", [Ingress(SharedPoolMethod.Proportional), new("support", SharedPoolSource.Amount, SharedPoolMethod.Proportional) { Amount = 22 }], "c/blue 20+2 ingress 3 overhead 5 support 4, c/red 60+6 ingress 9 overhead 15 support 12, d/red 30+0 overhead 15 support 6" },
        { "a monthly sum by percentages", [Ingress(SharedPoolMethod.Proportional), Fixed(new("support", SharedPoolSource.Amount, SharedPoolMethod.Fixed) { Amount = 20 }, ("red", 90))], "/__shared__ 0+0 support 2, c/blue 20+2 ingress 3 overhead 5, c/red 60+6 ingress 9 overhead 15 support 12, d/red 30+0 overhead 15 support 6" },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public void Everything_is_divided_once(string what, SharedPool[] pools, string expected)
    {
        Assert.NotEmpty(what);
        var shares = CostDivision.Of(Costs, pools);
        Assert.Equal(expected, string.Join(", ", shares.OrderBy(share => $"{share.Cluster}/{share.Owner}", StringComparer.Ordinal).Select(Text)));
        Assert.Equal(165 + pools.Sum(pool => pool.Amount), shares.Sum(share => share.Total), 9);
        // In the order of the list, or in any other.
        Assert.Equal(shares.Sum(share => share.Total), CostDivision.Of(Costs, [.. pools.Reverse()]).Sum(share => share.Total), 9);
    }

    [Fact]
    public void Whatever_is_asked_the_report_adds_up_to_the_cent()
    {
        var random = new Random(11);
        for (var turn = 0; turn < 300; turn++)
        {
            var clusters = Enumerable.Range(0, random.Next(1, 4)).Select(cluster => $"c{cluster}").ToList();
            var owners = clusters.SelectMany(cluster => Enumerable.Range(0, random.Next(0, 5)).Select(owner => Cost(cluster, owner == 4 ? "__shared__:pool" : $"o{owner}", random.Next(3) * random.NextDouble() * 10, random.NextDouble()))).ToList();
            var paid = clusters.Select(cluster => DayCost.Sum(owners.Where(owner => owner.Cluster == cluster)) with { Cluster = cluster, Overhead = random.Next(2) * random.NextDouble() }).ToList();
            SharedPool[] pools =
            [
                .. new[] { SharedPoolSource.Workloads, SharedPoolSource.Idle, SharedPoolSource.Overhead, SharedPoolSource.Amount }.Where(_ => random.Next(2) == 0).Select(source =>
                    new SharedPool(source == SharedPoolSource.Workloads ? "pool" : source.ToString(), source, (SharedPoolMethod)random.Next(3))
                    {
                        AmongFleet = random.Next(2) == 0, Amount = source == SharedPoolSource.Amount ? random.NextDouble() * 7 : 0, Percents = new Dictionary<string, double> { ["o1"] = 33.33, ["o9"] = 33.34 },
                    }),
            ];
            var shares = CostDivision.Of(new(owners, paid), pools);
            var report = ShowbackFrom.Of(shares, null);
            var expected = paid.Sum(cost => cost.Total) + pools.Sum(pool => pool.Amount);
            Assert.Equal(expected, shares.Sum(share => share.Total), 9);
            Assert.Equal((decimal)Math.Round(expected, 2, MidpointRounding.AwayFromZero), report.Total);
            Assert.All(report.Items, item => Assert.InRange((double)item.Total - shares.Where(share => share.Owner == item.Owner).Sum(share => share.Total), -0.07, 0.07));
        }
    }

    [Theory]
    [InlineData("0.333 0.333 0.334", "0.33 0.33 0.34")]
    [InlineData("0.335 0.335 0.33", "0.34 0.33 0.33")]
    [InlineData("10 -0.005 -0.005", "10.00 0.00 -0.01")]
    [InlineData("0.004 0.004 0.004", "0.01 0.00 0.00")]
    [InlineData("0", "0.00")]
    public void Cents_add_up(string amounts, string expected) =>
        Assert.Equal(expected, string.Join(' ', Cents.Of([.. amounts.Split(' ').Select(amount => double.Parse(amount, CultureInfo.InvariantCulture))]).Select(cents => cents.ToString("0.00", CultureInfo.InvariantCulture))));

    private static string Text(OwnerShare share) => string.Create(
        CultureInfo.InvariantCulture, $"{share.Cluster}/{share.Owner} {share.Direct:0.##}+{share.Idle:0.##}{string.Concat(share.Shared.OrderBy(part => part.Key, StringComparer.Ordinal).Select(part => string.Create(CultureInfo.InvariantCulture, $" {part.Key} {part.Value:0.##}")))}");

    private static SharedPool Ingress(SharedPoolMethod method) => new("ingress", SharedPoolSource.Workloads, method);

    private static SharedPool Fixed(SharedPool pool, params (string Value, double Percent)[] shares) => pool with { Percents = shares.ToDictionary(share => share.Value, share => share.Percent) };

    private static DayCost Cost(string cluster, string owner, double direct, double idle) => new(cluster, owner) { Direct = direct, Idle = idle };
}
