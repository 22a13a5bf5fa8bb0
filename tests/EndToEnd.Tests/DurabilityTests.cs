using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Fleet.EndToEnd.Tests.Faults.Kills;
using Fleet.Testing.Processes;

namespace Fleet.EndToEnd.Tests;

/// <summary>Stops, kills and wrong starts: nothing is lost, and each refusal says what to do.</summary>
public sealed class DurabilityTests
{
    [Fact]
    public async Task State_survives_down_and_up_and_kill_and_so_does_what_nobody_was_told_yet()
    {
        await using var fleet = new Installation();
        (await fleet.FleetAsync("up")).MustSucceed();
        await fleet.ApplySamplesAsync();
        var revision = await RevisionAsync(fleet);

        (await fleet.FleetAsync("down")).MustSucceed();
        (await fleet.FleetAsync("up")).MustSucceed();
        await fleet.WaitReadyAsync();
        Assert.Equal(revision, await RevisionAsync(fleet));

        await using var alerts = await AlertsAcrossAKill.BeginAsync(fleet);
        await fleet.KillAsync();
        (await fleet.FleetAsync("up")).MustSucceed();
        await fleet.WaitReadyAsync();
        // The same revision: a restart must not install again what is there.
        Assert.Equal(revision, await RevisionAsync(fleet));
        await alerts.ArriveAsync();
    }

    [Fact]
    public async Task A_kill_in_the_middle_of_an_install_is_gone_on_from()
    {
        await using var fleet = new Installation();
        (await fleet.FleetAsync("up")).MustSucceed();
        foreach (var file in new[] { "credential.yaml", "clusterdeployment.yaml", "servicetemplate.yaml" })
            (await fleet.KubectlAsync(fleet.Kubeconfig, "apply", "-f", Path.Combine(fleet.Samples, file))).MustSucceed();

        // As soon as the cluster chart has made its Cluster, whatever else is under way dies with the process.
        (await fleet.KubectlAsync(fleet.Kubeconfig, "wait", "--for=create", "clusters.cluster.x-k8s.io/mon-cluster-web", "-n", "mon-organisation", "--timeout=60s")).MustSucceed();
        using (var daemon = Process.GetProcessById(fleet.ProcessId))
        {
            daemon.Kill(entireProcessTree: true);
            await daemon.WaitForExitAsync();
        }

        (await fleet.FleetAsync("up")).MustSucceed();
        await fleet.WaitReadyAsync();
    }

    [Fact]
    public async Task A_second_up_of_the_same_folder_changes_nothing()
    {
        await using var fleet = new Installation();
        (await fleet.FleetAsync("up")).MustSucceed();
        var pid = fleet.ProcessId;
        Assert.Contains("already runs", (await fleet.FleetAsync("up")).MustSucceed().Out, StringComparison.Ordinal);
        Assert.Equal(pid, fleet.ProcessId);

        // But what it cannot be is said: nobody should look for it at a port where it is not.
        var moved = await fleet.FleetAsIsAsync("up", "--api-port", $"{FreePort.Next()}");
        Assert.NotEqual(0, moved.ExitCode);
        Assert.Contains("already runs", moved.Error, StringComparison.Ordinal);
        Assert.Contains("its API at https://127.0.0.1:", moved.Error, StringComparison.Ordinal);
        var other = await fleet.FleetAsIsAsync("up", "--capi-core", "external");
        Assert.NotEqual(0, other.ExitCode);
        Assert.Contains("with --capi-core embedded", other.Error, StringComparison.Ordinal);
        (await fleet.FleetAsIsAsync("up", "--capi-core", "embedded")).MustSucceed();
    }

    [Fact]
    public async Task A_port_that_is_taken_is_named_with_what_to_do()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;

        await using var fleet = new Installation();
        var up = await fleet.FleetAsync("up", "--api-port", $"{port}");
        Assert.NotEqual(0, up.ExitCode);
        Assert.Contains($"Port {port}", up.Error + up.Out, StringComparison.Ordinal);
        Assert.Contains("--api-port", up.Error + up.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_data_folder_that_cannot_be_written_is_named()
    {
        await using var fleet = new Installation();
        var file = fleet.Data;
        await File.WriteAllTextAsync(file, "a file where the folder should be", TestContext.Current.CancellationToken);
        var up = await fleet.FleetAsync("up");
        Assert.NotEqual(0, up.ExitCode);
        Assert.Contains(file, up.Error + up.Out, StringComparison.Ordinal);
        File.Delete(file);
    }

    [Fact]
    public async Task Purge_refuses_a_folder_that_is_not_a_fleets()
    {
        await using var fleet = new Installation();
        Directory.CreateDirectory(fleet.Data);
        var precious = Path.Combine(fleet.Data, "precious.txt");
        await File.WriteAllTextAsync(precious, "mine", TestContext.Current.CancellationToken);
        var down = await fleet.FleetAsync("down", "--purge");
        Assert.NotEqual(0, down.ExitCode);
        Assert.True(File.Exists(precious));
    }

    private static async Task<string> RevisionAsync(Installation fleet)
    {
        var cluster = await fleet.KubeconfigOfAsync("mon-cluster-web");
        return (await fleet.HelmAsync(cluster, "list", "-A", "-o", "json")).MustSucceed().Out;
    }
}
