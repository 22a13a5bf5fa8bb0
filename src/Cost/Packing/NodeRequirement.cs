using System.Globalization;

namespace Fleet.Cost.Packing;

/// <summary>One expression of a node affinity.</summary>
/// <param name="Operator">In, NotIn, Exists, DoesNotExist, Gt or Lt; any other is met by no node.</param>
public sealed record NodeRequirement(string Key, string Operator, IReadOnlyList<string> Values)
{
    public bool IsMetBy(IReadOnlyDictionary<string, string> labels)
    {
        var value = labels.GetValueOrDefault(Key);
        return Operator switch
        {
            "In" => value is not null && Values.Contains(value),
            "NotIn" => value is null || !Values.Contains(value),
            "Exists" => value is not null,
            "DoesNotExist" => value is null,
            "Gt" => Compared(value) > 0,
            "Lt" => Compared(value) < 0,
            _ => false,
        };
    }

    /// <summary>Null, which is neither greater nor less, where one of them is no whole number.</summary>
    private int? Compared(string? value) =>
        Values.Count == 1 && long.TryParse(value, CultureInfo.InvariantCulture, out var found) && long.TryParse(Values[0], CultureInfo.InvariantCulture, out var bound) ? found.CompareTo(bound) : null;
}
