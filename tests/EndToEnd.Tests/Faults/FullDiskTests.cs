using Fleet.Testing;
using Fleet.Testing.Processes;

namespace Fleet.EndToEnd.Tests.Faults;

/// <summary>A data folder on a small disk of its own (a tmpfs, so these tests run as root) that is full for a while.</summary>
public sealed class FullDiskTests : IAsyncLifetime
{
    private readonly TemporaryFolder folder = new("disk");

    private string Disk => folder.File("disk");

    private string Ballast => Path.Combine(Disk, "ballast");

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(Disk);
        (await ProcessOutput.RunAsync("mount", ["-t", "tmpfs", "-o", "size=400m", "fleet-test", Disk])).MustSucceed();
    }

    public async ValueTask DisposeAsync()
    {
        (await ProcessOutput.RunAsync("umount", ["-l", Disk])).MustSucceed();
        folder.Dispose();
    }

    [Fact]
    public async Task What_was_refused_on_a_full_disk_never_was_and_what_was_acknowledged_stays()
    {
        await using var fleet = new Installation(Path.Combine(Disk, "data"));
        (await fleet.FleetAsync("up")).MustSucceed();
        await fleet.ApplySamplesAsync();

        await FillAsync();
        var acknowledged = new List<string>();
        var refused = new List<string>();
        var text = new string('x', 8000);
        for (var i = 0; i < 40 && refused.Count < 3; i++)
        {
            var made = await fleet.KubectlAsync(fleet.Kubeconfig, "create", "configmap", $"full-{i}", $"--from-literal=text={text}");
            (made.ExitCode == 0 ? acknowledged : refused).Add($"full-{i}");
            if (made.ExitCode != 0)
                Assert.Contains("disk that holds the API server's data is full; nothing was changed", made.Error, StringComparison.Ordinal);
        }
        Assert.Equal(3, refused.Count);
        // Reading goes on, and memory is not ahead of the disk.
        Assert.Equal(acknowledged, await ThereAsync(fleet));

        // Deployed services and the cluster are as they were; what is asked for now is done once there is room.
        File.Delete(Ballast);
        (await fleet.KubectlAsync(fleet.Kubeconfig, "create", "configmap", "full-99")).MustSucceed();
        (await fleet.KubectlAsync(fleet.Kubeconfig, "patch", "cld", "mon-cluster-web", "-n", "mon-organisation", "--type=merge",
            "-p", """{"spec":{"serviceSpec":{"services":[{"template":"simple-nginx-template-1.0.0","name":"nginx-web","namespace":"applications-web"},{"template":"simple-nginx-template-1.0.0","name":"second","namespace":"second"}]}}}""")).MustSucceed();
        using (var client = FaultFleet.Connect(fleet.Kubeconfig))
            await FaultFleet.UntilAsync(client, "ClusterDeployment", "mon-organisation", "mon-cluster-web", o => o.State("second") == "Deployed", 90);

        await fleet.KillAsync();
        (await fleet.FleetAsync("up")).MustSucceed();
        acknowledged.Add("full-99");
        Assert.Equal(acknowledged, await ThereAsync(fleet));
        await fleet.WaitReadyAsync();
    }

    [Fact]
    public async Task Up_on_a_full_disk_says_so_and_works_when_there_is_room()
    {
        await using var fleet = new Installation(Path.Combine(Disk, "data"));
        Directory.CreateDirectory(fleet.Data);
        await FillAsync();
        var up = await fleet.FleetAsync("up");
        Assert.NotEqual(0, up.ExitCode);
        Assert.Contains("No space left on device", up.Error, StringComparison.Ordinal);
        Assert.Contains(fleet.Data, up.Error, StringComparison.Ordinal);

        // A few pages more: enough to begin, not enough for a database.
        using (var ballast = new FileStream(Ballast, FileMode.Open))
            ballast.SetLength(ballast.Length - (1 << 20));
        up = await fleet.FleetAsync("up");
        Assert.NotEqual(0, up.ExitCode);
        Assert.Contains("No space left on device", up.Error, StringComparison.Ordinal);

        File.Delete(Ballast);
        (await fleet.FleetAsync("up")).MustSucceed();
    }

    private async Task FillAsync()
    {
        var fill = await ProcessOutput.RunAsync("dd", ["if=/dev/zero", $"of={Ballast}", "bs=4096"]);
        Assert.Contains("No space left on device", fill.Error, StringComparison.Ordinal);
    }

    private static async Task<string[]> ThereAsync(Installation fleet) =>
        [.. (await fleet.KubectlAsync(fleet.Kubeconfig, "get", "configmaps", "-n", "default", "-o", "jsonpath={.items[*].metadata.name}")).MustSucceed().Out
            .Split(' ', StringSplitOptions.RemoveEmptyEntries).Where(name => name.StartsWith("full-", StringComparison.Ordinal)).OrderBy(name => name.Length).ThenBy(name => name, StringComparer.Ordinal)];
}
