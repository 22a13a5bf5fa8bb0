using System.Text.RegularExpressions;

namespace Fleet.Architecture.Tests;

/// <summary>What reviews would otherwise say again and again.</summary>
public sealed partial class SourceFilesTests
{
    private const int LongestProductFile = 400;
    private const int LongestTestFile = 500;

    private static string Root { get; } = FindRoot();

    [Fact]
    public void Files_fit_on_a_few_screens()
    {
        var tooLong = Sources("src").Where(file => Lines(file) > LongestProductFile)
            .Concat(Sources("tests").Where(file => Lines(file) > LongestTestFile))
            .Select(file => $"{Relative(file)}: {Lines(file)} lines");
        Assert.Empty(tooLong);
    }

    [Fact]
    public void No_name_hides_what_a_thing_is()
    {
        var hiding = Sources("src").Concat(Sources("tests")).Select(Relative).Where(file => EmptyName().IsMatch(file)).ToList();
        Assert.Empty(hiding);
    }

    [Fact]
    public void Nothing_is_left_unfinished_or_swallowed()
    {
        var marks = Sources("src").Concat(Sources("tests"))
            .Where(file => !file.EndsWith(nameof(SourceFilesTests) + ".cs", StringComparison.Ordinal))
            .SelectMany(file => File.ReadLines(file).Select((line, index) => (file, line, index)))
            .Where(at => Unfinished().IsMatch(at.line))
            .Select(at => $"{Relative(at.file)}:{at.index + 1}: {at.line.Trim()}");
        Assert.Empty(marks);
    }

    [Fact]
    public void Every_concept_folder_that_the_decisions_promise_is_documented()
    {
        Assert.NotEmpty(Directory.GetFiles(Path.Combine(Root, "docs", "adr"), "0*.md"));
        Assert.All(Directory.GetFiles(Path.Combine(Root, "docs", "adr"), "0*.md"), file => Assert.True(Lines(file) <= 60, $"{Relative(file)} is longer than a page"));
    }

    private static IEnumerable<string> Sources(string folder) =>
        Directory.EnumerateFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal));

    private static int Lines(string file) => File.ReadLines(file).Count();

    private static string Relative(string file) => Path.GetRelativePath(Root, file);

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Fleet.sln")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("Fleet.sln is in no folder above the tests.");
        return folder;
    }

    [GeneratedRegex(@"(Util|Utils|Helper|Helpers|Common|Misc)(\.|/|[A-Z])")]
    private static partial Regex EmptyName();

    [GeneratedRegex(@"NotImplementedException|\bTODO\b|\bFIXME\b|\bHACK\b|Skip *= *""|Assert\.True\(true\)|catch *(\(Exception[^)]*\))? *\{ *\}")]
    private static partial Regex Unfinished();
}
