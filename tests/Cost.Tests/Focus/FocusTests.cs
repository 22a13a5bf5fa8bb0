using System.Globalization;
using FsCheck.Fluent;
using Fleet.Cost.Allocations;
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
    public void What_has_no_price_is_left_out_and_counted()
    {
        var table = FocusExport.Of(new(Examples.Day, [Examples.Workloads[0], Examples.Workloads[1] with { MissingPrice = MissingPrice.Gpu }]), Settings, out var unpriced);
        Assert.Equal(1, unpriced);
        Assert.Equal(16, Sum(table, "BilledCost"), 9);
    }

    [Theory]
    [InlineData("BilledCost", null, "row 1, BilledCost: must not be null")]
    [InlineData("BilledCost", "", "row 1, BilledCost: is empty: what is missing is null")]
    [InlineData("BillingAccountName", "N/A", "row 1, BillingAccountName: says that nothing is there: what is missing is null")]
    [InlineData("BilledCost", "1,000.00", "row 1, BilledCost: '1,000.00' is no number such as 12.5 or 1.25E-3")]
    [InlineData("BilledCost", "+1", "row 1, BilledCost: '+1' is no number such as 12.5 or 1.25E-3")]
    [InlineData("BilledCost", "1e+3", "row 1, BilledCost: '1e+3' is no number such as 12.5 or 1.25E-3")]
    [InlineData("BilledCost", "$5", "row 1, BilledCost: '$5' is no number such as 12.5 or 1.25E-3")]
    [InlineData("BillingCurrency", "eur", "row 1, BillingCurrency: 'eur' is no currency such as EUR")]
    [InlineData("ChargePeriodStart", "2026-03-04", "row 1, ChargePeriodStart: '2026-03-04' is no time such as 2026-01-31T00:00:00Z")]
    [InlineData("ChargePeriodStart", "2026-02-30T00:00:00Z", "row 1, ChargePeriodStart: '2026-02-30T00:00:00Z' is no time such as 2026-01-31T00:00:00Z")]
    [InlineData("ChargePeriodEnd", "2026-03-04T00:00:00Z", "row 1, ChargePeriodEnd: must be after the start: it is not part of the period")]
    [InlineData("ChargeCategory", "Use", "row 1, ChargeCategory: 'Use' is not one of Usage, Purchase, Tax, Credit, Adjustment")]
    [InlineData("ChargeClass", "Normal", "row 1, ChargeClass: 'Normal' is not one of Correction")]
    [InlineData("PricingQuantity", null, "row 1, PricingQuantity: must not be null for Usage")]
    [InlineData("ConsumedUnit", null, "row 1, ConsumedUnit: must not be null for Usage")]
    [InlineData("ListCost", "7", "row 1, ListCost: is not ListUnitPrice × PricingQuantity")]
    [InlineData("ContractedUnitPrice", "1E-28", "row 1, ContractedCost: is not ContractedUnitPrice × PricingQuantity")]
    [InlineData("Tags", "[]", "row 1, Tags: '[]' is no JSON object")]
    [InlineData("Tags", "{\"a\":{\"b\":1}}", "row 1, Tags: '{\"a\":{\"b\":1}}' holds more than a value under 'a'")]
    [InlineData("Tags", "{\"a\":1,\"a\":2}", "row 1, Tags: '{\"a\":1,\"a\":2}' has the key 'a' twice")]
    public void A_wrong_value_is_found(string column, string? value, string problem) => Assert.Equal([problem], Problems(With(column, value)));

    [Fact]
    public void A_correction_need_not_multiply_and_a_tax_has_no_quantity()
    {
        Assert.Empty(Problems(With("ChargeClass", "Correction", With("ListCost", "7"))));
        Assert.Equal(
            ["row 1, PricingQuantity: must be null for Tax", "row 1, PricingUnit: must be null for Tax"], Problems(With("ChargeCategory", "Tax")));
    }

    [Fact]
    public void Columns_are_checked_too()
    {
        var valid = Valid();
        FocusTable table = new([.. valid.Columns.Where(name => name != "ListCost"), "cost_centre", "ServiceName"], [[.. valid.Rows[0].Where((_, index) => valid.Columns[index] != "ListCost"), "a", "b"]]);
        Assert.Equal(
            ["ListCost: is mandatory and missing", "ServiceName: is there twice", "ServiceName: stands behind columns of one's own", "cost_centre: stands behind columns of one's own"],
            Problems(table).Order(StringComparer.Ordinal));
        Assert.Contains("cost_centre: is neither in PascalCase nor begins with x_", Problems(new(["cost_centre", .. valid.Columns], [["a", .. valid.Rows[0]]])));
    }

    [Fact]
    public void Ratios_of_a_charge_add_up_to_one()
    {
        var table = FocusExport.Of(new(Examples.Day, [Examples.Workloads[0]]), Settings with { Version = FocusVersion.V12WithSplitCost }, out _);
        var row = table.Rows[0].ToArray();
        row[table.Columns.ToList().IndexOf("AllocatedMethodDetails")] = FocusSplit.Details(.4m, "Core-Hours", 1);
        Assert.Equal(["row 1, AllocatedMethodDetails: ratios of cluster1/Node/c1nodes cpu add up to 0.4, not to 1"], Problems(new(table.Columns, [row])));
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

    private static FocusTable Valid() => FocusExport.Of(new(Examples.Day, [Examples.Workloads[0] with { Ram = default, Gpu = default, Network = default, LoadBalancerCost = 0, Volumes = new Dictionary<VolumeKey, VolumeShare>() }]), Settings, out _);

    private static FocusTable With(string column, string? value, FocusTable? table = null)
    {
        table ??= Valid();
        var row = table.Rows[0].ToArray();
        row[table.Columns.ToList().IndexOf(column)] = value;
        return new(table.Columns, [row]);
    }

    private static string[] Problems(FocusTable table) => [.. FocusValidator.Validate(table).Select(problem => problem.ToString())];

    private static FocusTable RoundTrip(FocusTable table)
    {
        var writer = new StringWriter();
        FocusCsv.Write(writer, table);
        return FocusCsv.Read(new StringReader(writer.ToString()), 10_000);
    }

    private static decimal Sum(FocusTable table, string column) => Enumerable.Range(0, table.Rows.Count).Sum(row => Number(table, row, column));

    private static decimal Number(FocusTable table, int row, string column) => decimal.Parse(table.Value(row, column)!, NumberStyles.Float, CultureInfo.InvariantCulture);
}
