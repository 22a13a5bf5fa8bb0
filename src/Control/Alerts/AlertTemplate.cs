using System.Globalization;
using System.Text;

namespace Fleet.Control.Alerts;

/// <summary>
/// A text with places that are filled in: <c>{{ $labels.cluster }}</c>, <c>{{ $value | humanizePercentage }}</c>, <c>{{ .groupLabels.alertname | upper }}</c>. The form of Prometheus'
/// templates, without loops and calls: whoever may write a rule gets no program that runs in Fleet. Pure.
/// </summary>
public sealed class AlertTemplate
{
    /// <summary>A filled-in text is cut off here.</summary>
    public const int Longest = 16 * 1024;

    private const int MostPlaces = 200;

    private static readonly string[] Filters = ["humanize", "humanizePercentage", "humanizeDuration", "upper", "lower"];

    private readonly List<(string Text, string? Place, string? Filter)> parts;

    private AlertTemplate(List<(string, string?, string?)> parts) => this.parts = parts;

    /// <summary>What it names, for instance <c>$labels.cluster</c>.</summary>
    public IEnumerable<string> Places => parts.Select(part => part.Place).OfType<string>();

    /// <exception cref="FormatException">It can not be read; the message says where.</exception>
    public static AlertTemplate Parse(string text)
    {
        var parts = new List<(string, string?, string?)>();
        for (var at = 0; ;)
        {
            var open = text.IndexOf("{{", at, StringComparison.Ordinal);
            if (open < 0)
            {
                parts.Add((text[at..], null, null));
                return new(parts);
            }
            var close = text.IndexOf("}}", open, StringComparison.Ordinal);
            if (close < 0)
                throw new FormatException($"{{{{ at character {open + 1} has no }}}}");
            if (parts.Count >= MostPlaces)
                throw new FormatException($"more than {MostPlaces} places to fill in");
            var words = text[(open + 2)..close].Trim('-', ' ', '\t', '\n').Split('|', StringSplitOptions.TrimEntries);
            if (words.Length > 2 || !IsPlace(words[0]))
                throw new FormatException($"{{{{ at character {open + 1} holds no place such as $labels.cluster, $value or .groupLabels.alertname");
            if (words is [_, var filter] && !Filters.Contains(filter))
                throw new FormatException($"{{{{ at character {open + 1}: there is no {filter}, there are {string.Join(", ", Filters)}");
            parts.Add((text[at..open], words[0], words.Length == 2 ? words[1] : null));
            at = close + 2;
        }
    }

    /// <param name="valueOf">What a place stands for; null is the empty text.</param>
    public string Render(Func<string, string?> valueOf)
    {
        var result = new StringBuilder();
        foreach (var (text, place, filter) in parts)
        {
            result.Append(text);
            if (place is not null)
                result.Append(Filtered(valueOf(place) ?? "", filter));
            if (result.Length > Longest)
                return result.ToString(0, Longest - 1) + "…";
        }
        return result.ToString();
    }

    private static bool IsPlace(string place) =>
        place is ['$' or '.', _, ..] && place[1..].Split('.').All(word => word.Length > 0 && word.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_') && !char.IsAsciiDigit(word[0]));

    private static string Filtered(string value, string? filter)
    {
        if (filter is null)
            return value;
        if (filter is "upper" or "lower")
            return filter == "upper" ? value.ToUpperInvariant() : value.ToLowerInvariant();
        if (!double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || !double.IsFinite(number))
            return value;
        return filter switch
        {
            "humanizePercentage" => $"{Short(number * 100)}%",
            "humanizeDuration" => Duration(number),
            _ => Humanized(number),
        };
    }

    private static string Humanized(double number)
    {
        string[] units = ["", "k", "M", "G", "T", "P"];
        var unit = 0;
        for (; Math.Abs(number) >= 1000 && unit < units.Length - 1; unit++)
            number /= 1000;
        return Short(number) + units[unit];
    }

    private static string Duration(double seconds)
    {
        var whole = (long)Math.Min(Math.Abs(seconds), 1e12);
        var sign = seconds < 0 ? "-" : "";
        return sign + (whole switch
        {
            >= 86400 => $"{whole / 86400}d {whole % 86400 / 3600}h {whole % 3600 / 60}m",
            >= 3600 => $"{whole / 3600}h {whole % 3600 / 60}m",
            >= 60 => $"{whole / 60}m {whole % 60}s",
            >= 1 => $"{whole}s",
            _ => $"{Short(Math.Abs(seconds) * 1000)}ms",
        });
    }

    private static string Short(double number) => number.ToString("G4", CultureInfo.InvariantCulture);
}
