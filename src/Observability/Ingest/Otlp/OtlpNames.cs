using System.Text;

namespace Fleet.Observability.Ingest.Otlp;

/// <summary>Names of OpenTelemetry as Prometheus has them: characters, units, <c>_total</c> and <c>_ratio</c>.</summary>
internal static class OtlpNames
{
    private static readonly Dictionary<string, string> Units = new()
    {
        ["d"] = "days", ["h"] = "hours", ["min"] = "minutes", ["s"] = "seconds", ["ms"] = "milliseconds", ["us"] = "microseconds", ["ns"] = "nanoseconds",
        ["By"] = "bytes", ["KiBy"] = "kibibytes", ["MiBy"] = "mebibytes", ["GiBy"] = "gibibytes", ["TiBy"] = "tibibytes",
        ["KBy"] = "kilobytes", ["MBy"] = "megabytes", ["GBy"] = "gigabytes", ["TBy"] = "terabytes",
        ["m"] = "meters", ["V"] = "volts", ["A"] = "amperes", ["J"] = "joules", ["W"] = "watts", ["g"] = "grams", ["Cel"] = "celsius", ["Hz"] = "hertz", ["%"] = "percent", ["1"] = "",
    };

    private static readonly Dictionary<string, string> PerUnits = new()
    {
        ["s"] = "second", ["m"] = "minute", ["h"] = "hour", ["d"] = "day", ["w"] = "week", ["mo"] = "month", ["y"] = "year",
    };

    /// <param name="isCounter">A sum that only grows.</param>
    public static string Metric(string name, string unit, bool isCounter, bool isGauge)
    {
        var words = Words(name);
        if (words.Count == 0)
            return "";
        var (main, per) = Unit(unit);
        Suffix(words, main);
        if (per.Length > 0 && !words.Contains(per))
        {
            words.Add("per");
            words.Add(per);
        }
        if (isCounter)
        {
            words.RemoveAll(word => word == "total");
            words.Add("total");
        }
        if (isGauge && unit == "1")
            Suffix(words, "ratio");
        var result = string.Join('_', words);
        return char.IsAsciiDigit(result[0]) ? "_" + result : result;
    }

    public static string Label(string key)
    {
        if (key.Length == 0)
            return "";
        var name = new StringBuilder(key.Length + 4);
        foreach (var c in key)
            name.Append(char.IsAsciiLetterOrDigit(c) || c == '_' ? c : '_');
        if (char.IsAsciiDigit(name[0]))
            name.Insert(0, "key_");
        return name.ToString();
    }

    private static void Suffix(List<string> words, string suffix)
    {
        if (suffix.Length == 0)
            return;
        words.RemoveAll(word => word == suffix);
        words.Add(suffix);
    }

    /// <summary>Several unfit characters in a row are one separator. Colons stay: recording rules have them.</summary>
    private static List<string> Words(string name)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        foreach (var c in name)
        {
            if (char.IsAsciiLetterOrDigit(c) || c == ':')
            {
                word.Append(c);
            }
            else if (word.Length > 0)
            {
                words.Add(word.ToString());
                word.Clear();
            }
        }
        if (word.Length > 0)
            words.Add(word.ToString());
        return words;
    }

    /// <summary><c>By/s</c> → bytes, second. What stands in braces is a remark and no unit.</summary>
    private static (string Main, string Per) Unit(string unit)
    {
        var parts = unit.Trim().Split('/', 2);
        var main = parts[0].Contains('{', StringComparison.Ordinal) ? "" : parts[0].Trim();
        var per = parts.Length < 2 || parts[1].Contains('{', StringComparison.Ordinal) ? "" : parts[1].Trim();
        return (Units.TryGetValue(main, out var known) ? known : string.Join('_', Words(main)), PerUnits.TryGetValue(per, out var period) ? period : string.Join('_', Words(per)));
    }
}
