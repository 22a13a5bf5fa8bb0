using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Fleet.Cost.Focus;

/// <summary>How values are written. Pure.</summary>
internal static partial class FocusFormats
{
    // Deeper than any description of an allocation, and far from what a stack holds.
    private static readonly JsonDocumentOptions Flat = new() { MaxDepth = 8 };

    public static string Of(decimal value)
    {
        // Zeros at the end say nothing: 1.500 is 1.5.
        var text = value.ToString("0.############################", CultureInfo.InvariantCulture);
        return text == "-0" ? "0" : text;
    }

    public static string Of(DateTimeOffset time) => time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>Null when it is right.</summary>
    public static string? ProblemOf(string value, FocusType type) => type switch
    {
        FocusType.Decimal => TryDecimal(value, out _) ? null : "is no number such as 12.5 or 1.25E-3",
        FocusType.Time => TryTime(value, out _) ? null : "is no time such as 2026-01-31T00:00:00Z",
        FocusType.AnyCurrency => Currency().IsMatch(value) || value.Trim().Length is > 0 and <= 60 ? null : "is no currency such as EUR or Credits",
        FocusType.Unit => FocusUnits.ProblemOf(value),
        FocusType.Currency => Currency().IsMatch(value) ? null : "is no currency such as EUR",
        FocusType.KeyValue => KeyValueProblem(value),
        FocusType.Json => JsonProblem(value),
        _ => null,
    };

    public static bool TryDecimal(string value, out decimal number)
    {
        number = 0;
        return value.Length <= 60 && Number().IsMatch(value) && decimal.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out number);
    }

    public static bool TryTime(string value, out DateTimeOffset time) => DateTimeOffset.TryParseExact(
        value, "yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time);

    private static string? JsonProblem(string value)
    {
        try
        {
            using var json = JsonDocument.Parse(value, Flat);
            return json.RootElement.ValueKind == JsonValueKind.Object ? null : "is no JSON object";
        }
        catch (JsonException)
        {
            return "is no JSON object";
        }
    }

    /// <summary>Keys that FOCUS knows are written as it does and hold what it says; others begin with x_.</summary>
    /// <param name="known">Whether the value of each is a number.</param>
    public static string? DetailsProblem(string value, IReadOnlyDictionary<string, bool> known)
    {
        using var json = JsonDocument.Parse(value, Flat);
        foreach (var property in json.RootElement.EnumerateObject())
            if (!known.TryGetValue(property.Name, out var isNumber))
            {
                if (!property.Name.StartsWith("x_", StringComparison.Ordinal))
                    return $"has the key {CostQueryException.Quote(property.Name)}, which is none of FOCUS and does not begin with x_";
            }
            else if (property.Value.ValueKind != JsonValueKind.Null && property.Value.ValueKind == JsonValueKind.Number != isNumber)
                return $"must have {(isNumber ? "a number" : "a text")} under {CostQueryException.Quote(property.Name)}";
        return null;
    }

    private static string? KeyValueProblem(string value)
    {
        if (JsonProblem(value) is { } problem)
            return problem;
        using var json = JsonDocument.Parse(value, Flat);
        var keys = new HashSet<string>();
        foreach (var property in json.RootElement.EnumerateObject())
        {
            if (!keys.Add(property.Name))
                return $"has the key {CostQueryException.Quote(property.Name)} twice";
            if (property.Value.ValueKind is JsonValueKind.Object or JsonValueKind.Array)
                return $"holds more than a value under {CostQueryException.Quote(property.Name)}";
        }
        return null;
    }

    [GeneratedRegex(@"^-?[0-9]+(\.[0-9]+)?([eE]-?[0-9]{1,3})?$", RegexOptions.CultureInvariant)]
    private static partial Regex Number();

    [GeneratedRegex("^[A-Z]{3}$", RegexOptions.CultureInvariant)]
    private static partial Regex Currency();
}
