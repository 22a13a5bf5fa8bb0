using Fleet.Helm.Versions;

namespace Fleet.Helm.Tests.Versions;

public sealed class VersionRangeTests
{
    [Theory]
    [InlineData("1.2.3", "1.2.3", true)]
    [InlineData("1.2.3", "v1.2.3", true)]
    [InlineData("v1.2.3", "1.2.3", true)]
    [InlineData("=1.2.3", "1.2.4", false)]
    [InlineData("^1.2", "1.9.0", true)]
    [InlineData("^1.2", "1.1.9", false)]
    [InlineData("^1.2", "2.0.0", false)]
    [InlineData("^0.2.3", "0.2.9", true)]
    [InlineData("^0.2.3", "0.3.0", false)]
    [InlineData("^0.0.3", "0.0.3", true)]
    [InlineData("^0.0.3", "0.0.4", false)]
    [InlineData("^0.0", "0.0.9", true)]
    [InlineData("^0.0", "0.1.0", false)]
    [InlineData("^0", "0.9.0", true)]
    [InlineData("~1", "1.9.9", true)]
    [InlineData("~1", "2.0.0", false)]
    [InlineData("~1.2.3", "1.2.9", true)]
    [InlineData("~1.2.3", "1.3.0", false)]
    [InlineData("1.2", "1.2.7", true)]
    [InlineData("1.2", "1.3.0", false)]
    [InlineData("1.x", "1.9.0", true)]
    [InlineData("1.2.*", "1.2.5", true)]
    [InlineData("*", "7.0.0", true)]
    [InlineData("", "7.0.0", true)]
    [InlineData("*", "7.0.0-rc.1", false)]
    [InlineData(">0.0.0-0", "7.0.0-rc.1", true)]
    [InlineData(">=1 <2", "1.5.0", true)]
    [InlineData(">=1, <2", "2.0.0", false)]
    [InlineData(">= 1.2.0 < 1.4", "1.3.9", true)]
    [InlineData(">1", "1.5.0", false)]
    [InlineData(">1", "2.0.0", true)]
    [InlineData("<=1.2", "1.2.9", true)]
    [InlineData("<=1.2", "1.3.0", false)]
    [InlineData("!=1.3.1", "1.3.1", false)]
    [InlineData(">=1.3 !=1.3.1", "1.3.2", true)]
    [InlineData("!=1.x", "1.3.2", false)]
    [InlineData("1.2 - 1.4.5", "1.4.5", true)]
    [InlineData("1.2 - 1.4.5", "1.4.6", false)]
    [InlineData("^1 || ^3", "3.1.0", true)]
    [InlineData("^1 || ^3", "2.1.0", false)]
    [InlineData(">=1.0.0-beta.2", "1.0.0-beta.11", true)]
    [InlineData("^1.0.0", "1.1.0-alpha", false)]
    [InlineData("1.2.3+build", "1.2.3", true)]
    public void A_range_contains_what_helm_says(string range, string version, bool expected) =>
        Assert.Equal(expected, VersionRange.TryParse(range)!.Contains(SemanticVersion.TryParse(version)!));

    [Theory]
    [InlineData("latest")]
    [InlineData(">")]
    [InlineData("1.2.3.4")]
    [InlineData("^1 ||")]
    [InlineData(">=1 oops")]
    public void What_is_no_range_is_refused(string text) => Assert.Null(VersionRange.TryParse(text));

    [Fact]
    public void Versions_are_ordered_as_semver_says()
    {
        string[] ordered = ["1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-rc.1", "1.0.0", "v1.0.1", "1.10.0", "2"];
        var shuffled = ordered.Reverse().Select(v => SemanticVersion.TryParse(v)!).Order().Select(v => v.Original);
        Assert.Equal(ordered, shuffled);
    }
}
