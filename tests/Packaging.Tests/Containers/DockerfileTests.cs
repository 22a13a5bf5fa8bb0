using System.Text.RegularExpressions;

namespace Fleet.Packaging.Tests.Containers;

/// <summary>There is no container engine among the tests: the Dockerfile is read instead. What it copies must exist, and reach the builder.</summary>
public sealed partial class DockerfileTests
{
    private static readonly string[] Shipped = ["cluster-manager", "state-manager", "observability", "fleetd", "cli"];

    private static readonly IReadOnlyList<Stage> Stages = Read();

    [Fact]
    public void What_is_copied_exists_and_is_not_ignored()
    {
        var copies = Stages.SelectMany(stage => stage.Lines).Where(line => line.StartsWith("COPY ", StringComparison.Ordinal) && !line.Contains("--from=", StringComparison.Ordinal))
            .SelectMany(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..^1]).ToList();
        Assert.True(copies.Count > 10);
        var ignored = Repository.Read(".dockerignore").Split('\n').Where(line => line.StartsWith('!')).Select(line => line[1..]).ToList();
        foreach (var copy in copies)
        {
            Assert.True(Path.Exists(Repository.Path(copy)), copy);
            Assert.Contains(ignored, kept => copy.TrimEnd('/') == kept || copy.StartsWith(kept + "/", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Stages_take_from_stages_before_them_what_these_make()
    {
        var made = Published().Matches(Repository.Read("deploy", "docker", "Dockerfile")).Select(match => match.Groups[1].Value).ToHashSet();
        for (var index = 0; index < Stages.Count; index++)
            foreach (var copy in Stages[index].Lines.Select(line => From().Match(line)).Where(match => match.Success))
            {
                Assert.Contains(Stages.Take(index), stage => stage.Name == copy.Groups[1].Value);
                if (copy.Groups[2].Value.StartsWith("/out/", StringComparison.Ordinal))
                    Assert.Contains(copy.Groups[2].Value.TrimEnd('/'), made);
            }
    }

    [Fact]
    public void Every_image_runs_without_root_and_starts_what_is_in_it()
    {
        foreach (var name in Shipped)
        {
            var lines = Lineage(name).SelectMany(stage => stage.Lines).ToList();
            Assert.Equal("USER 1654", lines.Last(line => line.StartsWith("USER ", StringComparison.Ordinal)));
            var program = Entry().Match(lines.Last(line => line.StartsWith("ENTRYPOINT ", StringComparison.Ordinal))).Groups[1].Value;
            var project = program switch { "fleetd.dll" => "Fleet", "fleet.dll" => "Cli", _ => program["Fleet.".Length..^".dll".Length] };
            Assert.Contains($"src/{project}/{project}.csproj", Repository.Read("deploy", "docker", "Dockerfile"), StringComparison.Ordinal);
            Assert.True(File.Exists(Repository.Path("src", project, $"{project}.csproj")), program);
        }
    }

    /// <summary>Base images without the database of time zones know UTC only, and refuse each schedule that names another: chiselled ones have it in their "extra" variant.</summary>
    [Fact]
    public void Every_image_knows_the_time_zones_that_schedules_name()
    {
        foreach (var name in Shipped)
        {
            var lineage = Lineage(name).ToList();
            Assert.True(lineage[0].Base.EndsWith("-chiseled-extra", StringComparison.Ordinal) || lineage.SelectMany(stage => stage.Lines).Any(line => line.Contains("apt-get install", StringComparison.Ordinal) && line.Split(' ').Contains("tzdata")), name);
        }
    }

    [Fact]
    public void The_chart_asks_for_images_that_are_built()
    {
        var asked = Charts.RenderedChart.Of("3.18.0").Pods().SelectMany(pod => pod.Spec["containers"]!.AsArray()).Select(container => (string)container!["image"]!)
            .Where(image => image.StartsWith("fleet/", StringComparison.Ordinal)).Select(image => image["fleet/fleet-".Length..image.IndexOf(':')]).Distinct();
        Assert.All(asked, image => Assert.Contains(image, Shipped));
    }

    [Fact]
    public void Nothing_secret_and_nothing_unpinned_gets_in()
    {
        var text = Repository.Read("deploy", "docker", "Dockerfile");
        Assert.DoesNotContain("latest", text, StringComparison.Ordinal);
        Assert.DoesNotContain("ADD ", text, StringComparison.Ordinal);
        Assert.DoesNotMatch("(?i)(password|token|secret)=", text);
        Assert.All(text.Split('\n').Where(line => line.StartsWith("ARG ", StringComparison.Ordinal) && line.Contains("_IMAGE=", StringComparison.Ordinal)), line => Assert.Matches(":[v0-9]", line));
    }

    private static IEnumerable<Stage> Lineage(string name)
    {
        var stage = Stages.SingleOrDefault(candidate => candidate.Name == name);
        return stage is null ? [] : [.. Lineage(stage.Base), stage];
    }

    private static List<Stage> Read()
    {
        var stages = new List<Stage>();
        // A line that ends with a backslash goes on.
        foreach (var line in Repository.Read("deploy", "docker", "Dockerfile").Replace("\\\n", " ", StringComparison.Ordinal).Split('\n').Where(line => line.Length > 0 && line[0] != '#'))
            if (StageLine().Match(line) is { Success: true } from)
                stages.Add(new(from.Groups[2].Value, from.Groups[1].Value, []));
            else if (stages.Count > 0)
                stages[^1].Lines.Add(line);
        return stages;
    }

    private sealed record Stage(string Name, string Base, List<string> Lines);

    [GeneratedRegex("^FROM (\\S+) AS (\\S+)$")]
    private static partial Regex StageLine();

    [GeneratedRegex("--from=(\\S+) (\\S+)")]
    private static partial Regex From();

    [GeneratedRegex("-o (/out/[a-z-]+)")]
    private static partial Regex Published();

    [GeneratedRegex("\"dotnet\", \"([^\"]+)\"")]
    private static partial Regex Entry();
}
