using System.Text.RegularExpressions;

namespace Fleet.Cost.Focus;

/// <summary>
/// Checks a file against what FOCUS 1.2 demands of Cost and Usage: presence, types, nulls, allowed values, formats, arithmetic, and conditions between columns. A port of the rules
/// that a Kubernetes bill meets, not of the whole model. Pure.
/// </summary>
public static partial class FocusValidator
{
    /// <summary>After so many nobody reads on.</summary>
    public const int MostProblems = 1000;

    // A millionth part, or of the currency where costs are tiny: costs are rounded somewhere.
    private const decimal Rounding = 0.000001m;

    private static readonly FocusColumn[] Known = [.. FocusColumns.All, .. FocusColumns.SplitCost];

    public static IReadOnlyList<FocusProblem> Validate(FocusTable table) =>
        [.. OfColumns(table).Concat(Enumerable.Range(0, table.Rows.Count).SelectMany(row => OfRow(table, row))).Concat(OfSplits(table)).Take(MostProblems)];

    private static IEnumerable<FocusProblem> OfColumns(FocusTable table)
    {
        foreach (var column in Known.Where(column => column.IsMandatory && !table.Has(column.Name)))
            yield return new(0, column.Name, "is mandatory and missing");
        foreach (var twice in table.Columns.GroupBy(name => name).Where(group => group.Skip(1).Any()))
            yield return new(0, twice.Key, "is there twice");
        var own = false;
        foreach (var name in table.Columns)
        {
            if (name.StartsWith("x_", StringComparison.Ordinal))
                own = true;
            else if (own)
                yield return new(0, name, "stands behind columns of one's own");
            else if (!PascalCase().IsMatch(name))
                yield return new(0, name, "is neither in PascalCase nor begins with x_");
        }
    }

    private static IEnumerable<FocusProblem> OfRow(FocusTable table, int row)
    {
        var wrong = new HashSet<string>();
        foreach (var column in Known.Where(column => table.Has(column.Name)))
        {
            var problem = table.Value(row, column.Name) switch
            {
                null => column.IsNullable ? null : "must not be null",
                "" => "is empty: what is missing is null",
                "NULL" or "null" or "N/A" or "n/a" => "says that nothing is there: what is missing is null",
                var value when FocusFormats.ProblemOf(value, column.Type) is { } format => $"{CostQueryException.Quote(value)} {format}",
                var value when column.Allowed.Count > 0 && !column.Allowed.Contains(value) => $"{CostQueryException.Quote(value)} is not one of {string.Join(", ", column.Allowed)}",
                _ => null,
            };
            if (problem is null)
                continue;
            wrong.Add(column.Name);
            yield return new(row + 1, column.Name, problem);
        }
        // Of what is wrong by itself nothing can be concluded.
        foreach (var (columns, problem) in Conditions(table, row))
            if (!columns.Any(wrong.Contains) && columns.All(table.Has))
                yield return new(row + 1, columns[0], problem);
    }

    private static IEnumerable<(string[] Columns, string Problem)> Conditions(FocusTable table, int row)
    {
        foreach (var period in (string[])["BillingPeriod", "ChargePeriod"])
            if (Time($"{period}Start") is { } start && Time($"{period}End") is { } end && start >= end)
                yield return ([$"{period}End", $"{period}Start"], "must be after the start: it is not part of the period");

        var category = table.Value(row, "ChargeCategory");
        var isCorrection = table.Value(row, "ChargeClass") == "Correction";
        foreach (var column in (string[])["PricingQuantity", "PricingUnit"])
        {
            if (category is "Usage" or "Purchase" && !isCorrection && table.Value(row, column) is null)
                yield return ([column, "ChargeCategory"], $"must not be null for {category}");
            if (category == "Tax" && table.Value(row, column) is not null)
                yield return ([column, "ChargeCategory"], "must be null for Tax");
        }
        foreach (var column in (string[])["ConsumedQuantity", "ConsumedUnit"])
            if (category == "Usage" && !isCorrection && table.Value(row, column) is null)
                yield return ([column, "ChargeCategory"], "must not be null for Usage");
        foreach (var (cost, price) in ((string, string)[])[("ListCost", "ListUnitPrice"), ("ContractedCost", "ContractedUnitPrice")])
            if (!isCorrection && Number(cost) is { } total && Number(price) is { } unit && Number("PricingQuantity") is { } quantity && !IsProduct(total, unit, quantity))
                yield return ([cost, price, "PricingQuantity"], $"is not {price} × PricingQuantity");

        DateTimeOffset? Time(string column) => table.Value(row, column) is { } text && FocusFormats.TryTime(text, out var time) ? time : null;

        decimal? Number(string column) => table.Value(row, column) is { } text && FocusFormats.TryDecimal(text, out var number) ? number : null;
    }

    /// <summary>The parts of a charge that was split add up to it.</summary>
    private static IEnumerable<FocusProblem> OfSplits(FocusTable table)
    {
        if (!table.Has("AllocatedMethodDetails"))
            yield break;
        var origins = Enumerable.Range(0, table.Rows.Count)
            .Select(row => (Row: row, Ratio: FocusSplit.RatioOf(table.Value(row, "AllocatedMethodDetails"))))
            .Where(part => part.Ratio is not null)
            .GroupBy(part => (table.Value(part.Row, "ResourceId"), table.Value(part.Row, "SkuId"), table.Value(part.Row, "ChargePeriodStart")));
        foreach (var origin in origins)
            if (origin.Sum(part => part.Ratio!.Value) is var sum && Math.Abs(sum - 1) > Rounding)
                yield return new(origin.First().Row + 1, "AllocatedMethodDetails", $"ratios of {origin.Key.Item1} {origin.Key.Item2} add up to {FocusFormats.Of(sum)}, not to 1");
    }

    private static bool IsProduct(decimal total, decimal unit, decimal quantity)
    {
        try
        {
            return Math.Abs(total - unit * quantity) <= Rounding * Math.Max(1, Math.Abs(total));
        }
        catch (OverflowException)
        {
            return false;
        }
    }

    [GeneratedRegex("^[A-Z][A-Za-z0-9]*$", RegexOptions.CultureInvariant)]
    private static partial Regex PascalCase();
}
