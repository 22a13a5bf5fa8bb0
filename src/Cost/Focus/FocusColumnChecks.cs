using System.Text.RegularExpressions;

namespace Fleet.Cost.Focus;

/// <summary>Checks names of columns as they become known.</summary>
internal sealed partial class FocusColumnChecks(FocusHeader header)
{
    private static readonly HashSet<string> Known = [.. FocusRules.Columns.Select(column => column.Name), .. FocusColumns.Later];

    private readonly HashSet<string> seen = new(StringComparer.Ordinal);
    private readonly HashSet<string> twice = new(StringComparer.Ordinal);
    private int looked;
    private bool own;

    public IEnumerable<FocusProblem> OfNames()
    {
        for (; looked < header.Names.Count; looked++)
        {
            var name = header.Names[looked];
            if (!seen.Add(name) && twice.Add(name))
                yield return new(0, name, "is there twice") { Rule = "Columns.Once" };
            if (name.StartsWith("x_", StringComparison.Ordinal))
                own = true;
            else if (own)
                yield return new(0, name, "stands behind columns of one's own") { Rule = "Columns.Order", IsWarning = true };
            else if (!PascalCase().IsMatch(name))
                yield return new(0, name, "is neither in PascalCase nor begins with x_") { Rule = "Columns.Name" };
            else if (!Known.Contains(name))
                yield return new(0, name, "is no column of FOCUS: columns of one's own begin with x_") { Rule = "Columns.Own" };
        }
    }

    public IEnumerable<FocusProblem> Missing() =>
        FocusRules.Columns.Where(column => column.IsMandatory && !header.Has(column.Name)).Select(column => new FocusProblem(0, column.Name, "is mandatory and missing") { Rule = $"{column.Name}.Present" });

    [GeneratedRegex("^[A-Z][A-Za-z0-9]*$", RegexOptions.CultureInvariant)]
    private static partial Regex PascalCase();
}
