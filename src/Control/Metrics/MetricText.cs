using System.Globalization;
using System.Text;

namespace Fleet.Control.Metrics;

/// <summary>OpenMetrics text: names, labels and numbers as the format and OpenTelemetry's mapping to it say.</summary>
internal static class MetricText
{
    public const string ContentType = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    /// <summary><c>fleet.queue.wait.duration</c> in s → <c>fleet_queue_wait_duration_seconds</c>.</summary>
    public static string Name(string instrument, string? unit)
    {
        var name = new StringBuilder(instrument.Length);
        foreach (var c in instrument)
            name.Append(char.IsAsciiLetterOrDigit(c) || c == ':' ? c : '_');
        if (name.Length > 0 && char.IsAsciiDigit(name[0]))
            name.Insert(0, '_');
        var suffix = UnitOf(unit);
        var text = name.ToString();
        if (text.EndsWith("_total", StringComparison.Ordinal))
            text = text[..^6];
        return suffix.Length == 0 || text.EndsWith("_" + suffix, StringComparison.Ordinal) ? text : $"{text}_{suffix}";
    }

    public static string UnitOf(string? unit) => unit switch
    {
        "s" => "seconds",
        "ms" => "milliseconds",
        "By" => "bytes",
        "1" => "ratio",
        _ => "",
    };

    /// <summary>Sorted by name, so that the order of tags makes no second series.</summary>
    public static string Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (tags.Length == 0)
            return "";
        var pairs = new string[tags.Length];
        for (var i = 0; i < tags.Length; i++)
            pairs[i] = $"{Name(tags[i].Key, null)}=\"{Escape(Convert.ToString(tags[i].Value, CultureInfo.InvariantCulture) ?? "")}\"";
        Array.Sort(pairs, StringComparer.Ordinal);
        return string.Join(',', pairs);
    }

    /// <summary>Families of the same name are one family in the text; the first gives type and help.</summary>
    public static void Write(TextWriter writer, IReadOnlyList<MetricFamily> same)
    {
        var family = same[0];
        writer.Write($"# TYPE {family.Name} {family.Type.ToString().ToLowerInvariant()}\n");
        if (family.Unit.Length > 0)
            writer.Write($"# UNIT {family.Name} {family.Unit}\n");
        if (family.Help.Length > 0)
            writer.Write($"# HELP {family.Name} {Escape(family.Help)}\n");
        var written = new HashSet<string>();
        foreach (var series in same.SelectMany(f => f.Snapshot()).Where(s => written.Add(s.Labels)))
        {
            if (family.Type == MetricType.Histogram)
                WriteHistogram(writer, family.Name, series);
            else
                WriteSample(writer, family.Name + (family.Type == MetricType.Counter ? "_total" : ""), series.Labels, series.Value);
        }
    }

    private static void WriteHistogram(TextWriter writer, string name, MetricSeries series)
    {
        var separator = series.Labels.Length == 0 ? "" : ",";
        long total = 0;
        for (var i = 0; i < series.Counts.Count; i++)
        {
            total += series.Counts[i];
            var bound = i < series.Bounds.Count ? Number(series.Bounds[i]) : "+Inf";
            WriteSample(writer, name + "_bucket", $"{series.Labels}{separator}le=\"{bound}\"", total);
        }
        WriteSample(writer, name + "_count", series.Labels, total);
        WriteSample(writer, name + "_sum", series.Labels, series.Value);
    }

    private static void WriteSample(TextWriter writer, string name, string labels, double value)
    {
        writer.Write(name);
        if (labels.Length > 0)
            writer.Write($"{{{labels}}}");
        writer.Write($" {Number(value)}\n");
    }

    private static string Number(double value) =>
        double.IsPositiveInfinity(value) ? "+Inf" : double.IsNegativeInfinity(value) ? "-Inf" : value.ToString("R", CultureInfo.InvariantCulture);

    private static string Escape(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
}
