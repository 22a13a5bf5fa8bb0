using System.Globalization;
using FsCheck.Fluent;
using Fleet.Cost.Allocations;
using Fleet.Cost.Assets;
using Fleet.Cost.Focus;

namespace Fleet.Cost.Tests.Focus;

public sealed class FocusTests
{
    private static readonly FocusExportSettings Settings = new() { BillingAccountId = "platform", InvoiceIssuerName = "Platform team" };

    [Theory]
    [InlineData(FocusVersion.V12)]
    [InlineData(FocusVersion.V12WithSplitCost)]
    public void What_is_exported_is_valid_and_adds_up(FocusVersion version)
    {
        var table = FocusExport.Of(Examples.WithNodeIdle, Settings with { Version = version }, out var unpriced);
        Assert.Empty(FocusValidator.Validate(table));
        Assert.Equal(0, unpriced);
        Assert.Equal((decimal)Examples.WithNodeIdle.TotalCost, Sum(table, "BilledCost"), 6);
        Assert.Equal(version == FocusVersion.V12WithSplitCost, table.Has("AllocatedMethodId"));
    }

    [Fact]
    public void Odd_quantities_agree_with_their_price_after_rounding()
    {
        var thirds = Examples.Workloads.Select((row, index) => row with { Cpu = new() { Hours = 1 / 3.0 + index / 7.0, Cost = Math.PI / (index + 1e3), CostAdjustment = -1e-4 } });
        var table = FocusExport.Of(new(Examples.Day, thirds), Settings, out _);
        Assert.Empty(FocusValidator.Validate(table));
        for (var row = 0; row < table.Rows.Count; row++)
            Assert.InRange(Number(table, row, "ListUnitPrice") * Number(table, row, "PricingQuantity") - Number(table, row, "ListCost"), -1e-11m, 1e-11m);
    }

    [Fact]
    public void A_row_says_whose_it_is_and_idle_is_nobodys()
    {
        var table = FocusExport.Of(Examples.WithNodeIdle, Settings with { Version = FocusVersion.V12WithSplitCost }, out _);
        var cpu = Enumerable.Range(0, table.Rows.Count).First(row => table.Value(row, "AllocatedResourceId") == "cluster1/namespace2/pod-ghi/container4" && table.Value(row, "SkuId") == "cpu");
        Assert.Equal(
            ("cluster1/Node/c1nodes", "deployment2", "cluster1", "namespace2", """{"app":"app2","env":"env2"}""", "Core-Hours", "Compute"),
            (table.Value(cpu, "ResourceId"), table.Value(cpu, "AllocatedResourceName"), table.Value(cpu, "SubAccountId"), table.Value(cpu, "x_Namespace"), table.Value(cpu, "Tags"),
                table.Value(cpu, "PricingUnit"), table.Value(cpu, "ServiceCategory")));
        Assert.Equal(("2026-03-01T00:00:00Z", "2026-04-01T00:00:00Z", "2026-03-04T00:00:00Z", "2026-03-05T00:00:00Z"),
            (table.Value(cpu, "BillingPeriodStart"), table.Value(cpu, "BillingPeriodEnd"), table.Value(cpu, "ChargePeriodStart"), table.Value(cpu, "ChargePeriodEnd")));
        var idle = Enumerable.Range(0, table.Rows.Count).Where(row => table.Value(row, "x_IsIdle") == "true").ToList();
        Assert.Equal(8, idle.Count);
        Assert.All(idle, row => Assert.Null(table.Value(row, "AllocatedResourceId")));
        // 6 of 11 on the node's CPU are workloads.
        Assert.Equal(5 / 11m, FocusSplit.RatioOf(table.Value(idle.First(row => table.Value(row, "x_Cluster") == "cluster1" && table.Value(row, "SkuId") == "cpu"), "AllocatedMethodDetails"))!.Value, 9);
    }

    [Fact]
    public void What_has_no_price_is_counted_and_its_other_rows_say_so()
    {
        var table = FocusExport.Of(new(Examples.Day, [Examples.Workloads[0], Examples.Workloads[1] with { MissingPrice = MissingPrice.Gpu }]), Settings with { Version = FocusVersion.V12WithSplitCost }, out var unpriced);
        Assert.Equal(1, unpriced);
        Assert.Equal((decimal)(Examples.Workloads[0].TotalCost + Examples.Workloads[1].TotalCost), Sum(table, "BilledCost"), 9);
        Assert.All(Enumerable.Range(0, table.Rows.Count), row => Assert.Equal(table.Value(row, "AllocatedResourceName") == "deployment1" ? "Gpu" : null, table.Value(row, "x_MissingPrices")));
    }

