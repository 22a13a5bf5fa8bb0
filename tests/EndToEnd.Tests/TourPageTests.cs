using System.Text.RegularExpressions;
using Fleet.Testing;
using Fleet.Testing.Processes;

namespace Fleet.EndToEnd.Tests;

/// <summary>Every command of docs/guides/tour.md, one after the other, as a reader would type them.</summary>
public sealed partial class TourPageTests
{
    [Fact]
    public async Task Every_line_of_the_tour_works()
    {
        var page = await File.ReadAllTextAsync(Path.Combine(TestLogs.RepositoryRoot, "docs", "guides", "tour.md"), TestContext.Current.CancellationToken);
        var lines = Block().Matches(page).SelectMany(block => block.Groups[1].Value.Split('\n')).Where(line => line.StartsWith("$ ", StringComparison.Ordinal)).Select(line => line[2..]).ToList();
        Assert.True(lines.Count > 20);
        using var home = new TemporaryFolder("tour");
        Directory.CreateSymbolicLink(home.File("deploy"), Path.Combine(TestLogs.RepositoryRoot, "deploy"));
        // In place of the launcher, which would build: the program that it starts, on ports of its own.
        home.Write("fleet", $$"""
            #!/usr/bin/env bash
            [ "$1" = up ] && set -- "$@" --api-port {{FreePort.Next()}} --rest-port {{FreePort.Next()}}
            exec dotnet {{Path.Combine(TestLogs.RepositoryRoot, "artifacts", "bin", "Cli", "release", "fleet.dll")}} "$@"
            """);
        home.Write("bin/kubectl", $"#!/bin/sh\nexec {RealParts.Kubectls[0].Path} \"$@\"\n");
        home.Write("bin/helm", $"#!/bin/sh\nexec {RealParts.Helm3.Path} \"$@\"\n");
        foreach (var script in (string[])["fleet", "bin/kubectl", "bin/helm"])
            File.SetUnixFileMode(home.File(script), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        // Each line is shown before it runs, so that the output of a failure ends with it.
        home.Write("tour.sh", $"cd {home.FullPath}\nset -ev\n{string.Join('\n', lines)}\n");
        var environment = new Dictionary<string, string?>
        {
            ["HOME"] = home.FullPath, ["NO_COLOR"] = "1", ["FLEET_HELM"] = RealParts.Helm3.Path, ["FLEET_KUBECTL"] = RealParts.Kubectls[0].Path, ["FLEET_PG_BIN"] = RealParts.PostgresBin,
            ["PATH"] = $"{home.File("bin")}:{Environment.GetEnvironmentVariable("PATH")}", ["FLEET_DATA"] = null, ["FLEET_BREAKER_SHARE"] = "1",
        };
        try
        {
            (await ProcessOutput.RunAsync("bash", [home.File("tour.sh")], timeout: TimeSpan.FromMinutes(5), environment: environment)).MustSucceed();
            Assert.False(Directory.Exists(home.File(".fleet")));
        }
        finally
        {
            await ProcessOutput.RunAsync(home.File("fleet"), ["down", "--purge"], environment: environment);
        }
    }

    [GeneratedRegex("^```console\\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();
}
