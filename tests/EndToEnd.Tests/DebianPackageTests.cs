using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Fleet.EndToEnd.Tests.Faults;
using Fleet.Testing;
using Fleet.Testing.Processes;

namespace Fleet.EndToEnd.Tests;

/// <summary>The Debian package with the real programs, installed into a folder by dpkg. systemd is not the first process here, so the test starts what the unit's ExecStart says, with the unit's settings.</summary>
public sealed partial class DebianPackageTests
{
    [Fact]
    public async Task What_the_unit_starts_gets_ready_answers_and_ends_in_order()
    {
        using var folder = new TemporaryFolder("deb");
        var root = folder.File("root");
        foreach (var made in (string[])["var/lib/dpkg/info", "var/lib/dpkg/updates"])
            Directory.CreateDirectory(Path.Combine(root, made));
        folder.Write("root/var/lib/dpkg/status", "");
        folder.Write("root/var/lib/dpkg/available", "");
        Directory.CreateDirectory(folder.File("programs"));
        foreach (var program in (string[])["Fleet", "Cli"])
            (await ProcessOutput.RunAsync("cp", ["-r", Path.Combine(TestLogs.RepositoryRoot, "artifacts", "bin", program, "release") + "/.", folder.File("programs")])).MustSucceed();
        var package = (await ProcessOutput.RunAsync(
            Path.Combine(TestLogs.RepositoryRoot, "deploy", "package", "deb.sh"), ["0.1.0", folder.File("programs"), folder.FullPath],
            environment: new Dictionary<string, string?> { ["FLEET_DEB_COMPRESSION"] = "gzip -z1" })).MustSucceed().Out.Trim();
        (await ProcessOutput.RunAsync(
            "dpkg", [$"--root={root}", $"--log={folder.File("log")}", "--force-depends", "--force-script-chrootless", "--force-bad-path", "--install", package])).MustSucceed();

        var unit = await File.ReadAllTextAsync(Path.Combine(root, "lib/systemd/system/fleet.service"), TestContext.Current.CancellationToken);
        var settings = await File.ReadAllTextAsync(Path.Combine(root, "etc/default/fleet"), TestContext.Current.CancellationToken);
        Assert.Contains("\nFLEET_OPTIONS=\n", settings, StringComparison.Ordinal);
        var data = folder.File("data");
        var rest = FreePort.Next();
        string[] command = [.. Start().Match(unit).Groups[1].Value.Replace("$FLEET_OPTIONS", $"--api-port {FreePort.Next()} --rest-port {rest}", StringComparison.Ordinal)
            .Replace("/usr/lib/fleet", Path.Combine(root, "usr/lib/fleet"), StringComparison.Ordinal).Replace("/var/lib/fleet", data, StringComparison.Ordinal).Split(' ')];
        var environment = new Dictionary<string, string?> { ["FLEET_HELM"] = RealParts.Helm3.Path, ["FLEET_KUBECTL"] = RealParts.Kubectls[0].Path, ["FLEET_PG_BIN"] = RealParts.PostgresBin };
        await using (var service = await ServerProcess.StartAsync("fleet-deb", command[0], command[1..], environment))
        {
            var endpoints = Path.Combine(data, "run", "endpoints.json");
            await service.WaitUntilAsync(_ => Task.FromResult(File.Exists(endpoints)), TimeSpan.FromSeconds(90));
            // The command line of the package, by the name that it has on PATH.
            var clusters = (await ProcessOutput.RunAsync(Path.Combine(root, "usr/bin/fleet"), ["get", "clusters", "--data", data], environment: environment)).MustSucceed();
            Assert.DoesNotContain("error", clusters.Error, StringComparison.OrdinalIgnoreCase);
            using (var http = new HttpClient())
                RestReference.MustBeCurrent(JsonNode.Parse(await http.GetStringAsync(new Uri($"http://127.0.0.1:{rest}/openapi/v1.json"), TestContext.Current.CancellationToken))!);
            (await ProcessOutput.RunAsync("kill", ["-TERM", $"{service.Id}"])).MustSucceed();
            await FaultFleet.UntilAsync(() => Task.FromResult(service.HasExited), "fleetd has ended");
            // Removed only by an end in order.
            Assert.False(File.Exists(endpoints));
        }
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(data));
    }

    [GeneratedRegex("^ExecStart=(.+)$", RegexOptions.Multiline)]
    private static partial Regex Start();
}
