namespace Fleet.Cost.Focus;

/// <summary>Something that every row must fulfil.</summary>
/// <param name="Id">The column, and what of it: <c>BilledCost.NotNull</c>.</param>
/// <param name="Columns">First the one that is wrong, then those that it is judged by. Without one of them, or when one is wrong by itself, the rule says nothing.</param>
/// <param name="Problem">Null when it is fulfilled.</param>
internal sealed record FocusRule(string Id, IReadOnlyList<string> Columns, Func<FocusRow, string?> Problem)
{
    public bool IsWarning { get; init; }
}
