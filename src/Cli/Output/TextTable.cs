namespace Fleet.Cli.Output;

/// <summary>
/// Columns as kubectl prints them: upper-case heads, padded with spaces, three between. Plain text, so that it can be piped;
/// colour is added only where the output is a terminal.
/// </summary>
internal sealed class TextTable(IReadOnlyList<string> heads)
{
    public const int Gap = 3;
    private int[] widths = [.. heads.Select(head => head.Length)];

    /// <summary>Prints rows below one another with equal widths. Later rows keep the widths of the first call, as a watch needs.</summary>
    public void Write(TextWriter output, IReadOnlyList<IReadOnlyList<string>> rows, bool withHeads)
    {
        foreach (var row in rows)
            widths = [.. widths.Zip(row, (width, cell) => Math.Max(width, cell.Length))];
        if (withHeads)
            WriteLine(output, heads);
        foreach (var row in rows)
            WriteLine(output, row);
    }

    private void WriteLine(TextWriter output, IReadOnlyList<string> cells)
    {
        var line = string.Concat(cells.Select((cell, index) => index == cells.Count - 1 ? cell : cell.PadRight(widths[index] + Gap)));
        output.WriteLine(line.TrimEnd());
    }
}
