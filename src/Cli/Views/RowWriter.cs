using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.Cli.Output;
using Fleet.Kubernetes.Yaml;

namespace Fleet.Cli.Views;

/// <summary>Prints rows of a view in one format. For tables the head is printed once, before the first rows.</summary>
internal sealed class RowWriter(View view, OutputFormat format)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private readonly IReadOnlyList<Column> columns = [.. view.Columns.Where(column => !column.Wide || format == OutputFormat.Wide)];
    private TextTable? table;

    /// <param name="single">Json and yaml print the object itself instead of a list.</param>
    /// <param name="deleted">Marks rows of a watch whose object is gone.</param>
    public void Write(IReadOnlyList<Row> rows, bool single, bool deleted = false)
    {
        switch (format)
        {
            case OutputFormat.Json:
                Console.WriteLine(Document(rows, single).ToJsonString(Indented));
                break;
            case OutputFormat.Yaml:
                Console.Write(KubernetesYaml.Write(Document(rows, single)));
                break;
            case OutputFormat.Name:
                foreach (var row in rows)
                    Console.WriteLine($"{view.Words[0]}/{row.Part["name"] ?? row.Object.Key.Name}");
                break;
            default:
                WriteTable(rows, deleted);
                break;
        }
    }

    private void WriteTable(IReadOnlyList<Row> rows, bool deleted)
    {
        if (rows.Count == 0)
            return;
        var now = TimeProvider.System.GetUtcNow();
        var first = table is null;
        table ??= new TextTable([.. columns.Select(column => column.Head)]);
        table.Write(Console.Out, [.. rows.Select(row => Cells(row, now, deleted))], first);
    }

    private string[] Cells(Row row, DateTimeOffset now, bool deleted)
    {
        string[] cells = [.. columns.Select(column => column.Cell(row, now))];
        if (deleted)
            cells[^1] = "(deleted)";
        return cells;
    }

    private static JsonNode Document(IReadOnlyList<Row> rows, bool single) => single
        ? rows[0].Part.DeepClone()
        : new JsonObject { ["apiVersion"] = "v1", ["kind"] = "List", ["items"] = new JsonArray([.. rows.Select(row => row.Part.DeepClone())]) };
}
