using Fleet.Cost.Focus;

namespace Fleet.Cost.Tests.Focus;

/// <summary>Every rule, with a case that breaks it and one that does not.</summary>
public sealed class FocusValidatorTests
{
    /// <summary>Fulfils everything, and has something in every column.</summary>
    private static readonly (string Column, string? Value)[] Base =
    [
        ("AvailabilityZone", "eu-west-3a"), ("BilledCost", "6"), ("BillingAccountId", "a-1"), ("BillingAccountName", "Platform"), ("BillingAccountType", "Account"), ("BillingCurrency", "EUR"),
        ("BillingPeriodEnd", "2026-04-01T00:00:00Z"), ("BillingPeriodStart", "2026-03-01T00:00:00Z"), ("CapacityReservationId", "cr-1"), ("CapacityReservationStatus", "Used"),
        ("ChargeCategory", "Usage"), ("ChargeClass", null), ("ChargeDescription", "a machine"), ("ChargeFrequency", "Usage-Based"), ("ChargePeriodEnd", "2026-03-05T00:00:00Z"),
        ("ChargePeriodStart", "2026-03-04T00:00:00Z"), ("CommitmentDiscountCategory", "Usage"), ("CommitmentDiscountId", "cd-1"), ("CommitmentDiscountName", "Three years"),
        ("CommitmentDiscountQuantity", "24"), ("CommitmentDiscountStatus", "Used"), ("CommitmentDiscountType", "Reserved"), ("CommitmentDiscountUnit", "Hours"), ("ConsumedQuantity", "24"),
        ("ConsumedUnit", "Hours"), ("ContractedCost", "7.2"), ("ContractedUnitPrice", "0.3"), ("EffectiveCost", "6"), ("InvoiceId", "i-1"), ("InvoiceIssuerName", "Provider"), ("ListCost", "12"),
        ("ListUnitPrice", "0.5"), ("PricingCategory", "Committed"), ("PricingCurrency", "Credits"), ("PricingCurrencyContractedUnitPrice", "3"), ("PricingCurrencyEffectiveCost", "60"),
        ("PricingCurrencyListUnitPrice", "5"), ("PricingQuantity", "24"), ("PricingUnit", "Hours"), ("ProviderName", "Provider"), ("PublisherName", "Provider"), ("RegionId", "eu-west-3"),
        ("RegionName", "Paris"), ("ResourceId", "i-0abc"), ("ResourceName", "web"), ("ResourceType", "Machine"), ("ServiceCategory", "Compute"), ("ServiceName", "Machines"),
        ("ServiceSubcategory", "Virtual Machines"), ("SkuId", "m5"), ("SkuMeter", "Hours of machines"), ("SkuPriceDetails", """{"CoreCount":4,"InstanceType":"m5.xlarge","x_Own":true,"MemorySize":null}"""),
        ("SkuPriceId", "m5-eu"), ("SubAccountId", "s-1"), ("SubAccountName", "shop"), ("SubAccountType", "Project"), ("Tags", """{"app":"web","spot":true,"n":1,"none":null}"""),
        ("AllocatedMethodDetails", """{"Elements":[{"AllocatedRatio":1,"UsageUnit":"Hours","UsageQuantity":1}]}"""), ("AllocatedMethodId", "even"), ("AllocatedResourceId", "shop/web"),
        ("AllocatedResourceName", "web"), ("AllocatedTags", "{}"),
    ];

