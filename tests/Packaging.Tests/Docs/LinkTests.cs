using System.Text.RegularExpressions;

namespace Fleet.Packaging.Tests.Docs;

/// <summary>Every relative link of every page leads to a file that is there, and to a heading in it where it names one.</summary>
public sealed partial class LinkTests
{
    [Fact]
    public void Every_link_leads_somewhere()
    {
        var pages = Repository.Run("git", "ls-files", "--cached", "--others", "--exclude-standard", "*.md").Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.True(pages.Length > 60);
        var broken = new List<string>();
        var seen = 0;
        foreach (var page in pages)
            foreach (var link in Links(Prose(Repository.Read(page))))
            {
                seen++;
                if (Problem(page, link) is { } problem)
                    broken.Add($"{page}: {link}: {problem}");
            }
        Assert.Empty(broken);
        Assert.True(seen > 200);
    }

    /// <summary>What is claimed to be proved has its proof.</summary>
    [Fact]
    public void Every_test_that_SECURITY_and_the_guides_name_is_there()
    {
        var tests = string.Concat(Repository.Sources("tests", "*.cs"));
        var named = new[] { "SECURITY.md", "docs/guides/testing.md", "docs/guides/operating.md", "docs/guides/install.md", "docs/guides/tour.md" }
            .SelectMany(page => TestName().Matches(Repository.Read(page)).Select(match => match.Groups[1].Value)).Where(name => !name.Contains('.', StringComparison.Ordinal)).Distinct().ToList();
        Assert.True(named.Count > 50);
        Assert.All(named, name => Assert.Contains($"class {name}", tests, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("## Scrape it", "scrape-it")]
    [InlineData("### `fleet up --demo`: costs, and more", "fleet-up---demo-costs-and-more")]
    [InlineData("# A [link](b.md) in it", "a-link-in-it")]
    public void Headings_are_named_as_hosts_of_repositories_do(string heading, string anchor) => Assert.Equal([anchor], Anchors(heading));

    [Fact]
    public void A_broken_link_is_found()
    {
        Assert.NotNull(Problem("README.md", "docs/absent.md"));
        Assert.NotNull(Problem("README.md", "docs/benchmarks.md#absent-heading"));
        Assert.Null(Problem("README.md", "docs/benchmarks.md"));
    }

    private static string? Problem(string page, string link)
    {
        if (Scheme().IsMatch(link))
            return null;
        var parts = Uri.UnescapeDataString(link).Split('#', 2);
        var file = parts[0].Length == 0 ? Repository.Path(page) : Path.GetFullPath(Path.Combine(Repository.Root, Path.GetDirectoryName(page) ?? "", parts[0]));
        if (!Path.Exists(file))
            return "there is no such file";
        if (parts.Length == 1 || !file.EndsWith(".md", StringComparison.Ordinal))
            return null;
        return Anchors(File.ReadAllText(file)).Contains(parts[1]) ? null : "there is no such heading";
    }

    private static IEnumerable<string> Links(string text) => Link().Matches(text).Select(match => match.Groups[1].Value);

    /// <summary>Without code, in which brackets mean something else.</summary>
    private static string Prose(string text) => Inline().Replace(Fence().Replace(text, ""), "");

    private static List<string> Anchors(string text)
    {
        var anchors = new List<string>();
        foreach (Match heading in Heading().Matches(Fence().Replace(text, "")))
        {
            var words = NotInAnchor().Replace(LinkText().Replace(heading.Groups[1].Value.Trim(), "$1").ToLowerInvariant(), "").Replace(' ', '-');
            var times = anchors.Count(anchor => anchor == words || anchor.StartsWith(words + "-", StringComparison.Ordinal) && int.TryParse(anchor[(words.Length + 1)..], out _));
            anchors.Add(times == 0 ? words : $"{words}-{times}");
        }
        return anchors;
    }

    [GeneratedRegex("`([A-Z]\\w+Tests)[.`]")]
    private static partial Regex TestName();

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("^[a-z]+:")]
    private static partial Regex Scheme();

    [GeneratedRegex("^(```|~~~).*?^\\1[^\\n]*$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex("`[^`\\n]*`")]
    private static partial Regex Inline();

    [GeneratedRegex("^#{1,6} +(.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"\[([^\]]*)\]\([^)]*\)")]
    private static partial Regex LinkText();

    [GeneratedRegex(@"[^\p{L}\p{N} _-]")]
    private static partial Regex NotInAnchor();
}
