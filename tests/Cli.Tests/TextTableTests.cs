using Fleet.Cli.Output;

namespace Fleet.Cli.Tests;

public sealed class TextTableTests
{
    [Fact]
    public void Columns_are_padded_and_lines_have_no_trailing_space()
    {
        var output = new StringWriter();
        new TextTable(["NAME", "READY", "MESSAGE"]).Write(output, [["a-long-name", "True", ""], ["b", "False", "why"]], withHeads: true);
        Assert.Equal("NAME          READY   MESSAGE\na-long-name   True\nb             False   why\n", output.ToString());
    }

    [Fact]
    public void Rows_of_a_watch_keep_the_widths_of_the_first_ones()
    {
        var output = new StringWriter();
        var table = new TextTable(["A", "B"]);
        table.Write(output, [["wide-cell", "1"]], withHeads: true);
        table.Write(output, [["x", "2"]], withHeads: false);
        Assert.Equal("x           2", output.ToString().Split('\n')[2]);
    }
}
