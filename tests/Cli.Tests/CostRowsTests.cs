using System.Text.Json.Nodes;
using Fleet.Cli.Commands.Costs;
using Fleet.Cli.Output;

namespace Fleet.Cli.Tests;

public sealed class CostRowsTests
{
    private const string Answer = """
        {"code":200,"currency":"EUR","data":[{
          "shop":{"name":"shop","window":{"start":"2026-11-16T00:00:00Z","end":"2026-11-23T00:00:00Z"},"cpuCost":8,"ramCost":2,"pvCost":1,"totalCost":11,"totalEfficiency":0.4},
          "web":{"name":"web","cpuCost":20,"ramCost":1200.5,"totalCost":1220.5,"totalEfficiency":0.5,"missingPrices":["gpu"]},
          "ml":{"name":"ml","cpuCost":0,"ramCost":0,"totalCost":0,"totalEfficiency":0,"missingPrices":["cpu","ram"]},
          "__idle__":{"name":"__idle__","cpuCost":30,"ramCost":0,"totalCost":30,"totalEfficiency":0}}]}
        """;

    [Fact]
    public void The_dearest_is_first_idle_is_last_and_what_has_no_price_is_no_zero()
    {
        Assert.Equal(
            """
            Window:        2026-11-16 00:00 to 2026-11-23 00:00 UTC
            Currency:      EUR

            NAMESPACE      TOTAL   SHARE     CPU        RAM   DISKS    EFF   NOTE
            web         1,220.50    97 %   20.00   1,200.50    0.00   50 %   no price: gpu
            shop           11.00     1 %    8.00       2.00    1.00   40 %
            ml                 -       -       -          -    0.00    0 %   no price: cpu, ram
            (idle)         30.00     2 %   30.00       0.00    0.00      -
            TOTAL       1,261.50   100 %   58.00   1,202.50    1.00   50 %   no price: gpu, cpu, ram

            """,
            Written(Answer, null, OutputFormat.Table), ignoreLineEndingDifferences: true);
    }

    [Fact]
    public void Beside_it_stands_what_was_before_also_of_what_is_gone()
    {
        const string before = """{"currency":"EUR","data":[{"shop":{"name":"shop","totalCost":10},"old":{"name":"old","totalCost":4},"__idle__":{"name":"__idle__","totalCost":40}}]}""";
        var text = Written(Answer, before, OutputFormat.Table);
        Assert.Contains("shop           11.00     1 %    10.00       1.00       10 %   40 %", text, StringComparison.Ordinal);
        Assert.Contains("old             0.00     0 %     4.00      -4.00     -100 %      -   gone", text, StringComparison.Ordinal);
        Assert.Contains("TOTAL       1,261.50   100 %    54.00   1,207.50     2236 %   50 %", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_have_numbers_as_they_are_and_no_sum()
    {
        var lines = Written(Answer, null, OutputFormat.Csv).Split("\r\n");
        Assert.Equal("namespace,total,share,cpu,ram,gpu,disks,balancers,network,shared,idle,eff,note", lines[0]);
        Assert.StartsWith("web,1220.5,0.96", lines[1], StringComparison.Ordinal);
        Assert.Equal(6, lines.Length);
    }

    [Theory]
    [InlineData("7d", "7d offset 7d")]
    [InlineData("today", "yesterday")]
    [InlineData("month", "lastmonth")]
    [InlineData("2026-11-10T00:00:00Z,2026-11-12T00:00:00Z", "2026-11-08T00:00:00Z,2026-11-10T00:00:00Z")]
    public void The_time_before_is_as_long(string window, string before) => Assert.Equal(before, CostWindows.Before(window));

    [Theory]
    [InlineData("lastmonth")]
    [InlineData("7d offset 1d")]
    [InlineData("2026-11-12,2026-11-10")]
    public void What_lies_before_is_not_guessed(string window) => Assert.Equal(ExitCodes.Usage, Assert.Throws<CommandException>(() => CostWindows.Before(window)).ExitCode);

    private static string Written(string answer, string? before, OutputFormat format)
    {
        var output = new StringWriter();
        CostRows.Write(output, (JsonObject)JsonNode.Parse(answer)!, before is null ? null : (JsonObject)JsonNode.Parse(before)!, "namespace", format);
        return output.ToString();
    }
}
