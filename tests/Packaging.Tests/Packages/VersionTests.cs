using System.Text.RegularExpressions;

namespace Fleet.Packaging.Tests.Packages;

public sealed class VersionTests
{
    /// <summary>A release that forgets one of them says two things of itself.</summary>
    [Fact]
    public void The_version_is_the_same_everywhere()
    {
        var version = Regex.Match(Repository.Read("Directory.Build.props"), "<Version>(.+)</Version>").Groups[1].Value;
        Assert.Matches(@"^\d+\.\d+\.\d+$", version);
        var chart = Repository.Read("deploy", "helm", "fleet", "Chart.yaml");
        Assert.Contains($"\nversion: {version}\n", chart, StringComparison.Ordinal);
        Assert.Contains($"\nappVersion: {version}\n", chart, StringComparison.Ordinal);
        Assert.Contains($"image: fleet/fleetd:{version}\n", Repository.Read("docker-compose.yml"), StringComparison.Ordinal);
    }
}
