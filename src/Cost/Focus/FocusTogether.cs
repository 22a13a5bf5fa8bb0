namespace Fleet.Cost.Focus;

/// <summary>What rows demand of each other. Remembers so much and no more: in a file with more than that, what comes later is only compared with what is remembered.</summary>
internal sealed class FocusTogether
{
    private const int MostRemembered = 200_000;

    private static readonly (string Rule, string Column, string Of, string Message)[] Pairs =
    [
        ("SkuPriceId.OneSku", "SkuPriceId", "SkuId", "has two SkuIds"),
        ("ServiceName.OneCategory", "ServiceName", "ServiceCategory", "has two ServiceCategories"),
        ("CommitmentDiscountUnit.Consistent", "CommitmentDiscountId", "CommitmentDiscountUnit", "has two CommitmentDiscountUnits"),
    ];

    private readonly Dictionary<string, string>[] known = [.. Pairs.Select(_ => new Dictionary<string, string>(StringComparer.Ordinal))];
    private readonly Dictionary<(string? Resource, string? Sku, string? Start), (int Row, decimal Sum)> splits = [];

    public IEnumerable<FocusProblem> Of(FocusRow row, int number)
    {
        AddSplit(row, number);
        for (var index = 0; index < Pairs.Length; index++)
        {
            var (rule, column, of, message) = Pairs[index];
            if (row[column] is not { Length: > 0 } one || row[of] is not { Length: > 0 } other)
                continue;
            if (!known[index].TryGetValue(one, out var before))
            {
                if (known[index].Count < MostRemembered)
                    known[index][one] = other;
            }
            else if (before != other)
                yield return new(number, rule[..rule.IndexOf('.', StringComparison.Ordinal)], $"{CostQueryException.Quote(one)} {message}: {before} and {other}") { Rule = rule };
        }
    }

    /// <summary>The parts of a charge that was split add up to it.</summary>
    public IEnumerable<FocusProblem> Sums()
    {
        foreach (var ((resource, sku, _), (row, sum)) in splits)
            if (Math.Abs(sum - 1) > FocusRules.Rounding)
                yield return new(row, "AllocatedMethodDetails", $"ratios of {resource} {sku} add up to {FocusFormats.Of(sum)}, not to 1") { Rule = "AllocatedMethodDetails.Sum" };
    }

    private void AddSplit(FocusRow row, int number)
    {
        if (FocusSplit.RatioOf(row["AllocatedMethodDetails"]) is not { } ratio)
            return;
        var key = (row["ResourceId"], row["SkuId"], row["ChargePeriodStart"]);
        if (splits.TryGetValue(key, out var sum))
            splits[key] = (sum.Row, Sum(sum.Sum, ratio));
        else if (splits.Count < MostRemembered)
            splits[key] = (number, ratio);
    }

    /// <summary>Ratios of a broken file may be any numbers.</summary>
    private static decimal Sum(decimal one, decimal other)
    {
        try
        {
            return one + other;
        }
        catch (OverflowException)
        {
            return decimal.MaxValue;
        }
    }
}
