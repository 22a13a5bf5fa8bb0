namespace Fleet.Cost.Focus;

/// <summary>
/// Checks a file against what FOCUS 1.2 demands of Cost and Usage: presence, types, nulls, allowed values, formats, arithmetic, and conditions between columns. Pure.
/// </summary>
public static class FocusValidator
{
    /// <summary>After so many nobody reads on.</summary>
    public const int MostProblems = 1000;

    /// <summary>Every rule, as problems name it.</summary>
    public static IReadOnlyList<string> Rules { get; } =
    [
        .. FocusRules.OfColumns.SelectMany(rules => rules).Concat(FocusRules.BetweenColumns).Select(rule => rule.Id).Concat(FocusRules.OfFiles),
    ];

    public static IReadOnlyList<FocusProblem> Validate(FocusTable table) =>
        [.. Problems(new(table.Header, table.Rows.Select(row => new FocusRow(table.Header, row)))).Take(MostProblems)];

    /// <summary>One after the other while the rows are read, so that a file may be of any size; first those of the header.</summary>
    /// <exception cref="CostQueryException">The file is broken, and nothing can be said of what follows.</exception>
    public static IEnumerable<FocusProblem> Problems(FocusReading reading)
    {
        var columns = new FocusColumnChecks(reading.Header);
        var together = new FocusTogether();
        var number = 0;
        // Of CSV all names are there now, of JSON lines they come with the rows.
        foreach (var problem in columns.OfNames())
            yield return problem;
        foreach (var row in reading.Rows)
        {
            number++;
            foreach (var problem in columns.OfNames().Concat(OfRow(row, number)).Concat(together.Of(row, number)))
                yield return problem;
        }
        foreach (var problem in columns.Missing().Concat(together.Sums()))
            yield return problem;
    }

    private static IEnumerable<FocusProblem> OfRow(FocusRow row, int number)
    {
        HashSet<string>? wrong = null;
        for (var index = 0; index < FocusRules.Columns.Count; index++)
        {
            var column = FocusRules.Columns[index];
            if (!row.Header.Has(column.Name))
                continue;
            foreach (var rule in FocusRules.OfColumns[index])
                if (rule.Problem(row) is { } problem)
                {
                    (wrong ??= []).Add(column.Name);
                    yield return Problem(rule, problem);
                    break;
                }
        }
        // Of what is wrong by itself nothing can be concluded.
        foreach (var rule in FocusRules.BetweenColumns)
            if (rule.Columns.All(row.Header.Has) && (wrong is null || !rule.Columns.Any(wrong.Contains)) && rule.Problem(row) is { } problem)
                yield return Problem(rule, problem);

        FocusProblem Problem(FocusRule rule, string message) => new(number, rule.Columns[0], message) { Rule = rule.Id, IsWarning = rule.IsWarning };
    }
}
