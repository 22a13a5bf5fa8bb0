using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Fleet.Testing;
using Fleet.Testing.Processes;

namespace Fleet.EndToEnd.Tests.Faults;

/// <summary>Starts that meet something in their way: a port, another fleet, themselves, no helm.</summary>
public sealed class StartFaultTests
{
    [Fact]
    public async Task A_port_that_another_program_took_while_the_fleet_was_down_is_named()
    {
        await using var fleet = new Installation();
        (await fleet.FleetAsync("up")).MustSucceed();
        var settings = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(fleet.Data, "settings.json"), TestContext.Current.CancellationToken))!;
        (await fleet.FleetAsync("down")).MustSucceed();

        foreach (var option in (string[])["--rest-port", "--api-port"])
        {
            var port = (int)settings[option == "--api-port" ? "apiPort" : "restPort"]!;
            using var taken = new TcpListener(IPAddress.Loopback, port);
            taken.Start();
            var refused = await fleet.FleetAsIsAsync("up");
            Assert.NotEqual(0, refused.ExitCode);
            Assert.Contains($"Port {port}", refused.Error, StringComparison.Ordinal);
            Assert.Contains(option, refused.Error, StringComparison.Ordinal);
        }

        // Nothing of the refused starts is left behind, and the same words work when the ports are free again.
        (await fleet.FleetAsIsAsync("up")).MustSucceed();
    }

    [Theory]
    [InlineData(0, "--data", "--help")]
    [InlineData(0, "0.", "--version")]
    [InlineData(2, "'--data' is required")]
    [InlineData(2, "not-an-option", "--data", "x", "--not-an-option")]
    public async Task The_daemon_says_what_it_takes_and_what_is_wrong(int exitCode, string says, params string[] arguments)
    {
        var daemon = Path.Combine(TestLogs.RepositoryRoot, "artifacts", "bin", "Fleet", "release", "fleetd.dll");
        var output = await ProcessOutput.RunAsync("dotnet", [daemon, .. arguments]);
        Assert.Equal(exitCode, output.ExitCode);
        Assert.Contains(says, output.Out + output.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Unhandled", output.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_ups_of_one_folder_at_the_same_time_start_one_fleet()
    {
        await using var fleet = new Installation();
        var both = await Task.WhenAll(fleet.FleetAsync("up"), fleet.FleetAsync("up"), fleet.FleetAsync("up"));
        Assert.All(both, up => up.MustSucceed());
        (await fleet.KubectlAsync(fleet.Kubeconfig, "get", "namespaces")).MustSucceed();
        // Those who wait for the start know of it a moment before the log says so.
        await FaultFleet.UntilAsync(async () => await ReadyLinesAsync() > 0, "the log says that the fleet is ready");
        Assert.Equal(1, await ReadyLinesAsync());

        async Task<int> ReadyLinesAsync() =>
            (await File.ReadAllLinesAsync(fleet.Log, TestContext.Current.CancellationToken)).Count(line => line.EndsWith("is ready.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Two_fleets_on_one_machine_know_nothing_of_each_other()
    {
        await using var one = new Installation();
        await using var two = new Installation();
        // As users would: no ports are named, so that both want the same ones at the same moment.
        var ups = await Task.WhenAll(one.FleetAsIsAsync("up"), two.FleetAsIsAsync("up"));
        foreach (var (up, fleet) in ups.Zip([one, two]))
            if (up.ExitCode != 0)
                (await fleet.FleetAsIsAsync("up")).MustSucceed();

        await Task.WhenAll(one.ApplySamplesAsync(), two.ApplySamplesAsync());
        (await one.FleetAsync("delete", "cluster", "mon-cluster-web", "--timeout", "120")).MustSucceed();
        await two.WaitReadyAsync();
        (await one.FleetAsync("down")).MustSucceed();
        (await two.KubectlAsync(two.Kubeconfig, "get", "cld", "-A")).MustSucceed();
        (await two.FleetAsync("get", "clusters")).MustSucceed();
    }

    [Fact]
    public async Task A_helm_that_cannot_be_used_is_named_and_a_good_one_in_its_place_is_enough()
    {
        using var folder = new TemporaryFolder("helm");
        var helm = folder.File("helm");
        await using var fleet = new Installation(helm: helm);
        (await fleet.FleetAsync("up")).MustSucceed();
        foreach (var file in new[] { "credential.yaml", "clusterdeployment.yaml", "servicetemplate.yaml" })
            (await fleet.KubectlAsync(fleet.Kubeconfig, "apply", "-f", Path.Combine(fleet.Samples, file))).MustSucceed();
        using var client = FaultFleet.Connect(fleet.Kubeconfig);
        foreach (var (program, words) in ((string?, string)[])[
            (null, "There is no helm at"),
            ("echo v2.17.0", "is helm v2.17.0; Fleet works with helm 3 and 4"),
            ("exit 3", "does not answer as helm does")])
        {
            if (program is not null)
                Put(program);
            await FaultFleet.UntilAsync(client, "ClusterDeployment", "mon-organisation", "mon-cluster-web", o => o.Tells("HelmReleaseReady", words) && o.Tells("Ready", words), 240);
            var doctor = await fleet.FleetAsync("doctor");
            Assert.Contains("helm", doctor.Out + doctor.Error, StringComparison.Ordinal);
        }

        Put($"exec {RealParts.Helm3.Path} \"$@\"");
        await fleet.WaitReadyAsync();

        // In one step: fleetd never meets half a program.
        void Put(string line)
        {
            var file = folder.Write("next", $"#!/bin/sh\n{line}\n");
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            File.Move(file, helm, overwrite: true);
        }
    }
}
