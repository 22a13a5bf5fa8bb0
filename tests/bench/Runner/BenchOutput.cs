using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Fleet.Bench.Runner;

/// <summary>Results as a table or as one JSON object a line.</summary>
internal static class BenchOutput
{
    private const string Row = "{0,-44} {1,14} {2,-12} {3,14} {4,8} {5,-16} {6}";

    /// <summary>Without it <c>&lt;=</c> of a target would be escaped.</summary>
    private static readonly BenchJson Readable = new(new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, PropertyNamingPolicy = JsonNamingPolicy.CamelCase });

    internal static void Header(bool json)
    {
        if (!json)
            Console.WriteLine(string.Format(CultureInfo.InvariantCulture, Row, "NAME", "VALUE", "UNIT", "BASELINE", "RATIO", "TARGET", "MET"));
    }

    internal static void Write(BenchResult result, bool json)
        => Console.WriteLine(json
            ? JsonSerializer.Serialize(result, Readable.BenchResult)
            : string.Format(
                CultureInfo.InvariantCulture, Row,
                result.Name, Number(result.Value), result.Unit, result.Baseline is { } b ? Number(b) : "-",
                result.Ratio is { } r ? r.ToString("0.00", CultureInfo.InvariantCulture) : "-", result.Target, result.Met ? "yes" : "MISSED"));

    private static string Number(double value) => value.ToString(Math.Abs(value) < 100 ? "0.###" : "#,0", CultureInfo.InvariantCulture);
}