    /// <summary>What columns demand by themselves, made from what they are.</summary>
    private static IEnumerable<Case> OfColumns => FocusColumns.All.Concat(FocusColumns.SplitCost).SelectMany(column => (IEnumerable<Case>)
    [
        .. column.IsNullable ? [] : (Case[])[new($"{column.Name}.NotNull", [(column.Name, null)], [])],
        new($"{column.Name}.NullHandling", [(column.Name, "")], []),
        .. column is { Type: FocusType.Text, Allowed.Count: 0, IsNullable: false } ? (Case[])[new($"{column.Name}.StringHandling", [(column.Name, "  ")], [(column.Name, " a")])] : [],
        .. column.Allowed.Count > 0 ? (Case[])[new($"{column.Name}.Allowed", [(column.Name, "Nonsense")], [])] : [],
        .. column.IsNotNegative ? (Case[])[new($"{column.Name}.NotNegative", [(column.Name, "-1")], [(column.Name, "0")]) { OnlyItself = true }] : [],
        .. (column.Type switch
        {
            FocusType.Decimal => ("1,000.00", "-1.25E-3"),
            FocusType.Time => ("2026-03-04", "2026-03-04T00:00:00Z"),
            FocusType.Currency => ("eur", "USD"),
            FocusType.AnyCurrency => ("   ", "Tokens"),
            FocusType.Unit => ("hours", "GB-Hours"),
            FocusType.KeyValue => ("[]", "{}"),
            FocusType.Json => ("1", "{}"),
            _ => ("", ""),
        }) is ({ Length: > 0 } bad, var good) ? (Case[])[new($"{column.Name}.Format", [(column.Name, bad)], [(column.Name, good)]) { OnlyItself = true }] : [],
    ]);

