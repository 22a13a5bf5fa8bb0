using Fleet.Observability.Collection;

namespace Fleet.Observability.Tests.Collection;

public sealed class CollectionOptionsTests
{
    [Theory]
    [InlineData(null, 60)]
    [InlineData("", 60)]
    [InlineData("1s", 1)]
    [InlineData("1h", 3600)]
    public void The_pace_is_set_and_the_ledger_follows_it(string? every, int seconds)
    {
        var options = CollectionOptions.For(every);
        Assert.Equal(TimeSpan.FromSeconds(seconds), options.Every);
        Assert.Equal(5 * options.Every, options.WriteEvery);
    }

    [Theory]
    [InlineData("soon")]
    [InlineData("0s")]
    [InlineData("-1m")]
    [InlineData("500ms")]
    [InlineData("61m")]
    public void What_is_no_pace_is_refused_by_name(string every) =>
        Assert.Contains("FLEET_COSTS_EVERY", Assert.Throws<FormatException>(() => CollectionOptions.For(every)).Message, StringComparison.Ordinal);
}
