using Fleet.Cli.Output;

namespace Fleet.Cli.Views;

/// <summary>The pages that `describe` prints: lines of a name and a value, then sections with a table each.</summary>
internal static class PageText
{
    public static void Line(TextWriter output, string name, string? value) => output.WriteLine($"{(name.Length > 0 ? name + ":" : ""),-14} {value}".TrimEnd());

    public static void Section(TextWriter output, string title, IReadOnlyList<string> heads, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        output.WriteLine();
        output.WriteLine(rows.Count == 0 ? $"{title}: none" : $"{title}:");
        if (rows.Count > 0)
            new TextTable(heads).Write(output, rows, withHeads: true);
    }
}
