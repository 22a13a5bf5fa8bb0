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
    /// <summary>Of what is cut off to fit a terminal so much is left.</summary>
    private const int Shortest = 12;

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
            WriteTable(output, items, format == OutputFormat.Wide, format == OutputFormat.Wide ? null : Terminal.Width);
    }

    public static void Write(TextWriter output, JsonObject answer, OutputFormat format)
    {
        if (format == OutputFormat.Yaml)
            output.Write(KubernetesYaml.Write(answer));
        else
            output.WriteLine(answer.ToJsonString(Indented));
    }

    /// <param name="width">Of the terminal: the longest names are shortened to fit. Null: it is none, and everything is written as it is.</param>
    public void WriteTable(TextWriter output, IReadOnlyList<JsonObject> items, bool wide, int? width = null)
    {
        var columns = Columns.Where(column => (wide || !column.IsWide) && (!column.IsRemark || items.Any(item => column.Value(item) is not null))).ToList();
        var cells = items.Select(item => columns.Select(column => column.Value(item) is { } value ? column.Format(value) : column.IsRemark ? "" : "-").ToArray()).ToList();
        if (width is { } most)
            Fit(columns, cells, most);
        var heads = columns.Select(column => column.Head).ToArray();
        for (var index = 0; index < columns.Count; index++)
            if (columns[index].IsNumber)
            {
                var longest = cells.Select(row => row[index].Length).Append(heads[index].Length).Max();
                heads[index] = heads[index].PadLeft(longest);
                foreach (var row in cells)
                    row[index] = row[index].PadLeft(longest);
            }
        new TextTable(heads).Write(output, cells, withHeads: true);
    }

    private static void Fit(List<AnswerColumn> columns, List<string[]> cells, int width)
    {
        int Length(int index) => cells.Select(row => row[index].Length).Append(columns[index].Head.Length).Max();
        var tooMuch = Enumerable.Range(0, columns.Count).Sum(Length) + TextTable.Gap * (columns.Count - 1) - width;
        foreach (var index in Enumerable.Range(0, columns.Count).Where(index => !columns[index].IsNumber).OrderByDescending(Length))
        {
            if (tooMuch <= 0)
                return;
            var to = Math.Max(Math.Max(Shortest, columns[index].Head.Length), Length(index) - tooMuch);
            tooMuch -= Math.Max(0, Length(index) - to);
            foreach (var row in cells.Where(row => row[index].Length > to))
                row[index] = row[index][..(to - 1)] + "…";
        }
    }

    private void WriteCsv(TextWriter output, IReadOnlyList<JsonObject> items)
    {
        FocusCsv.WriteRow(output, Columns.Select(column => column.Head.ToLowerInvariant().Replace(' ', '_')));
        foreach (var item in items)
            FocusCsv.WriteRow(output, Columns.Select(column => column.Value(item) is { } value ? AnswerColumn.Plain(value) : null));
    }
}
