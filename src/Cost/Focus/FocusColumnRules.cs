namespace Fleet.Cost.Focus;

/// <summary>What each column demands by itself: nulls, formats, allowed values, signs.</summary>
internal static class FocusColumnRules
{
    private static readonly HashSet<string> Placeholders = new(StringComparer.OrdinalIgnoreCase) { "null", "n/a", "na", "none", "nil", "not applicable", "-" };

    /// <summary>In the order in which they are asked; the first that is broken is told.</summary>
    public static IEnumerable<FocusRule> Of(FocusColumn column)
    {
        if (!column.IsNullable)
            yield return Rule("NotNull", value => value is null ? "must not be null" : null);
        yield return Rule("NullHandling", value => value switch
        {
            null => null,
            "" => "is empty: what is missing is null",
            _ when Placeholders.Contains(value) && !column.Allowed.Contains(value) => "says that nothing is there: what is missing is null",
            _ => null,
        });
        if (column is { Type: FocusType.Text, Allowed.Count: 0, IsNullable: false })
            yield return Rule("StringHandling", value => value is { Length: > 0 } && string.IsNullOrWhiteSpace(value) ? "is nothing but spaces" : null) with { IsWarning = true };
        if (column.Type != FocusType.Text)
            yield return Rule("Format", value => value is not null && FocusFormats.ProblemOf(value, column.Type) is { } problem ? $"{CostQueryException.Quote(value)} {problem}" : null);
        if (column.Allowed.Count > 0)
            yield return Rule("Allowed", value => value is null || column.Allowed.Contains(value) ? null : $"{CostQueryException.Quote(value)} is not one of {Listed(column.Allowed)}");
        if (column.IsNotNegative)
            yield return Rule("NotNegative", value => value is not null && FocusFormats.TryDecimal(value, out var number) && number < 0 ? "must not be below zero" : null);

        FocusRule Rule(string name, Func<string?, string?> problem) => new($"{column.Name}.{name}", [column.Name], row => problem(row[column.Name]));
    }

    private static string Listed(IReadOnlyList<string> values) => values.Count <= 20 ? string.Join(", ", values) : $"the {values.Count} values that there are";
}
