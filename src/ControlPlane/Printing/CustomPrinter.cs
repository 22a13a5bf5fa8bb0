using System.Globalization;
using System.Text.Json.Nodes;
using Fleet.ControlPlane.Machinery;

namespace Fleet.ControlPlane.Printing;

/// <summary>The additionalPrinterColumns of a CustomResourceDefinition; without any, the age.</summary>
internal sealed class CustomPrinter : IPrinter
{
    private readonly (JsonPath Path, string Type)[] cells;

    public CustomPrinter(JsonArray? columns)
    {
        var stated = (columns ?? []).OfType<JsonObject>().ToArray();
        if (stated.Length == 0)
        {
            Columns = RowPrinter.NameAndAge.Columns;
            cells = [(JsonPath.Parse(".metadata.creationTimestamp"), "date")];
            return;
        }
        Columns =
        [
            new("Name", Format: "name"),
            .. stated.Select(c => new Column(c["name"].Text() ?? "", c["type"].Text() ?? "string", (int)(c["priority"].Number() ?? 0),
                c["format"].Text() ?? "", c["description"].Text() ?? "")),
        ];
        cells = [.. stated.Select(c => (JsonPath.Parse(c["jsonPath"].Text() ?? ""), c["type"].Text() ?? "string"))];
    }

    public IReadOnlyList<Column> Columns { get; }

    public JsonArray Cells(JsonObject body, DateTimeOffset now)
    {
        var row = new JsonArray { body.Name() };
        foreach (var (path, type) in cells) row.Add(Cell(path.Find(body), type, now));
        return row;
    }

    private static JsonNode? Cell(IReadOnlyList<JsonNode?> found, string type, DateTimeOffset now)
    {
        if (found.Count == 0 || found[0] is not { } value) return null;
        switch (type)
        {
            case "integer": return value.Number() is { } whole ? whole : null;
            case "number": return value is JsonValue v && v.TryGetValue<double>(out var number) ? number : null;
            case "boolean": return value is JsonValue b && b.TryGetValue<bool>(out var flag) ? flag : null;
            case "date": return DateTimeOffset.TryParse(value.Text(), CultureInfo.InvariantCulture, out _) ? Age.Since(value.Text(), now) : "<invalid>";
            default: return found.Count == 1 ? RowPrinter.Scalar(value) : string.Join(',', found.Select(RowPrinter.Scalar));
        }
    }
}
