using Fleet.Control.Alerts;

namespace Fleet.Observability.Tests.Alerts;

/// <summary>Matchers as Alertmanager writes them.</summary>
public sealed class MatcherTests
{
    private static readonly Dictionary<string, string> Labels = new() { ["severity"] = "critical", ["cluster"] = "eu-west", ["text"] = "a \"b\"\\" };

    [Theory]
    [InlineData("severity=\"critical\"", true)]
    [InlineData("severity=critical", true)]
    [InlineData(" severity = \"critical\" ", true)]
    [InlineData("severity!=\"critical\"", false)]
    [InlineData("severity=\"crit\"", false)]
    [InlineData("cluster=~\"eu-.*\"", true)]
    // Patterns are anchored on both sides.
    [InlineData("cluster=~\"eu\"", false)]
    [InlineData("cluster=~\"us-.*|eu-.*\"", true)]
    [InlineData("cluster!~\"us-.*\"", true)]
    // An absent label is the empty text.
    [InlineData("team=\"\"", true)]
    [InlineData("team!=\"\"", false)]
    [InlineData("team!=\"x\"", true)]
    [InlineData("team=~\".*\"", true)]
    [InlineData("team=~\".+\"", false)]
    [InlineData("text=\"a \\\"b\\\"\\\\\"", true)]
    public void Fits(string matcher, bool fits) => Assert.Equal(fits, Matcher.Parse(matcher).Matches(Labels));

    [Theory]
    [InlineData("", "does not begin with the name of a label")]
    [InlineData("1a=b", "does not begin with the name of a label")]
    [InlineData("severity", "has none of =, !=, =~ and !~ after the label")]
    [InlineData("severity>1", "has none of =, !=, =~ and !~ after the label")]
    [InlineData("severity=\"a", "has a quote that is not closed")]
    [InlineData("severity=a\"", "has a quote inside a value without quotes")]
    [InlineData("severity=\"a\"b\"", "has a quote inside its quotes")]
    [InlineData("severity=~\"(\"", "has no pattern that can be used")]
    // Needs backtracking, which could take for ever.
    [InlineData("severity=~\"(a)\\\\1\"", "has no pattern that can be used")]
    public void Says_what_is_wrong(string matcher, string said) => Assert.EndsWith(said, Assert.Throws<FormatException>(() => Matcher.Parse(matcher)).Message, StringComparison.Ordinal);
}
