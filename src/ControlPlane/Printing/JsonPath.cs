using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Fleet.ControlPlane.Printing;

/// <summary>The part of JSONPath that printer columns use: names, quoted names, indexes, <c>[*]</c> and <c>[?(@.name=="value")]</c>.</summary>
internal sealed partial class JsonPath
{
    private readonly List<Func<JsonNode?, IEnumerable<JsonNode?>>> steps = [];

    public static JsonPath Parse(string text)
    {
        var path = new JsonPath();
        foreach (Match match in Step().Matches(text.Replace("\\.", "\u0001", StringComparison.Ordinal)))
        {
            var name = match.Groups["name"].Success ? match.Groups["name"].Value : match.Groups["quoted"].Success ? match.Groups["quoted"].Value : null;
            if (name is not null)
            {
                var plain = name.Replace('\u0001', '.');
                path.steps.Add(plain == "*" ? All : node => node is JsonObject body && body[plain] is { } value ? [value] : []);
            }
            else if (match.Groups["index"].Success)
            {
                var index = int.Parse(match.Groups["index"].Value, CultureInfo.InvariantCulture);
                path.steps.Add(node => node is JsonArray items && (index < 0 ? items.Count + index : index) is >= 0 and var at && at < items.Count ? [items[at]] : []);
            }
            else if (match.Groups["field"].Success)
            {
                var field = Parse(match.Groups["field"].Value);
                var wanted = match.Groups["value"].Value;
                var equal = match.Groups["operator"].Value == "==";
                path.steps.Add(node => (node as JsonArray ?? []).Where(i => (RowPrinter.Scalar(field.Find(i) is [var first, ..] ? first : null) == wanted) == equal));
            }
            else
            {
                path.steps.Add(All);
            }
        }
        return path;
    }

    public IReadOnlyList<JsonNode?> Find(JsonNode? body)
    {
        IEnumerable<JsonNode?> found = [body];
        foreach (var step in steps) found = found.SelectMany(step).ToArray();
        return [.. found];
    }

    private static IEnumerable<JsonNode?> All(JsonNode? node) => node switch
    {
        JsonArray items => items,
        JsonObject body => body.Select(f => f.Value),
        _ => [],
    };

    [GeneratedRegex(
        """\[\?\(\s*@(?<field>[^=!]+?)\s*(?<operator>==|!=)\s*["'](?<value>[^"']*)["']\s*\)\]|\[["'](?<quoted>[^"']+)["']\]|\[(?<index>-?[0-9]+)\]|\[\*\]|\.(?<name>[^.\[\]]+)""",
        RegexOptions.CultureInvariant)]
    private static partial Regex Step();
}
