using System.IO.Compression;
using System.Text;
using Fleet.Cli.Commands.Costs;
using Fleet.Cli.Output;

namespace Fleet.Cli.Tests;

public sealed class ValidateCommandTests
{
    [Theory]
    [InlineData("BilledCost,ListCost\r\n1,x\r\n", false)]
    [InlineData("BilledCost,ListCost\r\n1,x\r\n", true)]
    [InlineData("{\"BilledCost\":1,\"ListCost\":\"x\"}\n", false)]
    [InlineData("\uFEFF{\"BilledCost\":1,\"ListCost\":\"x\"}", true)]
    public void Files_are_known_by_what_is_in_them(string content, bool packed)
    {
        var findings = Check(content, packed, 50);
        Assert.Equal((1, null), (findings.Rows, findings.Broken));
        Assert.Contains(findings.Shown, problem => problem is { Row: 1, Rule: "ListCost.Format", Column: "ListCost" });
        Assert.Contains(findings.Shown, problem => problem is { Row: 0, Rule: "BillingCurrency.Present" });
    }

    [Fact]
    public void All_is_counted_and_some_is_shown()
    {
        var findings = Check("ListCost\n" + string.Concat(Enumerable.Repeat("x\n", 300)), false, 5);
        Assert.Equal((300, 5, 300), (findings.Rows, findings.Shown.Count, findings.ByRule["ListCost.Format"]));
        var text = new StringWriter();
        ValidateCommand.Write(text, findings);
        Assert.Contains("""
            ROW   LEVEL   RULE              PROBLEM
            1     error   ListCost.Format   ListCost 'x' is no number such as 12.5 or 1.25E-3
            """.ReplaceLineEndings(), text.ToString(), StringComparison.Ordinal);
        Assert.Contains("300 rows, 320 errors, 0 warnings, 5 of them shown", text.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("A,B\n1\n")]
    [InlineData("{\"A\":")]
    public void What_is_broken_says_so(string content) => Assert.NotNull(Check(content, false, 50).Broken);

    [Fact]
    public void Half_a_packed_file_is_broken_and_none_is_not_found()
    {
        var packed = Packed("BilledCost\n" + string.Join('\n', Enumerable.Range(0, 50_000)));
        var findings = Check(packed[..(packed.Length / 2)], 50);
        Assert.NotNull(findings.Broken);
        Assert.Equal(ExitCodes.NotFound, Assert.Throws<CommandException>(() => ValidateCommand.Check("/no/such/file", 1)).ExitCode);
    }

    private static FocusFindings Check(string content, bool packed, int most) => Check(packed ? Packed(content) : Encoding.UTF8.GetBytes(content), most);

    private static FocusFindings Check(byte[] content, int most)
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(file, content);
            return ValidateCommand.Check(file, most);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static byte[] Packed(string content)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
            gzip.Write(Encoding.UTF8.GetBytes(content));
        return packed.ToArray();
    }
}
