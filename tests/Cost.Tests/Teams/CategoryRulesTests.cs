using Fleet.Contracts.Costs;
using Fleet.Cost.Allocations;
using Fleet.Cost.Filters;
using Fleet.Cost.Teams;

namespace Fleet.Cost.Tests.Teams;

public sealed class CategoryRulesTests
{
    private static readonly CostCategorySpec Spec = new()
    {
        Rules =
        [
            new() { Value = "shop", Filter = "namespace:\"shop\"" },
            new() { Value = "search", Namespaces = ["search", "shop"], Labels = new() { ["app.kubernetes.io/name"] = "index" } },
            new() { Value = "edge", Clusters = ["team/edge"], Annotations = new() { ["owner"] = "edge" } },
            new() { ValueFrom = new() { Label = "team" } },
            new() { ValueFrom = new() { Annotation = "team" } },
        ],
        Shared = [new() { Name = "ingress", Filter = "namespace:\"ingress\"", Method = "Even" }, new() { Name = "idle", Of = "Idle", Method = "Even" }],
    };

    [Theory]
    [InlineData("c", "shop", "app_kubernetes_io_name=index", "", "shop", 0)]
    [InlineData("c", "search", "app.kubernetes.io/name=index", "", "search", 1)]
    [InlineData("c", "search", "app.kubernetes.io/name=other", "", null, -1)]
    [InlineData("team/edge", "x", "", "owner=edge", "edge", 2)]
    [InlineData("team/other", "x", "", "owner=edge", null, -1)]
    [InlineData("c", "x", "team=red", "team=blue", "red", 3)]
    [InlineData("c", "x", "team=", "team=blue", "blue", 4)]
    [InlineData("c", "x", "team=__shared__:ingress", "", null, -1)]
    [InlineData("c", "ingress", "team=red", "", "__shared__:ingress", -1)]
    public void The_first_rule_that_fits_says_whose_it_is(string cluster, string @namespace, string label, string annotation, string? value, int rule)
    {
        var properties = new AllocationProperties { Cluster = cluster, Namespace = @namespace, Labels = Map(label), Annotations = Map(annotation) };
        Assert.Equal((value, rule), CategoryRules.Of(Spec).Match(properties));
        Assert.Equal((value ?? "rest", rule), CategoryRules.Of(Spec with { DefaultValue = "rest" }).Match(properties));
    }

    [Fact]
    public void What_an_annotation_says_is_cut_to_a_name()
    {
        var properties = new AllocationProperties { Annotations = new Dictionary<string, string> { ["team"] = new('x', 5000) } };
        Assert.Equal(253, CategoryRules.Of(Spec).ValueOf(properties)!.Length);
    }

    [Fact]
    public void A_filter_that_is_none_is_told() => Assert.Throws<FilterException>(() => CategoryRules.Of(new() { Rules = [new() { Value = "x", Filter = "namespace:shop" }] }));

    [Theory]
    [InlineData("2026-10-01", "2026-11-01", "2026-11-22", 1)]
    [InlineData("2026-11-01", "2026-12-01", "2026-11-15", 0.5)]
    [InlineData("2026-11-16", "2026-12-01", "2026-12-05", 0.5)]
    [InlineData("2026-10-01", "2027-01-01", "2026-11-15", 1.5)]
    [InlineData("2026-12-01", "2027-01-01", "2026-11-15", 0)]
    public void A_monthly_sum_is_charged_by_the_day(string first, string end, string today, double months)
    {
        var spec = Spec with { Shared = [new() { Name = "support", Monthly = new() { Amount = 900, Currency = "EUR" }, Method = "Fixed", Shares = [new() { Value = "shop", Percent = 40 }] }] };
        var pool = Assert.Single(SharedPoolsFrom.Of(spec, "EUR", Day(first), Day(end), Day(today)));
        Assert.Equal((900 * months, SharedPoolSource.Amount, SharedPoolMethod.Fixed, true, 40), (Math.Round(pool.Amount, 9), pool.Source, pool.Method, pool.AmongFleet, pool.Percents["shop"]));
        Assert.Empty(SharedPoolsFrom.Of(spec, "USD", Day(first), Day(end), Day(today)));
    }

    private static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

    private static Dictionary<string, string> Map(string pair) => pair.Length == 0 ? [] : new() { [pair.Split('=')[0]] = pair.Split('=')[1] };
}
