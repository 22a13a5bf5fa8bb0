using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.Cli.Output;
using Fleet.Cost.Focus;
using Fleet.Kubernetes.Yaml;

namespace Fleet.Cli.Commands.Answers;

/// <summary>How a list that the REST API answers is printed. JSON and YAML are the answer itself.</summary>
/// <param name="Columns">Wide ones only with <c>-o wide</c> and in CSV.</param>
/// <param name="None">Said on standard error when there is nothing.</param>
internal sealed record AnswerTable(IReadOnlyList<AnswerColumn> Columns, string None)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public void Write(TextWriter output, JsonObject answer, IReadOnlyList<JsonObject> items, OutputFormat format)
    {
        if (format is OutputFormat.Json or OutputFormat.Yaml)
            Write(output, answer, format);
        else if (format == OutputFormat.Csv)
            WriteCsv(output, items);
        else if (items.Count == 0)
            Console.Error.WriteLine(None);
        else
            WriteTable(output, items, format == OutputFormat.Wide);
    }

    public static void Write(TextWriter output, JsonObject answer, OutputFormat format)
    {
        if (format == OutputFormat.Yaml)
            output.Write(KubernetesYaml.Write(answer));
        else
            output.WriteLine(answer.ToJsonString(Indented));
    }

    public void WriteTable(TextWriter output, IReadOnlyList<JsonObject> items, bool wide)
    {
        var columns = Columns.Where(column => wide || !column.IsWide).ToList();
        var cells = items.Select(item => columns.Select(column => column.Value(item) is { } value ? column.Format(value) : "-").ToArray()).ToList();
        var heads = columns.Select(column => column.Head).ToArray();
        for (var index = 0; index < columns.Count; index++)
            if (columns[index].IsNumber)
            {
                var width = cells.Select(row => row[index].Length).Append(heads[index].Length).Max();
                heads[index] = heads[index].PadLeft(width);
                foreach (var row in cells)
                    row[index] = row[index].PadLeft(width);
            }
        new TextTable(heads).Write(output, cells, withHeads: true);
    }

    private void WriteCsv(TextWriter output, IReadOnlyList<JsonObject> items)
    {
        FocusCsv.WriteRow(output, Columns.Select(column => column.Head.ToLowerInvariant().Replace(' ', '_')));
        foreach (var item in items)
            FocusCsv.WriteRow(output, Columns.Select(column => column.Value(item) is { } value ? AnswerColumn.Plain(value) : null));
    }
}
