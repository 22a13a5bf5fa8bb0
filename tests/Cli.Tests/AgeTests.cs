using Fleet.Cli.Output;

namespace Fleet.Cli.Tests;

public sealed class AgeTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(0, "0s")]
    [InlineData(119, "119s")]
    [InlineData(120, "2m")]
    [InlineData(150, "2m30s")]
    [InlineData(3600, "60m")]
    [InlineData(4 * 3600 + 60, "4h1m")]
    [InlineData(30 * 3600, "30h")]
    [InlineData(3 * 86400, "3d")]
    [InlineData(400 * 86400, "400d")]
    public void Ages_are_written_as_kubectl_writes_them(int seconds, string expected) =>
        Assert.Equal(expected, Age.Of(Now - TimeSpan.FromSeconds(seconds), Now));

    [Fact]
    public void A_time_in_the_future_is_no_negative_age() => Assert.Equal("0s", Age.Of(Now.AddMinutes(5), Now));

    [Fact]
    public void An_absent_time_is_unknown() => Assert.Equal("<unknown>", Age.Of(null, Now));
}
