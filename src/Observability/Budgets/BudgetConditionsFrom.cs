using System.Globalization;
using Fleet.Contracts.Budgets;
using Fleet.Contracts.Conditions;
using Fleet.Cost.Allocations;
using Fleet.Cost.Budgets;
using Fleet.Observability.Days;

namespace Fleet.Observability.Budgets;

/// <summary>The conditions of a Budget. Pure.</summary>
internal static class BudgetConditionsFrom
{
    /// <summary>Names in a message; more are counted.</summary>
    private const int MostNames = 5;

    public static IReadOnlySet<ConditionType> Owned { get; } =
        new HashSet<ConditionType> { SharedConditions.Ready, BudgetConditions.CostsKnown, BudgetConditions.CostsComplete, BudgetConditions.OnTrack };

    /// <param name="evaluation">Null while the costs are not known.</param>
    public static IReadOnlyList<Condition> All(Budget budget, BudgetFacts facts, BudgetEvaluation? evaluation)
    {
        List<Condition> conditions = [Known(budget.Spec, facts)];
        if (evaluation is not null)
        {
            conditions.Add(Complete(budget.Spec, facts.Figures!, evaluation));
            conditions.Add(OnTrack(budget.Spec, evaluation));
        }
        else if (facts.Unknown is BudgetUnknown.LedgerAway or BudgetUnknown.NotAddedUp && FigureStatus.IsOf(budget.Status?.ObservedGeneration, budget.Metadata.Generation))
            conditions.AddRange(FigureStatus.Kept(budget.Status!.Conditions, BudgetConditions.CostsComplete, BudgetConditions.OnTrack));
        conditions.Add(ConditionSummary.Ready(conditions, BudgetConditions.CostsComplete, BudgetConditions.OnTrack));
        return [.. conditions.Select(condition => condition with { ObservedGeneration = budget.Metadata.Generation })];
    }

    /// <summary>Costs that are all in other currencies are not compared: what was spent is not known.</summary>
    public static bool HasOnlyOthers(BudgetFigures figures) => figures.OtherCurrencies.Count > 0 && figures.Days.All(day => day.Cost == 0);

    private static Condition Known(BudgetSpec spec, BudgetFacts facts) => facts switch
    {
        { Figures: { } figures } when HasOnlyOthers(figures) => Condition.False(
            BudgetConditions.CostsKnown, BudgetConditions.CurrencyDiffers, $"The costs are in {string.Join(" and ", figures.OtherCurrencies)} and the budget is in {spec.Currency}: they are not compared"),
        { Figures: not null } => Condition.True(BudgetConditions.CostsKnown, Reason.Succeeded, "What was spent is known"),
        { Unknown: BudgetUnknown.WrongFilter } => Condition.False(BudgetConditions.CostsKnown, BudgetConditions.InvalidFilter, facts.Problem),
        { Unknown: BudgetUnknown.WrongSpec } => Condition.False(BudgetConditions.CostsKnown, Reason.Failed, facts.Problem),
        { Unknown: BudgetUnknown.LedgerAway } => Condition.Unknown(
            BudgetConditions.CostsKnown, BudgetConditions.LedgerUnavailable, "The ledger of costs does not answer: the figures are of before"),
        _ => Condition.Unknown(BudgetConditions.CostsKnown, Reason.Progressing, "Its costs are being added up"),
    };

    private static Condition Complete(BudgetSpec spec, BudgetFigures figures, BudgetEvaluation evaluation)
    {
        var begin = BudgetEvaluator.Text(evaluation.Period.First);
        List<(Reason Reason, string Text)> gaps = [];
        if (figures.Missing != MissingPrice.None)
            gaps.Add((BudgetConditions.PriceMissing, $"no PriceSheet has a price of {string.Join(", ", MissingPrices.Words(figures.Missing))} for some of what runs: more is spent than is known"));
        if (figures.OtherCurrencies.Count > 0)
            gaps.Add((BudgetConditions.CurrencyDiffers, $"costs in {string.Join(" and ", figures.OtherCurrencies)} are not counted, since the budget is in {spec.Currency}"));
        if (figures.Stale.Count > 0)
            gaps.Add((BudgetConditions.DataStale, $"not looked at for an hour or more: {Names(figures.Stale)}"));
        if (figures.KnownFrom is { } from && from > evaluation.Period.First)
            gaps.Add((BudgetConditions.HistoryMissing, $"nothing is known of the days from {begin} to before {BudgetEvaluator.Text(from)}"));
        return gaps.Count == 0
            ? Condition.True(BudgetConditions.CostsComplete, Reason.Succeeded, "Nothing is missing")
            : Condition.False(BudgetConditions.CostsComplete, gaps[0].Reason, Sentence(gaps.Select(gap => gap.Text)));
    }

    private static Condition OnTrack(BudgetSpec spec, BudgetEvaluation evaluation)
    {
        var spent = $"{Money(evaluation.Spent)} of {Money((double)spec.Amount)} {spec.Currency} spent from {BudgetEvaluator.Text(evaluation.Period.First)} to {BudgetEvaluator.Text(evaluation.Period.Last)}";
        var forecast = evaluation.Forecast is { } guess ? $", {Money(guess.Expected)} expected at its end" : "";
        var crossed = evaluation.Thresholds.Where(threshold => threshold.IsCrossed).Select(Text).ToList();
        var told = crossed.Count > 0 ? $"; crossed: {string.Join(", ", crossed)}" : "";
        return evaluation.State switch
        {
            BudgetState.NotStarted or BudgetState.Ended =>
                Condition.True(BudgetConditions.OnTrack, BudgetConditions.NotInPeriod, $"It {(evaluation.State == BudgetState.Ended ? "has ended" : "has not begun")}: {spent}"),
            BudgetState.OnTrack => Condition.True(BudgetConditions.OnTrack, BudgetConditions.WithinBudget, spent + forecast),
            BudgetState.AtRisk => Condition.False(BudgetConditions.OnTrack, BudgetConditions.ThresholdCrossed, spent + forecast + told),
            _ => Condition.False(BudgetConditions.OnTrack, BudgetConditions.AmountExceeded, spent + forecast + told),
        };
    }

    public static string Text(ThresholdState threshold) => string.Create(CultureInfo.InvariantCulture, $"{threshold.Percent:0.##} % {(threshold.OfForecast ? "of the forecast" : "spent")}");

    public static string Money(double amount) => amount.ToString("0.00", CultureInfo.InvariantCulture);

    private static string Names(IReadOnlyList<string> names) =>
        names.Count <= MostNames ? string.Join(", ", names) : $"{string.Join(", ", names.Take(MostNames))} and {names.Count - MostNames} more";

    private static string Sentence(IEnumerable<string> parts)
    {
        var text = string.Join("; ", parts);
        return char.ToUpperInvariant(text[0]) + text[1..];
    }
}
