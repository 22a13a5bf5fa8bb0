using Fleet.Contracts.Budgets;
using Fleet.Contracts.Conditions;
using Fleet.Cost.Allocations;
using Fleet.Cost.Budgets;
using Fleet.Cost.Filters;
using Fleet.Cost.Forecasts;
using Fleet.Observability.Budgets;
using Fleet.Observability.Days;

namespace Fleet.Observability.Tests.Budgets;

/// <summary>What a Budget says, from what is known.</summary>
public sealed class BudgetStatusTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 11, 6, 0, 0, TimeSpan.Zero);
    private static readonly DateOnly November = new(2026, 11, 1);

    public static TheoryData<string, string, string, string, string> Gaps => new()
    {
        { "", "True Succeeded", "True Succeeded", "True WithinBudget", "Object is ready" },
        { "price", "True Succeeded", "False PriceMissing", "True WithinBudget", "No PriceSheet has a price of CPU, volumes for some of what runs: more is spent than is known" },
        { "currency", "True Succeeded", "False CurrencyDiffers", "True WithinBudget", "Costs in USD are not counted, since the budget is in EUR" },
        { "stale", "True Succeeded", "False DataStale", "True WithinBudget", "Not looked at for an hour or more: team/a, team/b" },
        { "history", "True Succeeded", "False HistoryMissing", "True WithinBudget", "Nothing is known of the days from 2026-11-01 to before 2026-11-04" },
        { "price history", "True Succeeded", "False PriceMissing", "True WithinBudget", "nothing is known of the days" },
        { "only dollars", "False CurrencyDiffers", "", "", "The costs are in USD and the budget is in EUR: they are not compared" },
        { "filter", "False InvalidFilter", "", "", "filter, position 3: wrong" },
        { "new", "Unknown Progressing", "", "", "Its costs are being added up" },
        { "away", "Unknown LedgerUnavailable", "", "", "The ledger of costs does not answer" },
    };

    [Theory]
    [MemberData(nameof(Gaps))]
    public void What_is_missing_is_said(string gaps, string known, string complete, string onTrack, string message)
    {
        var facts = FactsOf(gaps);
        var conditions = BudgetConditionsFrom.All(Budget(), facts, EvaluationOf(Budget(), facts)).ToDictionary(condition => condition.Type.Value);
        Assert.Equal((known, complete, onTrack), (Text("CostsKnown"), Text("CostsComplete"), Text("OnTrack")));
        Assert.Contains(message, conditions["Ready"].Message, StringComparison.Ordinal);
        Assert.Equal(known.Split(' ')[0], conditions["Ready"].Status.ToString());
        Assert.All(conditions.Values, condition => Assert.Equal(3, condition.ObservedGeneration));

        string Text(string type) => conditions.TryGetValue(type, out var condition) ? $"{condition.Status} {condition.Reason}" : "";
    }

    [Fact]
    public void While_the_ledger_is_away_the_figures_and_what_they_said_stay()
    {
        var budget = Evaluated(Budget(100), out var before);
        var conditions = BudgetConditionsFrom.All(budget, BudgetFacts.LedgerAway, null);
        Assert.Equal("False ThresholdCrossed", Condition(conditions, "OnTrack"));
        var status = BudgetStatusFrom.Of(budget, BudgetFacts.LedgerAway, null, Now.AddHours(1));
        Assert.Equal((before.Spent, before.State, before.LastEvaluated), (status.Spent, status.State, status.LastEvaluated));

        // Of another spec they would be wrong.
        budget.Metadata.Generation = 4;
        Assert.Equal("", Condition(BudgetConditionsFrom.All(budget, BudgetFacts.LedgerAway, null), "OnTrack"));
        Assert.Equal(("Unknown", null), (BudgetStatusFrom.Of(budget, BudgetFacts.LedgerAway, null, Now).State, BudgetStatusFrom.Of(budget, BudgetFacts.LedgerAway, null, Now).Spent));
    }

    [Fact]
    public void A_look_that_finds_the_same_keeps_the_time_of_the_look_before()
    {
        var budget = Evaluated(Budget(100), out var before);
        var facts = FactsOf("");
        Assert.Equal(Now, before.LastEvaluated);
        Assert.Equal(Now, BudgetStatusFrom.Of(budget, facts, EvaluationOf(budget, facts), Now.AddHours(1)).LastEvaluated);
        var more = BudgetFacts.Of(facts.Figures! with { Days = [.. facts.Figures!.Days, new(November.AddDays(9), 0.01)] });
        Assert.Equal(Now.AddHours(1), BudgetStatusFrom.Of(budget, more, EvaluationOf(budget, more), Now.AddHours(1)).LastEvaluated);
        // Less than a cent is nothing.
        var hardly = BudgetFacts.Of(facts.Figures! with { Days = [.. facts.Figures!.Days, new(November.AddDays(9), 0.0001)] });
        Assert.Equal(Now, BudgetStatusFrom.Of(budget, hardly, EvaluationOf(budget, hardly), Now.AddHours(1)).LastEvaluated);
    }

    [Fact]
    public void Amounts_are_cents_without_zeros_behind()
    {
        var status = BudgetStatusFrom.Of(Budget(100), FactsOf(""), EvaluationOf(Budget(100), FactsOf("")), Now);
        Assert.Equal(("50", "50"), (status.Spent!.Value.ToString(System.Globalization.CultureInfo.InvariantCulture), status.Remaining!.Value.ToString(System.Globalization.CultureInfo.InvariantCulture)));
    }

    [Theory]
    [InlineData("kcm-system", null, "team-a/web", true)]
    [InlineData("team-a", null, "team-a/web", true)]
    [InlineData("team-a", null, "team-ab/web", false)]
    [InlineData("team-a", "cluster:\"team-b/web\"", "team-b/web", false)]
    public void A_namespace_covers_its_own_clusters_whatever_the_filter_says(string @namespace, string? filter, string cluster, bool covers) =>
        Assert.Equal(covers, BudgetScope.Of(@namespace, new() { Filter = filter }).Covers(cluster));

    [Fact]
    public void Equal_scopes_share_their_sums_and_others_do_not()
    {
        Assert.Equal(Subject("a", "namespace:\"x\""), Subject("a", " namespace:\"x\" "));
        Assert.Equal(4, new[] { Subject("a", null), Subject("b", null), Subject("a", "namespace:\"x\""), Subject("kcm-system", null) }.Distinct().Count());
        Assert.Throws<FilterException>(() => Subject("a", "wrong"));

        static string Subject(string @namespace, string? filter) => BudgetScope.Of(@namespace, new() { Filter = filter }).Subject;
    }

    [Theory]
    [InlineData(null, 16)]
    [InlineData("Excluded", 11)]
    public void Idle_counts_unless_it_is_excluded(string? idle, double expected)
    {
        var spec = Budget().Spec with { Idle = idle };
        DayRow[] rows = [new("s", November, "EUR", new("", "") { Direct = 10, Idle = 5, Overhead = 1 }), new("s", November, "USD", new("", "") { Direct = 3 }), new("s", November.AddDays(-3), "EUR", new("", "") { Direct = 7, Missing = MissingPrice.Cpu })];
        var figures = BudgetFactsReader.Figures(spec, BudgetScope.Of("team", spec), BudgetPeriod.At(spec, November), rows, November.AddDays(-3), [], new HashSet<string>(), Now);
        Assert.Equal(expected, figures.Days.Single(day => day.Day == November).Cost);
        // Days without a row that are known cost nothing; what is missing before the period does not matter now.
        Assert.Equal(14, figures.Days.Count);
        Assert.Equal((MissingPrice.None, "USD"), (figures.Missing, Assert.Single(figures.OtherCurrencies)));
    }

    private static BudgetFacts FactsOf(string gaps) => gaps switch
    {
        "filter" => BudgetFacts.WrongFilter("filter, position 3: wrong"),
        "new" => BudgetFacts.NotAddedUp,
        "away" => BudgetFacts.LedgerAway,
        _ => BudgetFacts.Of(new([.. Enumerable.Range(0, 10).Select(day => new DailyCost(November.AddDays(day), gaps == "only dollars" ? 0 : 5))], new(2026, 11, 11))
        {
            Missing = gaps.Contains("price", StringComparison.Ordinal) ? MissingPrice.Cpu | MissingPrice.Volume : MissingPrice.None,
            OtherCurrencies = gaps is "currency" or "only dollars" ? ["USD"] : [],
            Stale = gaps == "stale" ? ["team/a", "team/b"] : [],
            KnownFrom = gaps.Contains("history", StringComparison.Ordinal) ? November.AddDays(3) : November,
        }),
    };

    private static BudgetEvaluation? EvaluationOf(Budget budget, BudgetFacts facts) => facts.Figures is { } figures && !BudgetConditionsFrom.HasOnlyOthers(figures)
        ? BudgetEvaluator.Evaluate(budget.Spec, figures, budget.Status, budget.Status is not null, Now)
        : null;

    private static Budget Budget(decimal amount = 1000) => new()
    {
        Metadata = new() { Name = "b", Namespace = "team", Generation = 3 },
        Spec = new() { Period = "Monthly", Amount = amount, Currency = "EUR" },
    };

    private static Budget Evaluated(Budget budget, out BudgetStatus status)
    {
        var facts = FactsOf("");
        var evaluation = EvaluationOf(budget, facts);
        status = BudgetStatusFrom.Of(budget, facts, evaluation, Now);
        budget.Status = status with { Conditions = [.. BudgetConditionsFrom.All(budget, facts, evaluation)] };
        return budget;
    }

    private static string Condition(IReadOnlyList<Condition> conditions, string type) =>
        conditions.FirstOrDefault(condition => condition.Type.Value == type) is { } found ? $"{found.Status} {found.Reason}" : "";
}
