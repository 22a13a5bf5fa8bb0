using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Fleet.Reliability.Tests.Laboratory;
using Fleet.Reliability.Tests.Laboratory.Network;
using Fleet.Testing;
using Fleet.Testing.Processes;

namespace Fleet.Reliability.Tests;

/// <summary>A partition that cuts nothing proves nothing: each of the network's faults is seen from within a replica's namespace.</summary>
public sealed class LaboratoryNetworkTests : IDisposable
{
    /// <summary>Seconds in which what is cut off is tried: it does not get better with more.</summary>
    private const int Cut = 3;

    /// <summary>Seconds for what is to arrive, on a machine that has much else to do.</summary>
    private const int Patience = 45;

    private readonly TcpListener server = new(IPAddress.Loopback, 0);
    private readonly TemporaryFolder folder = new("network");

    [Fact]
    public async Task Each_link_can_be_cut_alone_and_in_one_direction_alone()
    {
        await using var network = await StartAsync();
        var (a, b, rows, api) = (network["a"], network["b"], network[FaultPlan.Postgres], network[FaultPlan.Management]);
        Assert.True(await ReachesAsync(network, "a", FaultPlan.Postgres));
        foreach (var (from, to) in ((byte, byte)[])[(a, rows), (rows, a)])
        {
            network.Switch.Cut(from, to);
            Assert.False(await ReachesAsync(network, "a", FaultPlan.Postgres, Cut));
            Assert.True(await ReachesAsync(network, "a", FaultPlan.Management));
            Assert.True(await ReachesAsync(network, "b", FaultPlan.Postgres));
            network.Switch.Mend(from, to);
            Assert.True(await ReachesAsync(network, "a", FaultPlan.Postgres));
        }
        network.Switch.Lose(a, 1);
        Assert.False(await ReachesAsync(network, "a", FaultPlan.Management, Cut));
        network.Switch.Lose(a, 0);
        Assert.Equal(4, new[] { a, b, rows, api }.Distinct().Count());
    }

    [Fact]
    public async Task Packets_are_held_back()
    {
        await using var network = await StartAsync();
        network.Switch.HoldBack(network["a"], TimeSpan.FromMilliseconds(400));
        var watch = Stopwatch.StartNew();
        Assert.True(await ReachesAsync(network, "a", FaultPlan.Clusters));
        // To the server and back before the connection stands, and what it says on top.
        Assert.True(watch.Elapsed >= TimeSpan.FromMilliseconds(800), $"it took only {watch.Elapsed}");
    }

    [Fact]
    public async Task A_disk_that_is_full_takes_nothing_until_it_is_emptied()
    {
        await using var network = await StartAsync();
        Assert.True(await WritesAsync(network));
        await network.NamespaceOf("a").FillDiskAsync();
        Assert.False(await WritesAsync(network));
        await network.NamespaceOf("a").EmptyDiskAsync();
        Assert.True(await WritesAsync(network));
        Assert.Empty(Directory.GetFiles(LaboratoryReplicas.DiskOf(folder, "a")));
    }

    public void Dispose()
    {
        server.Dispose();
        folder.Dispose();
    }

    private async Task<LaboratoryNetwork> StartAsync()
    {
        var missing = await LaboratoryNetwork.MissingAsync();
        Assert.SkipWhen(missing is not null, $"partitions, loss, delay and full disks are left out of the laboratory, too: {missing}");
        server.Start();
        _ = GreetAsync();
        var port = ((IPEndPoint)server.LocalEndpoint).Port;
        return await LaboratoryNetwork.StartAsync(
            1, ["a", "b"], new Dictionary<string, int> { [FaultPlan.Management] = port, [FaultPlan.Postgres] = port, [FaultPlan.Clusters] = port }, name => LaboratoryReplicas.DiskOf(folder, name));
    }

    private async Task GreetAsync()
    {
        try
        {
            while (true)
                await GreetAsync(await server.AcceptTcpClientAsync());
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private static async Task GreetAsync(TcpClient accepted)
    {
        using var client = accepted;
        try
        {
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes("hello\n"));
        }
        catch (IOException)
        {
            // It was cut off.
        }
    }

    private Task<bool> ReachesAsync(LaboratoryNetwork network, string replica, string name, int seconds = Patience) =>
        RunAsync(network, replica, seconds, $"exec 3<>/dev/tcp/{network.AddressOf(name)}/{((IPEndPoint)server.LocalEndpoint).Port} && read -r line <&3 && [ \"$line\" = hello ]");

    /// <summary>As a replica writes: beside what is there, and then in its place.</summary>
    private Task<bool> WritesAsync(LaboratoryNetwork network) => RunAsync(network, "a", Patience, $"cd '{LaboratoryReplicas.DiskOf(folder, "a")}' && head -c 4096 /dev/zero > new && mv new note");

    private static async Task<bool> RunAsync(LaboratoryNetwork network, string replica, int seconds, string script)
    {
        var enter = network.NamespaceOf(replica).Enter;
        return (await ProcessOutput.RunAsync(enter[0], [.. enter.Skip(1), "timeout", $"{seconds}", "bash", "-c", script])).ExitCode == 0;
    }
}
