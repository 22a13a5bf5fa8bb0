using System.Text.Json.Nodes;
using Fleet.Helm.Charts;
using Fleet.Helm.Releases;

namespace Fleet.ClusterManager.Releases;

/// <summary>
/// Names of releases that a chart cannot tell apart but by writing them down: of one shape, so that cutting, trimming and quoting does the same to each, and
/// without anything in common with a text that a template could compare them with. Pure.
/// </summary>
internal static class InterchangeableNames
{
    /// <summary>Shorter ones are found everywhere in a text.</summary>
    private const int Shortest = 3;

    /// <summary>A letter or a digit alone is compared with nothing.</summary>
    private const int ShortestText = 2;

    /// <summary>Equal for names that are interchangeable in this chart with these values; null for a name that is not.</summary>
    public static string? ShapeOf(ReleaseName release, ChartArchive chart, JsonObject values)
    {
        if (release.Name.Length < Shortest || chart.Content.TemplateTexts is not { } texts)
            return null;
        IEnumerable<string> known =
        [
            chart.Name, release.Namespace, .. chart.Content.Metadata.Dependencies.SelectMany(dependency => new[] { dependency.Name, dependency.Alias ?? "" }),
            .. texts, .. TextsOf(chart.Content.Values), .. TextsOf(values),
        ];
        return known.Any(text => Touches(release.Name, text))
            ? null
            : string.Concat(release.Name.Select(c => char.IsAsciiLetter(c) ? 'a' : char.IsAsciiDigit(c) ? '0' : c));
    }

    private static bool Touches(string name, string text) =>
        text.Length >= ShortestText
        && (name.Contains(text, StringComparison.OrdinalIgnoreCase) || text.Contains(name, StringComparison.OrdinalIgnoreCase));

    private static IEnumerable<string> TextsOf(JsonNode? node) => node switch
    {
        JsonObject map => map.SelectMany(pair => TextsOf(pair.Value).Prepend(pair.Key)),
        JsonArray list => list.SelectMany(TextsOf),
        JsonValue value when value.TryGetValue<string>(out var text) => [text],
        _ => [],
    };
}
