using Fleet.Cost.Savings;

namespace Fleet.Cost.Tests.Savings;

public sealed class SavingsSumTests
{
    [Fact]
    public void What_two_claim_is_saved_once()
    {
        var total = Assert.Single(SavingsSum.Of(
        [
            Requests("smaller", ("web/app", 4)),
            Requests("gone", ("web/app", 10), ("web/proxy", 2)),
            Requests("idle namespace", ("web/app", 10), ("web/proxy", 2), ("db/db", 3)),
        ]));
        Assert.Equal((15d, 0d, 3), (total.Freed, total.Cash, total.Recommendations));
        Assert.Equal(4 + 12 + 15 - 15, total.Overlap, 9);
    }

    [Fact]
    public void Only_what_ends_an_asset_is_cash()
    {
        var total = Assert.Single(SavingsSum.Of([Requests("smaller", ("web/app", 4)), Asset("node", 70), Asset("disk", 5), Asset("disk again", 5, "disk")]));
        Assert.Equal((75d, 4d), (total.Cash, total.Freed));
    }

    [Fact]
    public void What_has_no_price_is_counted_and_not_zero()
    {
        var total = Assert.Single(SavingsSum.Of([new("x", MonthlySaving.OfAsset(null, "EUR"), [new("disk", null, null)]), Asset("node", 70)]));
        Assert.Equal((70d, 1, 2), (total.Cash, total.Unpriced, total.Recommendations));
        Assert.Null(MonthlySaving.OfAsset(null, "EUR").Cash);
    }

    [Fact]
    public void Currencies_are_not_added_up()
    {
        var totals = SavingsSum.Of([Asset("a", 1), new("b", MonthlySaving.OfAsset(2, "USD"), [new("b", 2, 0)])]);
        Assert.Equal([("EUR", 1d), ("USD", 2d)], totals.Select(total => (total.Currency, total.Cash)));
    }

    private static CountedSaving Requests(string id, params (string What, double Freed)[] claims) =>
        new(id, MonthlySaving.OfRequests(claims.Sum(claim => claim.Freed), "EUR"), [.. claims.Select(claim => new SavingClaim(claim.What, 0, claim.Freed))]);

    private static CountedSaving Asset(string id, double price, string? what = null) => new(id, MonthlySaving.OfAsset(price, "EUR"), [new(what ?? id, price, 0)]);
}
