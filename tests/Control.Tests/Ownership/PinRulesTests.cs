using Fleet.Control.Ownership;
using Fleet.Control.Ownership.Pinning;

namespace Fleet.Control.Tests.Ownership;

public sealed class PinRulesTests
{
    private const string Rules = """
        - pool: europe
          region: eu-west
        - pool: bigbank
          namespace: bigbank
        - pool: lab
          namespace: platform
          clusterSelector:
            matchLabels: {env: lab}
            matchExpressions: [{key: tier, operator: NotIn, values: [gold]}]
        """;

    [Theory]
    [InlineData("team", "eu-west", "", "europe")]
    [InlineData("bigbank", null, "", "bigbank")]
    // The first that fits.
    [InlineData("bigbank", "eu-west", "", "europe")]
    [InlineData("platform", null, "env=lab", "lab")]
    // All that is stated must hold.
    [InlineData("platform", null, "env=lab,tier=gold", null)]
    [InlineData("team", null, "env=lab", null)]
    [InlineData("team", "us", "", null)]
    public void The_first_rule_that_fits_decides(string @namespace, string? region, string labels, string? pool)
    {
        var cluster = new PinnableCluster(new(@namespace, "c"), labels.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split('=')).ToDictionary(l => l[0], l => l[1]), region);
        Assert.Equal(pool, PinRules.Parse(Rules).Of([cluster]).Pins.GetValueOrDefault(cluster.Key));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("# - pool: europe")]
    public void Without_rules_nothing_is_pinned(string yaml) => Assert.True(PinRules.Parse(yaml).IsEmpty);

    [Theory]
    [InlineData("pool: a", "a list of pins is expected")]
    [InlineData("- a", "pin 1: a mapping is expected")]
    [InlineData("- {region: a}", "pin 1: pool \"\" is not the name of a pool")]
    [InlineData("- {pool: a, region: b}\n- {pool: A, region: b}", "pin 2: pool \"A\" is not the name of a pool")]
    [InlineData("- {pool: a}", "pin 1: state a region, a namespace or a clusterSelector")]
    [InlineData("- {pool: a, regions: b}", "pin 1: there is no field \"regions\"")]
    [InlineData("- {pool: a, region: 7}", "pin 1: region must be a text")]
    [InlineData("- {pool: a, region: ''}", "pin 1: region must be a text")]
    [InlineData("- {pool: a, clusterSelector: {}}", "pin 1: clusterSelector finds nothing")]
    [InlineData("- {pool: a, clusterSelector: {matchLabel: {a: b}}}", "pin 1: clusterSelector is no LabelSelector at $.matchLabel")]
    [InlineData("- {pool: a, clusterSelector: {matchLabels: [a]}}", "pin 1: clusterSelector is no LabelSelector at $.matchLabels")]
    [InlineData("- {pool: a, clusterSelector: {matchExpressions: [{key: a, operator: Is}]}}", "there are In, NotIn, Exists and DoesNotExist")]
    [InlineData("- {pool: a, region: b", "")]
    public void What_cannot_be_understood_is_refused_and_says_where(string yaml, string what) =>
        Assert.Contains(what, Assert.Throws<FormatException>(() => PinRules.Parse(yaml)).Message, StringComparison.Ordinal);

    [Fact]
    public void There_are_as_many_pools_as_the_table_has_places_for()
    {
        static string Of(int pools) => string.Concat(Enumerable.Range(0, pools).Select(i => $"- {{pool: p{i}, region: r{i}}}\n"));
        Assert.False(PinRules.Parse(Of(Slots.MostPools)).IsEmpty);
        Assert.Contains("17 pools", Assert.Throws<FormatException>(() => PinRules.Parse(Of(17))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void As_many_are_pinned_as_fit_into_the_table_and_the_others_are_told()
    {
        var clusters = Enumerable.Range(0, 15_000).Select(i => new PinnableCluster(new("tenant", $"a-cluster-of-a-tenant-{i}"), new Dictionary<string, string>(), "west")).ToList();
        var (pins, left) = PinRules.Parse("- {pool: p, region: west}").Of(clusters);
        Assert.Equal(15_000, pins.Count + left);
        Assert.InRange(pins.Count, 5_000, 14_999);
        var moving = pins.ToDictionary(pin => pin.Key, pin => new Pin("p") { Next = "p", Asked = 1_800_000_000_000 });
        Assert.InRange(AssignmentText.Write(Assignment.Empty with { Pins = new(["p"], moving) }).Length, 1, PinRules.MostCharacters + 100);
    }
}
