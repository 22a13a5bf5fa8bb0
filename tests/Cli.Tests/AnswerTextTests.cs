using System.Text.Json.Nodes;
using Fleet.Cli.Commands.Alerts;
using Fleet.Cli.Commands.Answers;
using Fleet.Cli.Commands.Costs;
using Fleet.Cli.Commands.Recommendations;
using Fleet.Cli.Output;

namespace Fleet.Cli.Tests;

public sealed class AnswerTextTests
{
    private static readonly AnswerTable Table = new(
        [AnswerColumn.Of("NAME", "name"), AnswerColumn.Money("COST", "cost.amount"), AnswerColumn.Time("SINCE", "since"), AnswerColumn.Of("LABELS", "labels") with { IsWide = true }], "Nothing is there.");

    private static readonly JsonObject Answer = Parse("""
        {"items":[{"name":"a, \"b\"","cost":{"amount":1234.5},"since":"2026-11-22T03:04:05.6+01:00","labels":{"x":"1","y":null}},{"name":"c","cost":{"amount":0.004}},{"name":"d\ne","cost":null,"labels":["p","q"]}]}
        """);

    [Fact]
    public void Numbers_stand_right_and_what_is_not_there_is_a_dash()
    {
        Assert.Equal(
            """
            NAME         COST   SINCE
            a, "b"   1,234.50   2026-11-22 02:04Z
            c          0.0040   -
            d e             -   -

            """,
            Written(OutputFormat.Table), ignoreLineEndingDifferences: true);
        Assert.Contains("LABELS\n", Written(OutputFormat.Wide).ReplaceLineEndings("\n"), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_by_hand_is_not_called_done()
    {
        var byHand = Parse("""{"applied":false,"applyable":false,"reason":"a night needs a schedule","patch":"kind: ScaledObject\n"}""");
        Assert.Equal("abc: nothing is changed, this has to be done by hand: a night needs a schedule", RecommendationsCommand.WhyNot("abc", byHand));
        Assert.Equal("kind: ScaledObject", RecommendationsCommand.TextOf("abc", byHand));
        Assert.Equal("abc: ClusterDeployment team/web is changed at resources", RecommendationsCommand.TextOf("abc", Parse("""{"applied":true,"applyable":true,"object":"ClusterDeployment team/web","path":"resources"}""")));
        Assert.Equal("abc: dismissed", RecommendationsCommand.TextOf("abc", Parse("""{"id":"abc","state":"dismissed"}""")));
    }

    [Fact]
    public void A_terminal_gets_shortened_names_and_no_empty_remarks()
    {
        AnswerTable table = new([AnswerColumn.Of("NAME", "name"), AnswerColumn.Money("COST", "cost"), AnswerColumn.Of("BODY", "body"), AnswerColumn.Of("NOTE", "note") with { IsRemark = true }], "");
        JsonObject[] items = [new() { ["name"] = new string('n', 30), ["cost"] = 1.0, ["body"] = new string('b', 50) }, new() { ["name"] = "short", ["cost"] = 1000.0, ["body"] = "b" }];
        foreach (var (width, longest) in new[] { (140, 94), (80, 80), (60, 60), (10, 38) })
        {
            var output = new StringWriter();
            table.WriteTable(output, items, wide: false, width);
            var lines = output.ToString().Split(Environment.NewLine);
            Assert.Equal(longest, lines.Max(line => line.Length));
            Assert.DoesNotContain("NOTE", lines[0], StringComparison.Ordinal);
            Assert.Contains("1,000.00", lines[2], StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Files_have_every_column_and_values_as_they_are() =>
        Assert.Equal("name,cost,since,labels\r\n\"a, \"\"b\"\"\",1234.5,2026-11-22T03:04:05.6+01:00,x=1\r\nc,0.004,,\r\nd e,,,\"p, q\"\r\n", Written(OutputFormat.Csv));

    [Fact]
    public void JSON_and_YAML_are_the_answer()
    {
        Assert.True(JsonNode.DeepEquals(Answer, JsonNode.Parse(Written(OutputFormat.Json))));
        Assert.Contains("name: c", Written(OutputFormat.Yaml), StringComparison.Ordinal);
    }

    [Fact]
    public void A_summary_says_what_is_not_known()
    {
        var output = new StringWriter();
        SummaryCommand.Write(output, Parse("""
            {"currency":"EUR","monthToDate":2218.4,"lastMonth":3000,"lastMonthToSameDay":2100.5,"forecast":{"amount":3020,"low":2900,"high":3100,"enoughHistory":true},"budget":{"amount":4000,"spent":2218.4},
             "idlePercent":34.5,"efficiency":0.42,"balanced":false,"simulated":true,"missingPrices":["gpu"],"topMovers":[{"kind":"namespace","name":"shop","amount":120,"before":100,"change":20}],
             "clusters":[{"cluster":"team/web","amount":2000,"change":null,"seenUntil":"2026-11-22T03:00:00Z"}]}
            """));
        Assert.Equal(
            """
            This month:    2,218.40 EUR
            Forecast:      3,020.00 EUR, 2,900.00 EUR to 3,100.00 EUR
            Last month:    3,000.00 EUR, 2,100.50 EUR to the same day
            Budget:        2,218.40 EUR of 4,000.00 EUR
            Idle:          34.5 %
            Efficiency:    42 %
            No price:      gpu: costs are higher than what is shown
            Fault:         workloads, idle and overhead do not add up to what is paid for
            Note:          costs of simulated clusters are in it

            Changed most:
            KIND        NAME   AMOUNT   BEFORE   CHANGE
            namespace   shop   120.00   100.00    20.00

            Clusters:
            CLUSTER      AMOUNT   CHANGE   SEEN UNTIL
            team/web   2,000.00        -   2026-11-22 03:00Z

            """,
            output.ToString(), ignoreLineEndingDifferences: true);
        var empty = new StringWriter();
        SummaryCommand.Write(empty, Parse("""{"currency":"EUR","forecast":{"amount":0,"enoughHistory":false}}"""));
        Assert.Contains("This month:    -", empty.ToString(), StringComparison.Ordinal);
        Assert.Contains("not enough history", empty.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_only_one_side_of_a_bill_knows_stands_below()
    {
        var output = new StringWriter();
        ReconcileCommand.WriteUnmatched(output, Parse("""
            {"currency":"EUR","listCost":100,"effectiveCost":82.5,"unmatchedBill":{"effectiveCost":12.5,"count":30,"items":[{"resourceId":"","service":"Support","effectiveCost":12.5}]},"unmatchedList":{"listCost":0,"count":0,"items":[]}}
            """));
        Assert.Equal(
            """

            Only in the bill, 30 together 12.50 EUR, the first 1:
            RESOURCE   SERVICE    BILL
                       Support   12.50

            List price:    100.00 EUR
            Bill:          82.50 EUR

            """,
            output.ToString(), ignoreLineEndingDifferences: true);
    }

    [Theory]
    [InlineData("30m", 0.5)]
    [InlineData("2h", 2.0)]
    [InlineData("3d", 72.0)]
    [InlineData("1w", 168.0)]
    [InlineData("0h", null)]
    [InlineData("2", null)]
    [InlineData("h", null)]
    [InlineData("-2h", null)]
    [InlineData("99999h", null)]
    public void Lengths_are_read(string text, double? hours) => Assert.Equal(hours, AlertTimes.Of(text)?.TotalHours);

    [Theory]
    [InlineData("alertname=Down", "alertname=\"Down\"")]
    [InlineData("cluster!=a/b", "cluster!=\"a/b\"")]
    [InlineData("pod=~web-\\d+", "pod=~\"web-\\\\d+\"")]
    [InlineData("pod!~\"x\"", "pod!~\"x\"")]
    [InlineData("a=b=c", "a=\"b=c\"")]
    [InlineData("a=", "a=\"\"")]
    [InlineData("Down", null)]
    [InlineData("=x", null)]
    [InlineData("1a=x", null)]
    public void Matchers_get_their_quotation_marks(string word, string? matcher) => Assert.Equal(matcher, AlertMatchers.Of(word));

    private static string Written(OutputFormat format)
    {
        var output = new StringWriter();
        Table.Write(output, Answer, [.. Answer["items"]!.AsArray().OfType<JsonObject>()], format);
        return output.ToString();
    }

    private static JsonObject Parse(string json) => (JsonObject)JsonNode.Parse(json)!;
}
