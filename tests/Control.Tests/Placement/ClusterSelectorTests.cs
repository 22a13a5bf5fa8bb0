using Fleet.Control.Placement;

namespace Fleet.Control.Tests.Placement;

public class ClusterSelectorTests
{
    private static readonly Dictionary<string, string> Labels = new() { ["env"] = "prod", ["team"] = "blue" };

    [Fact]
    public void An_empty_selector_finds_nothing()
    {
        Assert.False(ClusterSelector.Matches(null, Labels));
        Assert.False(ClusterSelector.Matches(new(), Labels));
        Assert.False(ClusterSelector.Matches(new() { MatchLabels = [], MatchExpressions = [] }, null));
    }

    [Theory]
    [InlineData("env", "prod", true)]
    [InlineData("env", "dev", false)]
    [InlineData("region", "", false)]
    public void Labels_must_have_these_values(string key, string value, bool found) =>
        Assert.Equal(found, ClusterSelector.Matches(new() { MatchLabels = new() { [key] = value } }, Labels));

    [Theory]
    [InlineData("env", "In", "prod dev", true)]
    [InlineData("env", "In", "dev", false)]
    [InlineData("region", "In", "eu", false)]
    [InlineData("env", "NotIn", "prod", false)]
    [InlineData("env", "NotIn", "dev", true)]
    [InlineData("region", "NotIn", "eu", true)]
    [InlineData("env", "Exists", "", true)]
    [InlineData("region", "Exists", "", false)]
    [InlineData("env", "DoesNotExist", "", false)]
    [InlineData("region", "DoesNotExist", "", true)]
    [InlineData("env", "Like", "prod", false)]
    public void Requirements_hold_as_in_Kubernetes(string key, string @operator, string values, bool found) =>
        Assert.Equal(found, ClusterSelector.Matches(
            new() { MatchExpressions = [new() { Key = key, Operator = @operator, Values = [.. values.Split(' ', StringSplitOptions.RemoveEmptyEntries)] }] }, Labels));

    [Fact]
    public void All_parts_must_hold() => Assert.False(ClusterSelector.Matches(
        new() { MatchLabels = new() { ["env"] = "prod" }, MatchExpressions = [new() { Key = "team", Operator = "In", Values = ["red"] }] }, Labels));
}
