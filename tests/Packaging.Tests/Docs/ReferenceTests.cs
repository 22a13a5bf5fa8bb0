namespace Fleet.Packaging.Tests.Docs;

/// <summary>The pages of docs/reference are made from what they describe: FLEET_UPDATE_REFERENCE=1 writes them, and without it a difference fails.</summary>
public sealed class ReferenceTests
{
    public static TheoryData<string> Pages => ["kinds.md", "cli.md", "metrics.md", "chart.md"];

    [Theory, MemberData(nameof(Pages))]
    public void A_page_is_as_what_it_describes(string page)
    {
        var text = page switch
        {
            "kinds.md" => KindsPage.Text(),
            "cli.md" => CommandsPage.Text(),
            "metrics.md" => MetricsPage.Text(),
            "chart.md" => ChartPage.Text(),
            _ => throw new ArgumentOutOfRangeException(nameof(page), page, null),
        };
        var file = Repository.Path("docs", "reference", page);
        if (Environment.GetEnvironmentVariable("FLEET_UPDATE_REFERENCE") is { Length: > 0 })
            File.WriteAllText(file, text);
        Assert.True(text == File.ReadAllText(file), $"{page} is old: FLEET_UPDATE_REFERENCE=1 ./fleet test Packaging writes it anew");
    }

    /// <summary>The page of settings is written by people, so only its names are compared.</summary>
    [Fact]
    public void Every_variable_that_a_program_reads_is_told_and_no_other()
    {
        var read = Repository.Sources("src", "*.cs").Concat(Repository.Sources("deploy/install", "*.sh"))
            .SelectMany(source => System.Text.RegularExpressions.Regex.Matches(source, "(?:\"|\\$\\{)(FLEET_[A-Z_]+)").Select(match => match.Groups[1].Value)).Distinct().Order(StringComparer.Ordinal);
        var told = System.Text.RegularExpressions.Regex.Matches(Repository.Read("docs", "reference", "settings.md"), "`(FLEET_[A-Z_]+)`").Select(match => match.Groups[1].Value).Distinct().Order(StringComparer.Ordinal);
        Assert.Equal(read, told);
    }
}