    [Fact]
    public void What_is_paid_for_clusters_as_a_whole_and_discounts_and_adjustments_are_in_it()
    {
        var node = Examples.Nodes.Nodes[0] with
        {
            ProviderId = "aws:///eu-west-3a/i-0abc", IsSpot = true, Discount = .5, Labels = new Dictionary<string, string> { ["topology.kubernetes.io/region"] = "eu-west-3" },
        };
        var assets = new AssetSet(Examples.Day)
        {
            Nodes = [node],
            Disks = [new() { Cluster = "cluster1", Name = "root", AttachedTo = "c1nodes", Start = Examples.Start, End = Examples.Start.AddHours(3), ByteHours = 3e9, Cost = 2, Adjustment = -1 }],
            ClusterManagement = [new() { Cluster = "cluster1", Start = Examples.Start, End = Examples.Start.AddHours(3), HourPrice = .1 }],
        };
        AllocationSet set = new(Examples.Day, [Examples.Workloads[0] with { Cpu = new() { Hours = 2, Cost = 5, CostAdjustment = -1 } }]);
        var table = FocusExport.Of(set, Settings with { Version = FocusVersion.V12WithSplitCost }, out _, assets);
        Assert.Empty(FocusValidator.Validate(table));
        Assert.Equal((decimal)set.TotalCost + 1 + .3m, Sum(table, "BilledCost"), 9);
        Assert.Equal(("aws:///eu-west-3a/i-0abc", "Dynamic", "eu-west-3", "10", "5", "4"),
            (table.Value(0, "ResourceId"), table.Value(0, "PricingCategory"), table.Value(0, "RegionId"), table.Value(0, "ListCost"), table.Value(0, "ContractedCost"), table.Value(0, "BilledCost")));
        var management = Enumerable.Range(0, table.Rows.Count).Single(row => table.Value(row, "SkuId") == "management");
        Assert.Equal(("Management and Governance", null, "false"), (table.Value(management, "ServiceCategory"), table.Value(management, "AllocatedResourceId"), table.Value(management, "x_IsIdle")));
    }

    [Fact]
    public void JSON_lines_are_read_as_they_were_written_and_columns_may_come_later()
    {
        var table = FocusExport.Of(Examples.WithNodeIdle, Settings with { Version = FocusVersion.V12WithSplitCost }, out _);
        var writer = new StringWriter();
        foreach (var row in table.Rows)
            FocusJsonLines.WriteRow(writer, table.Columns, [.. row]);
        Assert.Contains("\"BilledCost\":1,", writer.ToString(), StringComparison.Ordinal);
        var reading = FocusJsonLines.Open(new StringReader(writer.ToString()));
        var read = reading.Rows.ToList();
        Assert.Equal(table.Columns, reading.Header.Names);
        Assert.Equal(table.Rows.Select(row => row.ToArray()), read.Select(row => row.Fields.ToArray()));

        var later = FocusJsonLines.Open(new StringReader("{\"A\":null}\n\n{\"B\":{\"a\":1},\"C\":1.50}\n{}"));
        var rows = later.Rows.ToList();
        Assert.Equal((3, "{\"a\":1}", "1.50", null), (rows.Count, rows[1]["B"], rows[1]["C"], rows[0]["B"]));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("{\"A\":1,\"A\":2}")]
    [InlineData("{\"A\":\"\\ud800\"}")]
    [InlineData("{\"A\":[[[[[[[[[[1]]]]]]]]]]}")]
    public void What_is_no_row_of_JSON_is_refused(string text) => Assert.Throws<CostQueryException>(() => FocusJsonLines.Open(new StringReader(text)).Rows.Count());

    [Fact]
    public void No_JSON_lines_lead_to_another_exception()
    {
        var pieces = Gen.OneOf(ArbMap.Default.GeneratorFor<string>(), Gen.Elements("{", "}", "\"BilledCost\":", "\"Tags\":", "1", "null", "[", "]", ",", "\n", "\\ud800"));
        foreach (var text in Gen.ArrayOf(pieces).Select(string.Concat).Sample(30, 2000))
            try
            {
                Assert.True(FocusValidator.Problems(FocusJsonLines.Open(new StringReader(text))).Take(10).Any());
            }
            catch (CostQueryException)
            {
            }
    }

    [Fact]
    public void CSV_is_read_as_it_was_written_and_null_is_not_empty()
    {
        string?[] values = [null, "", "a", "a,b", "say \"x\"", "two\r\nlines", " ", "é𝄞", "\""];
        foreach (var row in Gen.ArrayOf(Gen.Elements(values), 3).Sample(10, 300))
        {
            var read = RoundTrip(new(["A", "B", "C"], [row, row]));
            Assert.Equal([row, row], read.Rows.Select(fields => fields.ToArray()));
        }
        var exported = FocusExport.Of(Examples.WithNodeIdle, Settings with { Version = FocusVersion.V12WithSplitCost }, out _);
        Assert.Empty(FocusValidator.Validate(RoundTrip(exported)));
    }

    [Fact]
    public void No_CSV_leads_to_another_exception()
    {
        var pieces = Gen.OneOf(ArbMap.Default.GeneratorFor<string>(), Gen.Elements(",", "\"", "\"\"", "\r", "\n", "\r\n", "BilledCost", "1"));
        foreach (var text in Gen.ArrayOf(pieces).Select(string.Concat).Sample(30, 2000))
            try
            {
                Assert.True(FocusValidator.Validate(FocusCsv.Read(new StringReader(text), 100)).Count > 0);
            }
            catch (CostQueryException)
            {
            }
    }

    [Theory]
    [InlineData("")]
    [InlineData("A,B\n1")]
    [InlineData("A\n\"1")]
    [InlineData("A\n\"1\"2")]
    [InlineData("A\n1\n2\n3")]
    public void What_is_no_CSV_or_too_long_is_refused(string text) => Assert.Throws<CostQueryException>(() => FocusCsv.Read(new StringReader(text), 2));

    private static FocusTable RoundTrip(FocusTable table)
    {
        var writer = new StringWriter();
        FocusCsv.Write(writer, table);
        return FocusCsv.Read(new StringReader(writer.ToString()), 10_000);
    }

    private static decimal Sum(FocusTable table, string column) => Enumerable.Range(0, table.Rows.Count).Sum(row => Number(table, row, column));

    private static decimal Number(FocusTable table, int row, string column) => decimal.Parse(table.Value(row, column)!, NumberStyles.Float, CultureInfo.InvariantCulture);
}
