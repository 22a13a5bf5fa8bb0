using System.Globalization;
using System.Text.Json.Nodes;

namespace Fleet.StateManager.Drift;

/// <summary>Kubernetes' quantities by their value: <c>1000m</c> is <c>1</c>. Pure.</summary>
internal static class CanonicalQuantity
{
    private static readonly Dictionary<string, decimal> Suffixes = new(StringComparer.Ordinal)
    {
        ["n"] = 1e-9m, ["u"] = 1e-6m, ["m"] = 1e-3m, [""] = 1m, ["k"] = 1e3m, ["M"] = 1e6m, ["G"] = 1e9m, ["T"] = 1e12m, ["P"] = 1e15m, ["E"] = 1e18m,
        ["Ki"] = 1024m, ["Mi"] = 1048576m, ["Gi"] = 1073741824m, ["Ti"] = 1099511627776m, ["Pi"] = 1125899906842624m, ["Ei"] = 1152921504606846976m,
    };

    private static readonly HashSet<string> Maps = new(StringComparer.Ordinal)
    {
        "requests", "limits", "hard", "max", "min", "default", "defaultRequest", "maxLimitRequestRatio", "capacity", "podFixed",
    };

    private static readonly HashSet<string> Fields = new(StringComparer.Ordinal) { "sizeLimit", "divisor", "averageValue", "targetAverageValue" };

    /// <summary>The field is a quantity in Kubernetes' own kinds. Custom resources keep theirs as they were written.</summary>
    public static bool IsAt(FieldPath path) =>
        Fields.Contains(path.Name) || Maps.Contains(path.Parent?.Name ?? "") || (path.Name is "value" && path.Parent?.Name is "target");

    /// <summary>False when one of them is no quantity.</summary>
    public static bool AreEqual(JsonNode a, JsonNode b) => Value(a) is { } left && Value(b) is { } right && left == right;

    private static decimal? Value(JsonNode node)
    {
        var text = node.ToString();
        var end = text.Length;
        while (end > 0 && char.IsAsciiLetter(text[end - 1]))
            end--;
        if (!Suffixes.TryGetValue(text[end..], out var factor) || !decimal.TryParse(text[..end], NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
            return decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number) ? number : null;
        try
        {
            return number * factor;
        }
        catch (OverflowException)
        {
            return null;
        }
    }
}