    private static IReadOnlyList<Case> BetweenColumns { get; } =
    [
        new("BillingPeriodEnd.AfterStart", [("BillingPeriodEnd", "2026-03-01T00:00:00Z")], [("BillingPeriodEnd", "2026-03-01T00:00:01Z")]),
        new("ChargePeriodEnd.AfterStart", [("ChargePeriodEnd", "2026-03-03T00:00:00Z")], []),
        .. ((string[])["PricingQuantity", "ListUnitPrice", "ContractedUnitPrice", "PricingCategory", "SkuId", "SkuPriceId", "PricingCurrencyListUnitPrice", "PricingCurrencyContractedUnitPrice"])
            .SelectMany(column => (Case[])
            [
                new($"{column}.NullForTax", [("ChargeCategory", "Tax")], [("ChargeCategory", "Tax"), (column, null)]) { OnlyItself = true },
                new($"{column}.NotNullForUsage", [(column, null)], [(column, null), ("ChargeClass", "Correction")]) { OnlyItself = true },
            ]),
        new("ChargeFrequency.NotUsageBasedForPurchase", [("ChargeCategory", "Purchase")], [("ChargeCategory", "Purchase"), ("ChargeFrequency", "One-Time")]) { OnlyItself = true },
        new("ListCost.IsProduct", [("ListCost", "11")], [("ListCost", "11"), ("ChargeClass", "Correction")]),
        new("ContractedCost.IsProduct", [("ContractedUnitPrice", "1E-28")], [("ContractedUnitPrice", "0.30000001")]),
        new("ConsumedQuantity.NullUnlessUsed", [("CommitmentDiscountStatus", "Unused")], [("CommitmentDiscountStatus", "Unused"), ("ConsumedQuantity", null), ("ConsumedUnit", null)]),
        new("ConsumedQuantity.NotNullForUsage", [("ConsumedQuantity", null), ("ConsumedUnit", null)], [("ConsumedQuantity", null), ("ConsumedUnit", null), ("ChargeClass", "Correction")]),
        Together("ConsumedUnit", "ConsumedQuantity"), Together("PricingUnit", "PricingQuantity"), Together("CommitmentDiscountUnit", "CommitmentDiscountQuantity"),
        Together("RegionName", "RegionId"), Together("ResourceType", "ResourceId"), Together("SubAccountName", "SubAccountId"), Together("SubAccountType", "SubAccountId"),
        Together("CommitmentDiscountCategory", "CommitmentDiscountId"), Together("CommitmentDiscountType", "CommitmentDiscountId"),
        With("ResourceName", "ResourceId"), With("SkuMeter", "SkuId"), With("SkuPriceDetails", "SkuPriceId"), With("CommitmentDiscountName", "CommitmentDiscountId"),
        With("CommitmentDiscountStatus", "CommitmentDiscountId"), With("CapacityReservationStatus", "CapacityReservationId"), With("AllocatedResourceName", "AllocatedResourceId"),
        With("AllocatedMethodDetails", "AllocatedMethodId"),
        new("CommitmentDiscountStatus.NotNullForUsage", [("CommitmentDiscountStatus", null)], [("CommitmentDiscountStatus", null), ("ChargeCategory", "Purchase")]) { OnlyItself = true },
        new("CapacityReservationStatus.NotNullForUsage", [("CapacityReservationStatus", null)], [("CapacityReservationStatus", null), ("CapacityReservationId", null)]),
        new("CommitmentDiscountQuantity.NotNullWithDiscount", [("CommitmentDiscountQuantity", null)], [("CommitmentDiscountQuantity", null), ("ChargeClass", "Correction")]) { OnlyItself = true },
        new("CommitmentDiscountQuantity.NullWithoutDiscount", [("ChargeCategory", "Credit")], []) { OnlyItself = true },
        new("ServiceSubcategory.Parent", [("ServiceSubcategory", "Block Storage")], [("ServiceSubcategory", "Block Storage"), ("ServiceCategory", "Storage")]),
        new("SkuPriceDetails.Keys", [("SkuPriceDetails", """{"coreCount":4}""")], [("SkuPriceDetails", """{"CoreCount":4}""")]),
        new("SkuPriceDetails.Keys", [("SkuPriceDetails", """{"CoreCount":"4"}""")], [("SkuPriceDetails", """{"DiskType":"SSD"}""")]),
        new("AllocatedMethodDetails.Sum", [("AllocatedMethodDetails", """{"Elements":[{"AllocatedRatio":0.4}]}""")], [("AllocatedMethodDetails", """{"Elements":[{"AllocatedRatio":0.4},{"AllocatedRatio":0.6}]}""")]),
        new("PricingUnit.Format", [("PricingUnit", "gigabyte-Hours")], [("PricingUnit", "1000 Tokens")]),
        new("PricingUnit.Format", [("PricingUnit", "1.5 Hours")], [("PricingUnit", "Units/3 Months")]),
        new("PricingUnit.Format", [("PricingUnit", "GB--Hours")], [("PricingUnit", "GPU-Hours")]),
        new("BilledCost.Format", [("BilledCost", "+1")], [("BilledCost", "1e3")]),
        new("BilledCost.Format", [("BilledCost", "1e+3")], []),
        new("BilledCost.Format", [("BilledCost", "$5")], []),
        new("ChargePeriodStart.Format", [("ChargePeriodStart", "2026-02-30T00:00:00Z")], []),
        new("BillingAccountName.NullHandling", [("BillingAccountName", "N/A")], [("BillingAccountName", null)]),
        new("Tags.Format", [("Tags", """{"a":{"b":1}}""")], []),
        new("Tags.Format", [("Tags", """{"a":1,"a":2}""")], []),
    ];

    public static TheoryData<string, string> Cases => [.. OfColumns.Concat(BetweenColumns).Select(one => (one.Rule, $"{one}"))];

    [Fact]
    public void The_row_that_the_cases_change_is_right() => Assert.Empty(Problems(Row([])));

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_rule_is_told_when_it_is_broken_and_not_when_it_is_kept(string rule, string change)
    {
        var one = OfColumns.Concat(BetweenColumns).First(one => one.Rule == rule && $"{one}" == change);
        var found = Problems(Row(one.Bad));
        var problem = found.FirstOrDefault(problem => problem.Rule == rule);
        Assert.True(problem is not null, string.Join("; ", found));
        Assert.Equal((rule.EndsWith(".StringHandling", StringComparison.Ordinal), 1), (problem.IsWarning, problem.Row));
        var kept = Problems(Row(one.Good));
        if (one.OnlyItself)
            Assert.DoesNotContain(kept, problem => problem.Rule == rule);
        else
            Assert.Empty(kept);
    }

