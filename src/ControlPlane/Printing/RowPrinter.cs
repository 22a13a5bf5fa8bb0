using System.Text.Json.Nodes;
using Fleet.ControlPlane.Machinery;

namespace Fleet.ControlPlane.Printing;

/// <summary>
/// A printer as a list of columns with the function of each. Titles that start with <c>+</c> are shown with <c>-o wide</c> only, those that
/// start with <c>#</c> hold numbers. Name comes first by itself; <see cref="AgeColumn"/> stands for the age.
/// </summary>
internal sealed class RowPrinter : IPrinter
{
    private readonly Func<JsonObject, DateTimeOffset, JsonNode?>[] cells;

    public RowPrinter(params (string Title, Func<JsonObject, DateTimeOffset, JsonNode?> Cell)[] columns)
    {
        Columns =
        [
            new("Name", Format: "name"),
            .. columns.Select(c => new Column(c.Title.TrimStart('+', '#'), c.Title.Contains('#', StringComparison.Ordinal) ? "integer" : "string", c.Title[0] == '+' ? 1 : 0)),
        ];
        cells = [.. columns.Select(c => c.Cell)];
    }

    public static RowPrinter NameAndAge { get; } = new(AgeColumn);

    public static (string, Func<JsonObject, DateTimeOffset, JsonNode?>) AgeColumn => ("Age", static (body, now) => Age.Of(body, now));

    public IReadOnlyList<Column> Columns { get; }

    public JsonArray Cells(JsonObject body, DateTimeOffset now)
    {
        var row = new JsonArray { body.Name() };
        foreach (var cell in cells) row.Add(cell(body, now));
        return row;
    }

    public static (string, Func<JsonObject, DateTimeOffset, JsonNode?>) Text(string title, Func<JsonObject, string?> cell) => (title, (body, _) => cell(body) ?? "");

    public static (string, Func<JsonObject, DateTimeOffset, JsonNode?>) Number(string title, Func<JsonObject, long?> cell) => ("#" + title, (body, _) => cell(body) ?? 0);

    /// <summary>The node at a dotted path.</summary>
    public static JsonNode? At(JsonNode? body, string path)
    {
        foreach (var step in path.Split('.'))
        {
            body = (body as JsonObject)?[step];
        }
        return body;
    }

    public static IEnumerable<JsonObject> Items(JsonNode? body, string path) => (At(body, path) as JsonArray ?? []).OfType<JsonObject>();

    public static string Joined(IEnumerable<string?> items, string otherwise = "<none>")
    {
        var text = string.Join(',', items.Where(i => !string.IsNullOrEmpty(i)));
        return text.Length == 0 ? otherwise : text;
    }

    public static string Labels(JsonNode? labels) =>
        Joined((labels as JsonObject ?? []).OrderBy(l => l.Key, StringComparer.Ordinal).Select(l => $"{l.Key}={l.Value.Text()}"));

    /// <summary>A selector in its string form.</summary>
    public static string Selector(JsonNode? selector)
    {
        var parts = (selector?["matchLabels"] as JsonObject ?? []).OrderBy(l => l.Key, StringComparer.Ordinal).Select(l => $"{l.Key}={l.Value.Text()}").ToList();
        foreach (var expression in Items(selector, "matchExpressions"))
        {
            var key = expression["key"].Text();
            var values = string.Join(',', (expression["values"] as JsonArray ?? []).Select(v => v.Text()));
            parts.Add(expression["operator"].Text() switch
            {
                "In" => $"{key} in ({values})",
                "NotIn" => $"{key} notin ({values})",
                "Exists" => key!,
                _ => $"!{key}",
            });
        }
        return Joined(parts);
    }

    public static string Containers(JsonObject body, string path) => string.Join(',', Items(body, path).Select(c => c["name"].Text()));

    public static string Images(JsonObject body, string path) => string.Join(',', Items(body, path).Select(c => c["image"].Text()));

    public static string Scalar(JsonNode? node) => node is null ? "" : node.Text() ?? node.ToJsonString();
}
