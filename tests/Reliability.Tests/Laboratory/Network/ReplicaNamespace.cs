using Fleet.Testing.Processes;

namespace Fleet.Reliability.Tests.Laboratory.Network;

/// <summary>Namespaces of network and mounts in which a replica runs, again and again. A sleeping process keeps them; they are gone with it.</summary>
internal sealed class ReplicaNamespace : IAsyncDisposable
{
    private const string DiskSize = "512k";

    private readonly ServerProcess holder;
    private readonly string disk;

    private ReplicaNamespace(ServerProcess holder, string disk) => (this.holder, this.disk) = (holder, disk);

    /// <summary>Before the program and its arguments.</summary>
    public IReadOnlyList<string> Enter => ["nsenter", "-t", $"{holder.Id}", "-n", "-m", "--"];

    /// <param name="replica">For the name of its log.</param>
    /// <param name="device">Becomes its only way out.</param>
    /// <param name="address">With the length of its network's prefix.</param>
    /// <param name="disk">A folder that is a small disk of its own within.</param>
    public static async Task<ReplicaNamespace> StartAsync(string replica, TunDevice device, string address, string disk)
    {
        Directory.CreateDirectory(disk);
        var holder = await ServerProcess.StartAsync($"namespace-{replica}", "unshare", ["-n", "-m", "--", "sleep", "infinity"]);
        var all = new ReplicaNamespace(holder, disk);
        await holder.WaitUntilAsync(_ => Task.FromResult(Of(holder.Id) is { } its && its != Of(Environment.ProcessId)), TimeSpan.FromSeconds(20));
        (await ProcessOutput.RunAsync("ip", ["link", "set", device.Name, "netns", $"{holder.Id}"])).MustSucceed();
        foreach (var command in (string[][])
            [
                ["ip", "link", "set", "lo", "up"], ["ip", "addr", "add", address, "dev", device.Name], ["ip", "link", "set", device.Name, "mtu", $"{TunDevice.LargestPacket}", "up"],
                ["mount", "-t", "tmpfs", "-o", $"size={DiskSize}", "none", disk],
            ])
            (await ProcessOutput.RunAsync(all.Enter[0], [.. all.Enter.Skip(1), .. command])).MustSucceed();
        return all;
    }

    /// <summary>Not a byte more goes onto the replica's disk.</summary>
    public async Task FillDiskAsync() =>
        // It ends with an error, as soon as nothing fits any more.
        await ProcessOutput.RunAsync(Enter[0], [.. Enter.Skip(1), "dd", "if=/dev/zero", $"of={Path.Combine(disk, "full")}", "bs=512", "count=4096"]);

    public async Task EmptyDiskAsync() => (await ProcessOutput.RunAsync(Enter[0], [.. Enter.Skip(1), "rm", "-f", Path.Combine(disk, "full")])).MustSucceed();

    public ValueTask DisposeAsync() => holder.DisposeAsync();

    private static string? Of(int process) => new FileInfo($"/proc/{process}/ns/net").LinkTarget;
}
