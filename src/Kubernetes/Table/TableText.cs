using System.Text;
using System.Text.Json;

namespace Fleet.Kubernetes.Table;

/// <summary>Columns as kubectl prints them: upper case headings, three blanks between, no blanks at line ends.</summary>
public static class TableText
{
    /// <param name="table">What the server sent.</param>
    /// <param name="wide">Also columns of lower priority.</param>
    /// <param name="withNamespace">A first column NAMESPACE, as for <c>-A</c>.</param>
    /// <param name="noHeaders">Rows only.</param>
    public static string Render(ObjectTable table, bool wide = false, bool withNamespace = false, bool noHeaders = false)
    {
        var shown = Enumerable.Range(0, table.ColumnDefinitions.Count).Where(i => wide || table.ColumnDefinitions[i].Priority == 0).ToList();
        var lines = new List<IReadOnlyList<string>>();
        if (!noHeaders)
            lines.Add([.. withNamespace ? ["NAMESPACE"] : Array.Empty<string>(), .. shown.Select(i => table.ColumnDefinitions[i].Name.ToUpperInvariant())]);
        foreach (var row in table.Rows)
            lines.Add([.. withNamespace ? [row.Key.Namespace] : Array.Empty<string>(), .. shown.Select(i => i < row.Cells.Count ? Cell(row.Cells[i]) : "")]);
        return Columns(lines);
    }

    /// <summary>Aligns any rows in the same way.</summary>
    public static string Columns(IReadOnlyList<IReadOnlyList<string>> lines)
    {
        var widths = new List<int>();
        foreach (var line in lines)
        {
            for (var i = 0; i < line.Count; i++)
            {
                if (i == widths.Count)
                    widths.Add(0);
                widths[i] = Math.Max(widths[i], line[i].Length);
            }
        }

        var text = new StringBuilder();
        foreach (var line in lines)
        {
            var start = text.Length;
            for (var i = 0; i < line.Count; i++)
                text.Append(line[i]).Append(' ', i == line.Count - 1 ? 0 : widths[i] - line[i].Length + 3);
            while (text.Length > start && text[^1] == ' ')
                text.Length--;
            text.Append('\n');
        }

        return text.ToString();
    }

    private static string Cell(JsonElement cell) => cell.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.Undefined => "<none>",
        // A line break in a cell would break the table; kubectl cuts there too.
        JsonValueKind.String => cell.GetString()!.Split('\n', '\r') is [var first, _, ..] ? first + "..." : cell.GetString()!,
        _ => cell.GetRawText(),
    };
}
