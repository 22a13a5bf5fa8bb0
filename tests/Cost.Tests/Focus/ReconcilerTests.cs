using Fleet.Cost.Allocations;
using Fleet.Cost.Focus;
using Fleet.Cost.Focus.Bills;

namespace Fleet.Cost.Tests.Focus;

public sealed class ReconcilerTests
{
    private static readonly DateTimeOffset Start = new(2026, 10, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly QueryWindow Week = new(Start, Start.AddDays(7));

    [Theory]
    [InlineData("aws:///eu-west-3a/i-0abc", "i-0abc")]
    [InlineData("aws:///eu-west-3a/i-0abc", "arn:aws:ec2:eu-west-3:123:instance/i-0ABC")]
    [InlineData("azure:///subscriptions/1/resourceGroups/RG/vm-1234", "/subscriptions/1/resourcegroups/rg/VM-1234")]
    [InlineData("gce://project/zone/node-1", "//compute.googleapis.com/projects/project/zones/zone/instances/node-1")]
    public void A_resource_is_found_as_providers_write_it(string providerId, string billed)
    {
        var found = Compare([Row(billed, "7.5", 1)], [new("team/web", "Node", "a", providerId, Day(1), 10)]);
        var resource = Assert.Single(found.Resources);
        Assert.Equal((10, 7.5, -2.5, 0.75, "Machines"), (resource.ListCost, resource.EffectiveCost, resource.Adjustment, resource.Factor, resource.Services.Single()));
        Assert.Empty(found.UnmatchedBill);
        Assert.Empty(found.UnmatchedList);
    }

    [Fact]
    public void A_last_part_that_two_have_finds_neither_and_the_whole_finds_its_own()
    {
        ListedAsset[] listed = [new("a/a", "Node", "n", "gce://p/zone-a/node", Day(1), 1), new("a/a", "Node", "m", "gce://p/zone-b/node", Day(1), 2)];
        var found = Compare([Row("node", "5", 1), Row("gce://p/zone-b/node", "3", 1)], listed);
        Assert.Equal("m", Assert.Single(found.Resources).Name);
        Assert.Equal(5, Assert.Single(found.UnmatchedBill).EffectiveCost);
        Assert.Equal("n", Assert.Single(found.UnmatchedList).Name);
    }

    [Fact]
    public void What_only_one_side_knows_is_told_and_all_adds_up()
    {
        var found = Compare(
            [Row("i-0abc", "3", 1), Row("i-0abc", "1", 2, service: "Traffic"), Row("i-9999", "4", 1), Row(null, "0.5", 1, service: "Support"), Row(null, "-1", 2, service: "Support")],
            [new("a/a", "Node", "n", "aws:///z/i-0abc", Day(1), 5), new("a/a", "Node", "n", "aws:///z/i-0abc", Day(3), 5), new("a/a", "PersistentVolume", "pv", "", Day(1), 2)]);
        var resource = Assert.Single(found.Resources);
        Assert.Equal([(Day(1), 5, 3), (Day(2), 0, 1), (Day(3), 5, 0)], resource.Days.Select(day => (day.Day, (int)day.ListCost, (int)day.EffectiveCost)));
        Assert.Equal(["Machines", "Traffic"], resource.Services);
        Assert.Equal([("i-9999", "Machines", 4), ("", "Support", -.5)], found.UnmatchedBill.Select(charge => (charge.ResourceId, charge.Service, charge.EffectiveCost)));
        Assert.Equal([("pv", 2)], found.UnmatchedList.Select(asset => (asset.Name, (int)asset.ListCost)));
        Assert.Equal((12, 7.5), (found.ListCost, found.EffectiveCost));
    }

    [Fact]
    public void A_charge_of_several_days_is_spread_and_what_is_outside_is_left_out()
    {
        // From the fifth for eight days, of which three are in the week; one of the next month; one in another currency.
        var totals = BillTotals.Of(Bill(Row("i-0abc", "16", 5, until: 13), Row("i-0abc", "9", 40), Row("i-0abc", "2", 1, currency: "USD")), Week, "EUR");
        Assert.Equal((3, 2), (totals.Rows, totals.Outside));
        var found = Reconciler.Compare(totals, [new("a/a", "Node", "n", "i-0abc", Day(5), 1)]);
        Assert.Equal([(Day(5), 2.0), (Day(6), 2.0), (Day(7), 2.0)], found.Resources[0].Days.Select(day => (day.Day, Math.Round(day.EffectiveCost, 9))));
    }

    [Theory]
    [InlineData("EffectiveCost")]
    [InlineData("ChargePeriodStart")]
    [InlineData("ChargePeriodEnd")]
    [InlineData("BillingCurrency")]
    public void A_row_that_says_nothing_is_named(string column)
    {
        var row = Row("i-0abc", "1", 1);
        row[column] = null;
        Assert.Equal($"row 1 has no {column} that can be read", Assert.Throws<CostQueryException>(() => BillTotals.Of(Bill(row), Week)).Message);
    }

    [Fact]
    public void Two_currencies_are_not_added_up() =>
        Assert.Contains("EUR and USD", Assert.Throws<CostQueryException>(() => BillTotals.Of(Bill(Row("a", "1", 1), Row("a", "1", 1, currency: "USD")), Week)).Message, StringComparison.Ordinal);

    private static Reconciliation Compare(Dictionary<string, string?>[] rows, ListedAsset[] listed) => Reconciler.Compare(BillTotals.Of(Bill(rows), Week), listed);

    private static FocusReading Bill(params Dictionary<string, string?>[] rows)
    {
        var header = new FocusHeader(rows[0].Keys);
        return new(header, rows.Select(row => new FocusRow(header, [.. row.Values])));
    }

    private static Dictionary<string, string?> Row(string? resource, string cost, int day, int? until = null, string service = "Machines", string currency = "EUR") => new()
    {
        ["EffectiveCost"] = cost, ["ResourceId"] = resource, ["ServiceName"] = service, ["BillingCurrency"] = currency,
        ["ChargePeriodStart"] = $"{Start.AddDays(day - 1):yyyy-MM-dd'T'HH:mm:ss'Z'}", ["ChargePeriodEnd"] = $"{Start.AddDays((until ?? day + 1) - 1):yyyy-MM-dd'T'HH:mm:ss'Z'}",
    };

    private static DateOnly Day(int day) => new(2026, 10, day);
}
