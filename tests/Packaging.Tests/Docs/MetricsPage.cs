using System.Text;
using System.Text.RegularExpressions;

namespace Fleet.Packaging.Tests.Docs;

/// <summary>docs/reference/metrics.md from where the meters are made.</summary>
internal static partial class MetricsPage
{
    public static string Text()
    {
        var page = new StringBuilder("""
            # Metrics

            Made from the sources. `/metrics` of each service has them in OpenMetrics' text: points become `_`, the unit is added (`_seconds`, `_bytes`), counters end with `_total`. Rules and dashboards over them:
            [monitoring](../../deploy/monitoring/README.md), [Grafana](../../deploy/grafana/README.md).

            | metric | kind | unit | |
            |---|---|---|---|

            """);
        var rows = Repository.Sources("src", "*.cs").SelectMany(source => Instrument().Matches(source)).Select(match => (Name: match.Groups[2].Value, Kind: match.Groups[1].Value, Unit: match.Groups[3].Value, About: match.Groups[4].Value))
            .DistinctBy(row => row.Name).OrderBy(row => row.Name, StringComparer.Ordinal).ToList();
        Assert.True(rows.Count > 40);
        foreach (var row in rows)
            page.Append("| `").Append(row.Name).Append("` | ").Append(Kind(row.Kind)).Append(" | ").Append(row.Unit).Append(" | ").Append(row.About.Replace("|", "\\|", StringComparison.Ordinal)).Append(" |\n");
        return page.ToString();
    }

    private static string Kind(string instrument) => instrument switch
    {
        "Histogram" => "histogram",
        "Counter" or "ObservableCounter" => "counter",
        _ => "gauge",
    };

    /// <summary>The last two texts of a call are unit and description, in this order.</summary>
    [GeneratedRegex(@"Create(Counter|Histogram|Gauge|UpDownCounter|ObservableGauge|ObservableCounter|ObservableUpDownCounter)(?:<\w+>)?\(\s*""(fleet\.[a-z.]+)""(?:[^;]*?,\s*(?:unit: )?""([^""]{0,14})"")?(?:\s*,\s*(?:description: )?""([^""]*)"")?")]
    private static partial Regex Instrument();
}
