using Fleet.Cost.Allocations;
using Fleet.Cost.Teams;
using Fleet.Observability.Teams.Categories;

namespace Fleet.Observability.Tests.Teams;

/// <summary>What a CostCategory says, from what is known.</summary>
public sealed class CategoryStatusTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    public static TheoryData<string, string, string, string, string> States => new()
    {
        { "all", "True Succeeded", "True Succeeded", "True", "Everything belongs to somebody" },
        { "unallocated", "True Succeeded", "False Unallocated", "True", "25.00 of 100.00 EUR in 2026-11 belong to nobody" },
        { "undivided", "True Succeeded", "False NobodyToShareWith", "True", "25.00 of 100.00 EUR in 2026-11 are shared, and nobody is there to bear them" },
        { "rules", "False InvalidRules", "", "False", "" },
        { "new", "Unknown Progressing", "", "Unknown", "" },
        { "away", "Unknown LedgerUnavailable", "", "Unknown", "" },
    };

    [Theory]
    [MemberData(nameof(States))]
    public void What_is_nobodys_is_said_and_what_is_not_known_too(string state, string known, string allocated, string ready, string message)
    {
        var conditions = CategoryConditionsFrom.All(Category(), FactsOf(state)).ToDictionary(condition => condition.Type.Value);
        Assert.Equal((known, allocated, ready), (Text("CostsKnown"), Text("Allocated"), conditions["Ready"].Status.ToString()));
        Assert.All(conditions.Values, condition => Assert.Equal(3, condition.ObservedGeneration));
        if (message.Length > 0)
            Assert.Equal(message, conditions["Allocated"].Message);

        string Text(string type) => conditions.TryGetValue(type, out var condition) ? $"{condition.Status} {condition.Reason}" : "";
    }

    [Fact]
    public void Figures_stay_while_the_ledger_is_away_and_a_look_that_finds_the_same_writes_nothing()
    {
        var category = Category();
        var first = CategoryStatusFrom.Of(category, FactsOf("unallocated"), Now);
        Assert.Equal(("2026-11", "EUR", 100m, 25m, 25m, 1, Now), (first.Period, first.Currency, first.Total, first.Unallocated, first.UnallocatedPercent, first.ValueCount, first.LastEvaluated));
        category.Status = first;
        Assert.Equal(Now, CategoryStatusFrom.Of(category, FactsOf("unallocated"), Now.AddHours(1)).LastEvaluated);
        Assert.Equal(100, CategoryStatusFrom.Of(category, FactsOf("away"), Now.AddHours(1)).Total);
        Assert.Null(CategoryStatusFrom.Of(category, FactsOf("rules"), Now.AddHours(1)).Total);
        // Of another spec they would be wrong.
        category.Metadata.Generation = 4;
        Assert.Null(CategoryStatusFrom.Of(category, FactsOf("away"), Now.AddHours(1)).Total);
    }

    [Fact]
    public void What_each_rule_finds_is_counted_and_where_most_is_missed()
    {
        var category = Category();
        category.Spec = new()
        {
            Rules = [new() { Value = "shop", Namespaces = ["shop"] }, new() { Value = "never", Namespaces = ["nowhere"] }], Shared = [new() { Name = "ingress", Filter = "namespace:\"ingress\"", Method = "Even" }],
        };
        var matches = CategoryFactsReader.Count(
            CategoryScope.Of(category),
            [.. new[] { "shop", "shop", "ingress", "a", "b", "b" }.Select(place => Row("team/web", place)), Row("other/web", "shop"), Row("team/web", "b") with { Kind = AllocationKind.Idle }]);
        Assert.Equal((3, 3), (matches.Matched, matches.Unmatched));
        Assert.Equal([2, 0], matches.Rules!);
        Assert.Equal(["team/web/b", "team/web/a"], matches.UnmatchedIn!);
    }

    [Fact]
    public void Only_what_makes_other_rows_adds_days_up_anew()
    {
        var (one, other, shared) = (Category(), Category(), Category());
        other.Spec = other.Spec with { DefaultValue = "rest" };
        shared.Spec = shared.Spec with { Shared = [new() { Name = "idle", Of = "Idle", Method = "Even" }] };
        Assert.NotEqual(CategoryScope.Of(one).RulesMark, CategoryScope.Of(other).RulesMark);
        Assert.Equal(CategoryScope.Of(one).RulesMark, CategoryScope.Of(shared).RulesMark);
        Assert.True(CategoryScope.Of(one).Made($"{CategoryScope.Of(shared).RulesMark} 24-1-2"));
        Assert.False(CategoryScope.Of(one).Made($"{CategoryScope.Of(other).RulesMark} 24-1-2"));
    }

    private static Allocation Row(string cluster, string @namespace) => new() { Name = "x", Properties = new() { Cluster = cluster, Namespace = @namespace } };

    private static CostCategory Category() => new()
    {
        Metadata = new() { Name = "products", Namespace = "team", Uid = "u", Generation = 3 }, Spec = new() { Rules = [new() { Value = "shop", Namespaces = ["shop"] }] },
    };

    private static CategoryFacts FactsOf(string state) => state switch
    {
        "rules" => new(CategoryUnknown.WrongRules, Problem: "filter, position 3: wrong"),
        "new" => new(CategoryUnknown.NotAddedUp),
        "away" => new(CategoryUnknown.LedgerAway),
        _ => new(CategoryUnknown.None, new(
            ShowbackFrom.Of(
            [
                new("c", "shop", 75, 0, new Dictionary<string, double>()),
                new("c", state switch { "all" => "shop", "undivided" => AllocationKeys.Shared, _ => AllocationKeys.Unallocated }, 25, 0, new Dictionary<string, double>()),
            ], null), "2026-11", "EUR", [], new())),
    };
}
