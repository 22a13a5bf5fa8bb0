using System.Text.Json;

namespace Fleet.Cost.Responses;

/// <summary>Numbers as OpenCost's API writes them: five decimals, and 0 for what is none.</summary>
internal static class CostNumbers
{
    /// <summary>OpenCost rounds to this many; sums of rows may differ from the total by as much.</summary>
    public const int Decimals = 5;

    public static void WriteCost(this Utf8JsonWriter json, string name, double value, int? decimals = Decimals)
    {
        json.WritePropertyName(name);
        WriteCostValue(json, value, decimals);
    }

    private static void WriteCostValue(Utf8JsonWriter json, double value, int? decimals)
    {
        var finite = CostUnits.Finite(value);
        var rounded = decimals is { } digits && Math.Abs(finite) < 1e15 ? Math.Round(finite, digits, MidpointRounding.AwayFromZero) : finite;
        // No "-0" in tables.
        json.WriteNumberValue(rounded == 0 ? 0 : rounded);
    }

    public static void WriteTime(this Utf8JsonWriter json, string name, DateTimeOffset time) =>
        json.WriteString(name, time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture));
}
