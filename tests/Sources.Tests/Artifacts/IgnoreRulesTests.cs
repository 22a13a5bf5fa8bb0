using Fleet.Sources.Artifacts;

namespace Fleet.Sources.Tests.Artifacts;

public class IgnoreRulesTests
{
    [Theory]
    // Flux' own example: everything but one folder.
    [InlineData("/*\n!/deploy", "deploy/app.yaml", true)]
    [InlineData("/*\n!/deploy", "docs/readme.md", false)]
    [InlineData("/*\n!/deploy", "other/deploy/app.yaml", false)]
    [InlineData("*.md", "docs/deep/readme.md", false)]
    [InlineData("/*.md", "docs/readme.md", true)]
    [InlineData("/*.md", "readme.md", false)]
    [InlineData("docs/", "docs/a/b.yaml", false)]
    [InlineData("docs/", "src/docs/b.yaml", false)]
    [InlineData("docs/", "docs", true)]
    [InlineData("docs", "docs", false)]
    [InlineData("a/**/z.yaml", "a/z.yaml", false)]
    [InlineData("a/**/z.yaml", "a/b/c/z.yaml", false)]
    [InlineData("**/charts/*.tgz", "x/y/charts/a.tgz", false)]
    [InlineData("charts/**", "charts/x/y", false)]
    [InlineData("file?.yaml", "file1.yaml", false)]
    [InlineData("file?.yaml", "file10.yaml", true)]
    [InlineData("file[0-3].yaml", "file2.yaml", false)]
    [InlineData("file[!0-3].yaml", "file2.yaml", true)]
    [InlineData("\\!literal", "!literal", false)]
    [InlineData("\\#literal", "#literal", false)]
    [InlineData("# comment\n\n", "# comment", true)]
    [InlineData("trailing.yaml   ", "trailing.yaml", false)]
    [InlineData("*.yaml\n!keep.yaml\nkeep.yaml", "keep.yaml", false)]
    [InlineData("(a+)+$", "(a+)+$", false)]
    public void A_line_is_read_as_git_reads_it(string ignore, string path, bool kept) =>
        Assert.Equal(kept, IgnoreRules.Of([], ignore).Keeps(path));

    [Theory]
    [InlineData("logo.png", false)]
    [InlineData(".github/workflows/ci.yaml", false)]
    [InlineData("chart/Chart.yaml", true)]
    [InlineData(".git/config", false)]
    public void Without_any_rule_pictures_and_settings_of_ci_are_left_out(string path, bool kept) =>
        Assert.Equal(kept, IgnoreRules.Of([], null).Keeps(path));

    [Fact]
    public void Own_rules_take_the_place_of_the_defaults_but_git_itself_is_never_part()
    {
        var rules = IgnoreRules.Of([], "nothing-here");
        Assert.True(rules.Keeps("logo.png"));
        Assert.False(rules.Keeps(".git/config"));
    }

    [Fact]
    public void A_file_in_a_folder_counts_there_and_the_spec_decides()
    {
        var rules = IgnoreRules.Of([("apps", "*.txt"), ("", "*.md")], "!apps/keep.txt");
        Assert.Equal([false, true, true, false], new[] { "apps/a.txt", "a.txt", "apps/keep.txt", "apps/a.md" }.Select(rules.Keeps));
    }
}