    [Fact]
    public void Every_rule_has_a_case()
    {
        var files = Problems(new(["ListCost", "ListCost", "cost_centre", "Cost", "x_Own", "Tags"], [])).Concat(Problems(Twice("SkuId", "m6"))).Concat(Problems(Twice("ServiceCategory", "Other", ("ServiceSubcategory", "Other (Other)"))))
            .Concat(Problems(Twice("CommitmentDiscountUnit", "GB"))).Concat(Problems(new([], [])));
        var found = OfColumns.Concat(BetweenColumns).Select(one => one.Rule).Concat(files.Select(problem => problem.Rule)).ToHashSet();
        // An account's id is never null, so that its type can not be without it.
        Assert.Equal(["BillingAccountType.Null"], FocusValidator.Rules.Where(rule => !found.Contains(rule)));
        Assert.Empty(found.Except(FocusValidator.Rules));
    }

    [Fact]
    public void Columns_are_checked()
    {
        var row = Row([]);
        FocusTable table = new([.. row.Columns.Where(name => name != "ListCost"), "x_Own", "Tags", "Bill"], [[.. row.Rows[0].Where((_, index) => row.Columns[index] != "ListCost"), "a", "{}", "b"]]);
        Assert.Equal(
            ["Bill: stands behind columns of one's own", "ListCost: is mandatory and missing", "Tags: is there twice", "Tags: stands behind columns of one's own"],
            Problems(table).Select(problem => problem.ToString()).Order(StringComparer.Ordinal));
        Assert.Equal(
            ["cost_centre: is neither in PascalCase nor begins with x_", "Bill: is no column of FOCUS: columns of one's own begin with x_"],
            Problems(new(["cost_centre", "Bill", .. row.Columns], [["a", "b", .. row.Rows[0]]])).Select(problem => problem.ToString()));
    }

    [Fact]
    public void What_is_wrong_by_itself_is_told_once()
    {
        Assert.Equal(["row 1, ListCost: '7 EUR' is no number such as 12.5 or 1.25E-3"], Problems(Row([("ListCost", "7 EUR")])).Select(problem => problem.ToString()));
        Assert.Equal(["row 1, ListCost: is not ListUnitPrice × PricingQuantity"], Problems(Row([("ListCost", "7")])).Select(problem => problem.ToString()));
    }

    private static Case Together(string column, string with) => new($"{column}.Null", [(with, null)], [(column, null), (with, null)]) { OnlyItself = true };

    private static Case With(string column, string with) => new($"{column}.Null", [(with, null)], [(column, null), (with, null)]) { OnlyItself = true };

    private static FocusTable Row((string Column, string? Value)[] changes) =>
        new([.. Base.Select(pair => pair.Column)], [[.. Base.Select(pair => changes.Where(change => change.Column == pair.Column).Select(change => change.Value).DefaultIfEmpty(pair.Value).Last())]]);

    private static FocusTable Twice(string column, string value, params (string, string?)[] more) =>
        new([.. Base.Select(pair => pair.Column)], [Row([("AllocatedMethodDetails", null)]).Rows[0], Row([("AllocatedMethodDetails", null), (column, value), .. more]).Rows[0]]);

    private static List<FocusProblem> Problems(FocusTable table) => [.. FocusValidator.Validate(table)];

    private sealed record Case(string Rule, (string Column, string? Value)[] Bad, (string Column, string? Value)[] Good)
    {
        /// <summary>Other rules may be broken by what keeps this one.</summary>
        public bool OnlyItself { get; init; }

        public override string ToString() => string.Join(", ", Bad.Select(change => $"{change.Column}={change.Value ?? "null"}"));
    }
}
